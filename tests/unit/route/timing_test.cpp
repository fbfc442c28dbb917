#include "core/route/timing.h"

#include <gtest/gtest.h>

// GCC 12 takes fields that a designated initialiser leaves at their defaults for forgotten ones.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace earshot::route {
namespace {

using namespace std::chrono;

Zone amsterdam() {
  auto zone = Zone::open("Europe/Amsterdam");
  EXPECT_TRUE(zone);
  return *std::move(zone);
}

Time utc(int y, unsigned m, unsigned d, int hour, int minute = 0) {
  return sys_days{year{y} / month{m} / day{d}} + hours{hour} + minutes{minute};
}

constexpr std::uint16_t at(int hour, int minute = 0) { return static_cast<std::uint16_t>(hour * 60 + minute); }
constexpr config::Days kWorkdays = 0b0111110;

TEST(Zone, RefusesWhatIsNone) {
  for (const char* bad : {"", "Mars/Olympus", "Europe/Amsterdan", "CEST"}) EXPECT_FALSE(Zone::open(bad)) << bad;
  for (const char* good : {"UTC", "America/New_York", "Asia/Kathmandu"}) EXPECT_TRUE(Zone::open(good)) << good;
}

TEST(Zone, ReadsTheWall) {
  const Zone zone = amsterdam();
  EXPECT_EQ(zone.wall(utc(2026, 1, 1, 8)).minute, at(9));
  EXPECT_EQ(zone.wall(utc(2026, 7, 1, 8)).minute, at(10));
  EXPECT_EQ(zone.wall(utc(2026, 7, 1, 23)).day, local_days{year{2026} / 7 / 2});
  EXPECT_EQ(zone.wall(utc(2026, 11, 23, 12)).weekday(), 1u);
}

TEST(Zone, ASkippedTimeIsTheJump) {  // 2026-03-29 02:00 → 03:00
  const Zone zone = amsterdam();
  const local_days day{year{2026} / 3 / 29};
  EXPECT_EQ(zone.instant(day, at(1, 59)), utc(2026, 3, 29, 0, 59));
  EXPECT_EQ(zone.instant(day, at(2)), utc(2026, 3, 29, 1));
  EXPECT_EQ(zone.instant(day, at(2, 30)), utc(2026, 3, 29, 1));
  EXPECT_EQ(zone.instant(day, at(3)), utc(2026, 3, 29, 1));
  EXPECT_EQ(zone.instant(day, at(3, 1)), utc(2026, 3, 29, 1, 1));
}

TEST(Zone, ATimeThatComesTwiceIsTheFirst) {  // 2026-10-25 03:00 → 02:00
  const Zone zone = amsterdam();
  EXPECT_EQ(zone.instant(local_days{year{2026} / 10 / 25}, at(2, 30)), utc(2026, 10, 25, 0, 30));
  EXPECT_EQ(zone.instant(local_days{year{2026} / 10 / 25}, at(3)), utc(2026, 10, 25, 2));
}

TEST(Zone, WallAndInstantAgreeThroughAYear) {
  for (const char* name : {"Europe/Amsterdam", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"}) {
    const auto zone = Zone::open(name);
    ASSERT_TRUE(zone);
    for (Time t = utc(2026, 1, 1, 0); t < utc(2027, 1, 1, 0); t += minutes{30}) {
      const WallTime wall = zone->wall(t);
      const Time back = zone->instant(wall.day, wall.minute);
      ASSERT_LE(back, t) << name;  // the same, or the first of two
      ASSERT_GE(back, t - hours{1}) << name;
      ASSERT_EQ(zone->wall(back).minute, wall.minute) << name;
    }
  }
}

TEST(Quiet, RunsOverMidnightAndBelongsToTheDayItBegan) {
  const Zone zone = amsterdam();
  const config::Quiet quiet{.from = at(19), .to = at(7), .days = kWorkdays};
  EXPECT_EQ(quiet_until(quiet, zone, utc(2026, 11, 23, 17, 59)), std::nullopt);         // Monday 18:59
  EXPECT_EQ(quiet_until(quiet, zone, utc(2026, 11, 23, 18)), utc(2026, 11, 24, 6));     // Monday 19:00
  EXPECT_EQ(quiet_until(quiet, zone, utc(2026, 11, 24, 5, 59)), utc(2026, 11, 24, 6));  // Tuesday 06:59
  EXPECT_EQ(quiet_until(quiet, zone, utc(2026, 11, 24, 6)), std::nullopt);              // Tuesday 07:00
  EXPECT_EQ(quiet_until(quiet, zone, utc(2026, 11, 28, 5)), utc(2026, 11, 28, 6));      // begun on Friday
  EXPECT_EQ(quiet_until(quiet, zone, utc(2026, 11, 28, 20)), std::nullopt);             // Saturday evening
}

TEST(Quiet, EndsByTheClockOnTheWall) {
  const Zone zone = amsterdam();
  const config::Quiet night{.from = at(22), .to = at(7)};
  EXPECT_EQ(quiet_until(night, zone, utc(2026, 3, 28, 22)), utc(2026, 3, 29, 5));    // the short night
  EXPECT_EQ(quiet_until(night, zone, utc(2026, 10, 24, 21)), utc(2026, 10, 25, 6));  // the long one
}

TEST(Quiet, DaysWithoutAGapAreOne) {
  const Zone zone = amsterdam();
  const config::Quiet weekend{.from = 0, .to = 0, .days = 0b1000001};
  EXPECT_EQ(quiet_until(weekend, zone, utc(2026, 11, 28, 11)), utc(2026, 11, 29, 23));  // Saturday noon → Monday 00:00
  const config::Quiet always{.from = 0, .to = 0};
  EXPECT_EQ(quiet_until(always, zone, utc(2026, 11, 23, 12)), utc(2026, 11, 29, 23));
  EXPECT_EQ(quiet_until(config::Quiet{.from = 0, .to = 0, .days = 0}, zone, utc(2026, 11, 23, 12)), std::nullopt);
}

TEST(Digest, ComesAtItsTimesOnItsDays) {
  const Zone zone = amsterdam();
  const config::Digest daily{.at = {{.minute = at(9)}}};
  EXPECT_EQ(next_digest(daily, zone, utc(2026, 11, 23, 7, 59)), utc(2026, 11, 23, 8));
  EXPECT_EQ(next_digest(daily, zone, utc(2026, 11, 23, 8)), utc(2026, 11, 24, 8));
  EXPECT_EQ(next_digest(daily, zone, utc(2026, 3, 28, 12)), utc(2026, 3, 29, 7));  // summer time now
  const config::Digest two{.at = {{.days = kWorkdays, .minute = at(9)}, {.days = 0b10, .minute = at(16)}}};
  EXPECT_EQ(next_digest(two, zone, utc(2026, 11, 23, 9)), utc(2026, 11, 23, 15));
  EXPECT_EQ(next_digest(two, zone, utc(2026, 11, 27, 9)), utc(2026, 11, 30, 8));
  EXPECT_EQ(next_digest({}, zone, utc(2026, 11, 27, 9)), std::nullopt);
}

TEST(Digest, OfATimeThatIsSkippedComesOnceAllTheSame) {
  const Zone zone = amsterdam();
  const config::Digest digest{.at = {{.minute = at(2, 30)}}};
  EXPECT_EQ(next_digest(digest, zone, utc(2026, 3, 28, 12)), utc(2026, 3, 29, 1));
  EXPECT_EQ(next_digest(digest, zone, utc(2026, 3, 29, 1)), utc(2026, 3, 30, 0, 30));
  EXPECT_EQ(next_digest(digest, zone, utc(2026, 10, 24, 12)), utc(2026, 10, 25, 0, 30));
  EXPECT_EQ(next_digest(digest, zone, utc(2026, 10, 25, 0, 30)), utc(2026, 10, 26, 1, 30));
}

TEST(Digest, EveryCountsOnTheWall) {
  const Zone zone = amsterdam();
  const config::Digest six{.at = {}, .every = hours{6}};
  EXPECT_EQ(next_digest(six, zone, utc(2026, 11, 23, 12)), utc(2026, 11, 23, 17));
  EXPECT_EQ(next_digest(six, zone, utc(2026, 7, 1, 12)), utc(2026, 7, 1, 16));
  const config::Digest week{.at = {}, .every = days{7}};
  EXPECT_EQ(next_digest(week, zone, utc(2026, 11, 25, 12)), utc(2026, 11, 29, 23));  // Monday 00:00
  for (const Duration step :
       {Duration{minutes{7}}, Duration{hours{1}}, Duration{hours{5}}, Duration{days{1}}, Duration{1}}) {
    Time t = utc(2026, 10, 24, 12);
    while (t < utc(2026, 10, 26, 0)) {
      const auto next = next_digest({.at = {}, .every = step}, zone, t);
      ASSERT_TRUE(next);
      ASSERT_GT(*next, t);
      ASSERT_LE(*next, t + step + hours{1} + minutes{1});
      t = *next;
    }
  }
}

TEST(Plan, SendsNowWhereNothingSpeaksAgainstIt) {
  const Time now = utc(2026, 11, 23, 12);
  const Plan made = plan({}, Severity::normal, amsterdam(), now);
  EXPECT_EQ(made.fate, Plan::Fate::send);
  EXPECT_EQ(made.at, now);
  EXPECT_EQ(made.reason, "");
}

TEST(Plan, QuietHoldsDropsOrCollects) {
  const Time now = utc(2026, 11, 23, 20);
  config::Route route;
  route.quiet = config::Quiet{.from = at(19), .to = at(7), .except = {Severity::critical}};
  EXPECT_EQ(plan(route, Severity::normal, amsterdam(), now).fate, Plan::Fate::digest);
  EXPECT_EQ(plan(route, Severity::normal, amsterdam(), now).at, utc(2026, 11, 24, 6));
  EXPECT_EQ(plan(route, Severity::normal, amsterdam(), now).reason, "quiet until 2026-11-24T06:00:00Z");
  EXPECT_EQ(plan(route, Severity::critical, amsterdam(), now).at, now);
  route.quiet->then = config::AfterQuiet::send;
  EXPECT_EQ(plan(route, Severity::normal, amsterdam(), now).fate, Plan::Fate::send);
  EXPECT_EQ(plan(route, Severity::normal, amsterdam(), now).at, utc(2026, 11, 24, 6));
  route.quiet->then = config::AfterQuiet::drop;
  EXPECT_EQ(plan(route, Severity::normal, amsterdam(), now).fate, Plan::Fate::drop);
}

TEST(Plan, ADigestWaitsForTheEndOfTheQuiet) {
  config::Route route;
  route.digest = config::Digest{.at = {{.minute = at(5)}, {.minute = at(17)}}};
  const Zone zone = amsterdam();
  EXPECT_EQ(plan(route, Severity::high, zone, utc(2026, 11, 23, 12)).at, utc(2026, 11, 23, 16));
  EXPECT_EQ(plan(route, Severity::high, zone, utc(2026, 11, 23, 17)).at, utc(2026, 11, 24, 4));
  route.quiet = config::Quiet{.from = at(19), .to = at(7)};
  const Plan made = plan(route, Severity::high, zone, utc(2026, 11, 23, 17));
  EXPECT_EQ(made.fate, Plan::Fate::digest);
  EXPECT_EQ(made.at, utc(2026, 11, 24, 6));
}

}  // namespace
}  // namespace earshot::route
