#include "core/report/period.h"

#include <gtest/gtest.h>

namespace earshot::report {
namespace {

Time at(std::string_view text) { return *parse_rfc3339(text); }

const route::Zone& amsterdam() {
  static const route::Zone zone = *route::Zone::open("Europe/Amsterdam");
  return zone;
}

constexpr config::At kMondays{.days = 1U << 1, .minute = 9 * 60};

void expect_period(const config::At& moments, std::string_view now, std::string_view from, std::string_view to) {
  const auto period = last_period(moments, amsterdam(), at(now));
  ASSERT_TRUE(period) << now;
  EXPECT_EQ(rfc3339(period->from), from) << now;
  EXPECT_EQ(rfc3339(period->to), to) << now;
}

TEST(Period, AWeekIsFromOneMondayToTheNext) {
  expect_period(kMondays, "2026-11-25T12:00:00Z", "2026-11-16T08:00:00Z", "2026-11-23T08:00:00Z");
  expect_period(kMondays, "2026-11-23T08:00:00Z", "2026-11-16T08:00:00Z", "2026-11-23T08:00:00Z");
  expect_period(kMondays, "2026-11-23T07:59:59Z", "2026-11-09T08:00:00Z", "2026-11-16T08:00:00Z");
}

TEST(Period, DaylightSavingTimeMovesItsEndsNotTheHourOnTheWall) {
  // Summer time ended on 25 October 2026: that week has an hour more.
  expect_period(kMondays, "2026-10-26T12:00:00Z", "2026-10-19T07:00:00Z", "2026-10-26T08:00:00Z");
  expect_period(kMondays, "2026-03-30T12:00:00Z", "2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z");
}

TEST(Period, EveryWorkingDayMondayCoversTheWeekend) {
  constexpr config::At kWorkingDays{.days = 0b0111110, .minute = 9 * 60};
  expect_period(kWorkingDays, "2026-11-24T12:00:00Z", "2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z");
  expect_period(kWorkingDays, "2026-11-23T12:00:00Z", "2026-11-20T08:00:00Z", "2026-11-23T08:00:00Z");
}

TEST(Period, OnNoDayThereIsNone) {
  constexpr config::At kNever{.days = 0, .minute = 0};
  EXPECT_FALSE(last_period(kNever, amsterdam(), at("2026-11-24T12:00:00Z")));
  EXPECT_FALSE(next_moment(kNever, amsterdam(), at("2026-11-24T12:00:00Z")));
}

TEST(Period, TheNextMomentIsNeverTheSame) {
  const Time monday = at("2026-11-23T08:00:00Z");
  EXPECT_EQ(next_moment(kMondays, amsterdam(), monday), at("2026-11-30T08:00:00Z"));
  EXPECT_EQ(next_moment(kMondays, amsterdam(), monday - Duration{1}), monday);
}

TEST(Period, BeforeIsAsLong) {
  const Period period{at("2026-11-16T08:00:00Z"), at("2026-11-23T08:00:00Z")};
  EXPECT_EQ(rfc3339(period.before().from), "2026-11-09T08:00:00Z");
  EXPECT_EQ(period.before().to, period.from);
  EXPECT_TRUE(period.holds(period.from));
  EXPECT_FALSE(period.holds(period.to));
}

}  // namespace
}  // namespace earshot::report
