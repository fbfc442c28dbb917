#include "core/schedule/throttle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace earshot::schedule {
namespace {

using std::chrono::seconds;

const Time kNow = from_ms(1'795'551'000'000);

TEST(Throttle, WithoutRatesNothingWaits) {
  Throttle free;
  for (int i = 0; i < 1000; ++i) free.spend(kNow);
  EXPECT_LE(free.ready(kNow), kNow);
}

TEST(Throttle, EveryRateIsKept) {
  Throttle both({{1, seconds{1}}, {3, seconds{60}}});
  EXPECT_LE(both.ready(kNow), kNow);
  both.spend(kNow);
  EXPECT_EQ(both.ready(kNow), kNow + seconds{1});
  both.spend(kNow + seconds{1});
  both.spend(kNow + seconds{5});
  EXPECT_EQ(both.ready(kNow + seconds{6}), kNow + seconds{60});
  EXPECT_LE(both.ready(kNow + seconds{60}), kNow + seconds{60});
}

// However a service lays its windows: none of them has more than allowed, and the limit is used to the full.
TEST(Throttle, NoWindowHasMoreThanAllowed) {
  std::mt19937_64 random(7);
  const std::vector<Rate> rates{{5, seconds{2}}, {60, seconds{30}}, {100, seconds{3600}}};
  Throttle throttle(rates);
  std::vector<Time> sent;
  Time now = kNow;
  for (int i = 0; i < 400; ++i) {
    now = std::max(now, throttle.ready(now)) + Duration{random() % 3 == 0 ? random() % 700 : 0};
    throttle.spend(now);
    sent.push_back(now);
  }
  for (const Rate& rate : rates)
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const auto inside =
          std::ranges::count_if(sent, [&](Time t) { return t >= sent[i] && t < sent[i] + rate.period; });
      EXPECT_LE(inside, rate.count);
    }
  EXPECT_LT(sent.back() - sent.front(), std::chrono::hours{4} + std::chrono::minutes{10});
}

TEST(Throttle, AClockThatIsSetBackHoldsNothingForLong) {
  Throttle one({{1, seconds{10}}});
  one.spend(kNow);
  const Time before = kNow - std::chrono::hours{5};
  EXPECT_LE(one.ready(before), before + seconds{10});
  one.spend(before);
  EXPECT_EQ(one.ready(before), before + seconds{10});
}

}  // namespace
}  // namespace earshot::schedule
