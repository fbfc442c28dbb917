#include "core/schedule/spread.h"

#include <gtest/gtest.h>

#include <set>

namespace earshot::schedule {
namespace {

using namespace std::chrono_literals;

const Time kNow = from_ms(1'000'000);

TEST(HostSpread, AThousandSourcesOfOneHostComeOneByOne) {
  HostSpread spread(1s);
  std::set<Time> times;
  for (int i = 0; i < 1000; ++i) times.insert(spread.reserve(42, kNow));
  EXPECT_EQ(times.size(), 1000u);
  EXPECT_EQ(*times.begin(), kNow);
  EXPECT_EQ(*times.rbegin(), kNow + 999s);
}

TEST(HostSpread, HostsDoNotWaitForEachOther) {
  HostSpread spread(1s);
  EXPECT_EQ(spread.reserve(1, kNow), kNow);
  EXPECT_EQ(spread.reserve(2, kNow), kNow);
}

TEST(HostSpread, AFreeHostIsAskedAtOnce) {
  HostSpread spread(1s);
  spread.reserve(1, kNow);
  EXPECT_EQ(spread.reserve(1, kNow + 5s), kNow + 5s);
}

TEST(HostSpread, PausesAHostThatAskedForIt) {
  HostSpread spread(1s);
  spread.pause(1, kNow + 1min);
  spread.pause(1, kNow + 30s);
  EXPECT_EQ(spread.reserve(1, kNow), kNow + 1min);
}

TEST(HostSpread, ForgetsHostsThatAreFree) {
  HostSpread spread(1s);
  for (std::uint64_t host = 0; host < 100'000; ++host) spread.reserve(host, kNow + Duration{host} * 100);
  EXPECT_LE(spread.size(), 2048u);
}

TEST(Budget, StretchesOnlyWhenTheWishesExceedIt) {
  Budget budget(10);
  budget.change(0ms, 1s);
  EXPECT_DOUBLE_EQ(budget.stretch(), 1);
  for (int i = 0; i < 39; ++i) budget.change(0ms, 1s);
  EXPECT_DOUBLE_EQ(budget.stretch(), 4);
  for (int i = 0; i < 20; ++i) budget.change(1s, 0ms);
  EXPECT_DOUBLE_EQ(budget.stretch(), 2);
}

TEST(Budget, NoneNeverStretches) {
  Budget budget(0);
  budget.change(0ms, 1ms);
  EXPECT_DOUBLE_EQ(budget.stretch(), 1);
}

}  // namespace
}  // namespace earshot::schedule
