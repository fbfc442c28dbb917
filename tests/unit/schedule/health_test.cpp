#include "core/schedule/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::schedule {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::HasSubstr;
using Kind = Observation::Kind;

const Time kNow = from_ms(1'795'435'200'000);

Arrivals daily() {
  Arrivals arrivals;
  for (int day = 30; day > 0; --day) {
    arrivals.watched(kNow - days{day + 1}, kNow - days{day});
    arrivals.published(kNow - days{day});
  }
  arrivals.watched(kNow - days{1}, kNow);
  return arrivals;
}

struct Watched {
  HealthState state;
  Arrivals arrivals = daily();
  Time now = kNow;

  std::optional<HealthChange> see(Kind kind, std::string detail = {}, Duration after = 1h) {
    now += after;
    return observe(state, {kind, std::move(detail)}, arrivals, now);
  }
};

TEST(Health, AGoodSourceIsNoNews) {
  Watched source;
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(source.see(Kind::fine));
  EXPECT_EQ(source.state.health, Health::ok);
  EXPECT_EQ(source.state.since, kNow + 1h);
}

TEST(Health, OneAccidentIsNoNews) {
  for (const Kind kind : {Kind::no_items, Kind::blocked, Kind::not_found, Kind::broken}) {
    Watched source;
    source.see(Kind::fine);
    EXPECT_FALSE(source.see(kind, "x"));
    EXPECT_FALSE(source.see(Kind::fine));
    EXPECT_FALSE(source.see(kind, "x"));
  }
}

TEST(Health, BrokenIsToldOnceAndSoIsRecovery) {
  Watched source;
  source.see(Kind::fine);
  EXPECT_FALSE(source.see(Kind::broken, "no such host"));
  EXPECT_FALSE(source.see(Kind::broken, "no such host"));
  const auto change = source.see(Kind::broken, "no such host");
  ASSERT_TRUE(change);
  EXPECT_EQ(change->before, Health::ok);
  EXPECT_EQ(change->after, Health::broken);
  EXPECT_THAT(change->reason, HasSubstr("no such host"));
  EXPECT_EQ(source.state.since, kNow + 2h);  // the first failure, not the third
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(source.see(Kind::broken, "no such host"));
  const auto recovery = source.see(Kind::fine);
  ASSERT_TRUE(recovery);
  EXPECT_EQ(recovery->after, Health::ok);
  EXPECT_THAT(recovery->reason, HasSubstr("works again"));
  EXPECT_THAT(recovery->reason, HasSubstr("broken for 2d"));
  EXPECT_FALSE(source.see(Kind::fine));
}

TEST(Health, BlockedAfterTwo) {
  Watched source;
  EXPECT_FALSE(source.see(Kind::blocked, "HTTP 403"));
  const auto change = source.see(Kind::blocked, "HTTP 403");
  ASSERT_TRUE(change);
  EXPECT_EQ(change->after, Health::blocked);
  EXPECT_EQ(change->reason, "HTTP 403, 2 times in a row");
}

TEST(Health, GoneAtOnceBy410AndAfterDaysBy404) {
  Watched source;
  EXPECT_EQ(source.see(Kind::gone)->after, Health::gone);
  Watched other;
  EXPECT_FALSE(other.see(Kind::not_found));
  EXPECT_FALSE(other.see(Kind::not_found, {}, 71h));
  const auto change = other.see(Kind::not_found, {}, 1h);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->after, Health::gone);
  EXPECT_THAT(change->reason, HasSubstr("HTTP 404 since "));
}

TEST(Health, A404InBetweenStartsTheDaysAnew) {
  Watched source;
  source.see(Kind::not_found);
  source.see(Kind::not_found, {}, 70h);
  source.see(Kind::fine);
  EXPECT_FALSE(source.see(Kind::not_found));
  EXPECT_FALSE(source.see(Kind::not_found));
  EXPECT_FALSE(source.see(Kind::not_found));
}

TEST(Health, MovedNamesTheNewAddress) {
  Watched source;
  const auto change = source.see(Kind::moved, "https://acme.example/new");
  ASSERT_TRUE(change);
  EXPECT_EQ(change->after, Health::moved);
  EXPECT_THAT(change->reason, HasSubstr("https://acme.example/new"));
  EXPECT_FALSE(source.see(Kind::moved, "https://acme.example/new"));
}

TEST(Health, EmptyOnlyWhereThereWasSomethingBefore) {
  Watched source;
  source.see(Kind::no_items);
  source.see(Kind::no_items);
  EXPECT_EQ(source.see(Kind::no_items)->after, Health::empty);
  Watched fresh;
  fresh.arrivals = {};
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(fresh.see(Kind::no_items));
}

TEST(Health, LateByItsOwnHistory) {
  Watched source;
  Duration until{0};
  std::optional<HealthChange> change;
  for (; until < days{60} && !change; until += 6h) change = source.see(Kind::fine, {}, 6h);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->after, Health::late);
  EXPECT_GT(until, days{5});  // a long week-end of a daily source is no news
  EXPECT_LT(until, days{15});
  EXPECT_EQ(source.state.since, kNow - days{1});
  EXPECT_THAT(change->reason, HasSubstr("nothing new since "));
  source.arrivals.published(source.now);
  EXPECT_EQ(source.see(Kind::fine)->after, Health::ok);
}

TEST(Health, NotLateWithoutAHistoryNorWithinItsGaps) {
  Watched fresh;
  fresh.arrivals = {};
  EXPECT_FALSE(fresh.see(Kind::fine, {}, days{1000}));
  Watched holiday;  // it was silent for three weeks once
  holiday.arrivals.watched(kNow, kNow + days{21});
  holiday.arrivals.published(kNow + days{21});
  holiday.now = kNow + days{21};
  EXPECT_FALSE(holiday.see(Kind::fine, {}, days{21}));
}

TEST(HealthState, SurvivesTheStore) {
  Watched source;
  for (int i = 0; i < 4; ++i) source.see(Kind::broken, std::string(1000, 'x') + "é");
  const std::string bytes = source.state.encode();
  EXPECT_LE(bytes.size(), 600u);
  const auto back = HealthState::decode(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->encode(), bytes);
  EXPECT_EQ(back->health, Health::broken);
  EXPECT_EQ(back->since, source.state.since);
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(HealthState::decode(bytes.substr(0, n)));
  std::string wrong = bytes;
  wrong[1] = 99;
  EXPECT_FALSE(HealthState::decode(wrong));
}

TEST(Health, HasANameForEach) {
  for (int i = 0; i <= 6; ++i) EXPECT_NE(name(static_cast<Health>(i)), "?");
}

}  // namespace
}  // namespace earshot::schedule
