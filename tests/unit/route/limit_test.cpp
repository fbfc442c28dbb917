#include "core/route/limit.h"

#include <gtest/gtest.h>

#include <random>

namespace earshot::route {
namespace {

using namespace std::chrono_literals;

const Time kNow = from_ms(1'795'000'000'000);
const config::Limit kThreeAnHour{3, 1h};

TEST(Limit, HoldsWhatIsTooMuch) {
  LimitState state;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(admit(state, kThreeAnHour, kNow + 1min * i));
  EXPECT_FALSE(rollup_due(state, kThreeAnHour));
  for (int i = 0; i < 37; ++i) EXPECT_FALSE(admit(state, kThreeAnHour, kNow + 10min));
  EXPECT_EQ(rollup_due(state, kThreeAnHour), kNow + 1h);
  EXPECT_EQ(take_rollup(state, kNow + 1h), 37u);
  EXPECT_FALSE(rollup_due(state, kThreeAnHour));
}

TEST(Limit, TheRollUpIsTheFirstAlertOfTheNextPeriod) {
  LimitState state;
  for (int i = 0; i < 5; ++i) admit(state, kThreeAnHour, kNow);
  take_rollup(state, kNow + 1h);
  EXPECT_TRUE(admit(state, kThreeAnHour, kNow + 61min));
  EXPECT_TRUE(admit(state, kThreeAnHour, kNow + 62min));
  EXPECT_FALSE(admit(state, kThreeAnHour, kNow + 63min));
}

TEST(Limit, NothingOvertakesTheRollUp) {
  LimitState state;
  for (int i = 0; i < 4; ++i) admit(state, kThreeAnHour, kNow);
  EXPECT_FALSE(admit(state, kThreeAnHour, kNow + 2h));  // the daemon slept; the roll-up is still owed
  EXPECT_EQ(take_rollup(state, kNow + 2h), 2u);
}

TEST(Limit, APeriodBeginsWithItsFirstAlert) {
  LimitState state;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(admit(state, kThreeAnHour, kNow + 20min * i));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(admit(state, kThreeAnHour, kNow + 1h + 20min * i));
}

TEST(Limit, NoneLimitsNothing) {
  LimitState state;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(admit(state, {0, 1h}, kNow) && admit(state, {1, 0h}, kNow));
}

// Every alert is sent or told of in a roll-up, and no more than allowed go out in any period.
TEST(Limit, LosesNothingAndKeepsItsWord) {
  std::mt19937_64 random(4);
  LimitState state;
  std::uint64_t offered = 0, sent = 0, rolled = 0, out_in_period = 0;
  Time began = kNow, now = kNow;
  for (int i = 0; i < 20'000; ++i) {
    now += Duration{static_cast<std::int64_t>(random() % 1'200'000)};
    if (const auto due = rollup_due(state, kThreeAnHour); due && *due <= now) {
      rolled += take_rollup(state, *due);
      began = *due;
      out_in_period = 1;
    }
    ++offered;
    if (!admit(state, kThreeAnHour, now)) continue;
    ++sent;
    if (state.began != began) {
      began = state.began;
      out_in_period = 0;
    }
    ASSERT_LE(++out_in_period, 3u);
  }
  EXPECT_EQ(sent + rolled + state.held, offered);
  EXPECT_GT(rolled, 1000u);
}

}  // namespace
}  // namespace earshot::route
