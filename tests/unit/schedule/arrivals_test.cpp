#include "core/schedule/arrivals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace earshot::schedule {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

const Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};  // a Monday

// Feeds items in order of time, as polls every half an hour would.
Arrivals watch(const std::vector<Time>& items, Time from, Time to) {
  Arrivals arrivals;
  Time at = from;
  for (const Time item : items) {
    arrivals.watched(at, item);
    arrivals.published(item);
    at = item;
  }
  arrivals.watched(at, to);
  return arrivals;
}

std::vector<Time> poisson(double per_day, Time from, Time to, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<> gap(per_day / 86'400'000);
  std::vector<Time> items;
  for (Time t = from;;) {
    t += Duration{static_cast<std::int64_t>(gap(random)) + 1};
    if (t >= to) return items;
    items.push_back(t);
  }
}

// Items a day as the model sees it, averaged over the last `length` of watching the items once an hour.
double mean_rate(const std::vector<Time>& items, Time from, Time to, Duration length) {
  Arrivals arrivals;
  double sum = 0;
  std::size_t next = 0;
  for (Time at = from; at < to; at += 1h) {
    Time seen = at;
    for (; next < items.size() && items[next] < at + 1h; ++next) {
      arrivals.watched(seen, items[next]);
      arrivals.published(items[next]);
      seen = items[next];
    }
    arrivals.watched(seen, at + 1h);
    if (at >= to - length) sum += arrivals.rate(at + 1h);
  }
  return sum / static_cast<double>(length / 1h) * 86'400;
}

TEST(Arrivals, FindsTheRateOfAPoissonSource) {
  for (const double per_day : {0.5, 3.0, 40.0}) {
    const Time end = kStart + days{90};
    const auto items = poisson(per_day, kStart, end, 17);
    EXPECT_NEAR(mean_rate(items, kStart, end, days{30}) / per_day, 1, 0.3) << per_day;
  }
}

TEST(Arrivals, FollowsASourceThatChangesItsWays) {
  const Time middle = kStart + days{60}, end = middle + days{30};
  auto items = poisson(1, kStart, middle, 3);
  for (const Time t : poisson(20, middle, end, 4)) items.push_back(t);
  EXPECT_NEAR(mean_rate(items, kStart, end, days{7}), 20, 7);
  EXPECT_LT(mean_rate(poisson(20, kStart, middle, 5), kStart, end + days{30}, days{7}), 5);
}

TEST(Arrivals, SeesTheHourAndTheDay) {
  std::vector<Time> items;
  for (int week = 0; week < 30; ++week) items.push_back(kStart + days{7 * week + 1} + 9h + 20min);  // Tuesdays at 9:20
  const Time end = kStart + days{210};
  const Arrivals arrivals = watch(items, kStart, end);
  const double then = arrivals.rate(end + days{1} + 9h + 30min);
  EXPECT_GT(then, 50 * arrivals.rate(end + days{1} + 15h));
  EXPECT_GT(then, 5 * arrivals.rate(end + days{2} + 9h + 30min));
}

TEST(Arrivals, ABurstRaisesTheRateAndDies) {
  auto items = poisson(1, kStart, kStart + days{60}, 8);
  std::vector<Time> clusters;
  for (const Time t : items)
    for (int i = 0; i < 5; ++i) clusters.push_back(t + 7min * i);
  std::ranges::sort(clusters);
  const Arrivals arrivals = watch(clusters, kStart, clusters.back());
  const Time last = clusters.back();
  EXPECT_TRUE(arrivals.in_burst(last + 10min));
  EXPECT_FALSE(arrivals.in_burst(last + 6h));
  EXPECT_GT(arrivals.rate(last + 1min), 5 * arrivals.rate(last + days{7} + 1min));
}

TEST(Arrivals, SilenceGrowsUnlikely) {
  const Time end = kStart + days{60};
  const auto items = poisson(1, kStart, end, 21);
  Arrivals arrivals = watch(items, kStart, items.back());
  double before = 1;
  for (int day = 1; day < 40; ++day) {
    const double now = arrivals.silence_probability(items.back() + days{day});
    EXPECT_LT(now, before);
    before = now;
  }
  EXPECT_LT(before, 1e-6);
  EXPECT_GT(arrivals.silence_probability(items.back() + days{2}), 0.02);
}

// At 1 in 1,000 a stream of independent gaps may be called late about once in a thousand gaps.
TEST(Arrivals, SilenceIsRarelyCalledUnlikelyWrongly) {
  int gaps = 0, alarms = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Arrivals arrivals;
    Time at = kStart;
    for (const Time item : poisson(2, kStart, kStart + days{100}, seed)) {
      arrivals.watched(at, item);
      if (arrivals.evidence() >= 5) {
        ++gaps;
        alarms += arrivals.silence_probability(item) < 0.001;
      }
      arrivals.published(item);
      at = item;
    }
  }
  EXPECT_GT(gaps, 5000);
  EXPECT_LT(alarms, gaps / 200);
}

}  // namespace
}  // namespace earshot::schedule
