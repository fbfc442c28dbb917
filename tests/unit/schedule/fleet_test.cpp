// Queue, pace, budget and host spread together, over days of simulated time.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "core/schedule/pacing.h"
#include "core/schedule/queue.h"
#include "core/schedule/spread.h"

namespace earshot::schedule {
namespace {

using namespace std::chrono_literals;

const Time kStart = from_ms(1'795'000'000'000);

// Sources that publish at their own mean rates; polled for `length`. Returns the time of each request.
std::vector<Time> run(std::size_t sources, Budget budget, Duration length) {
  std::mt19937_64 random(9);
  std::vector<State> states(sources);
  std::vector<double> per_ms(sources);
  for (double& rate : per_ms) rate = std::exp(std::normal_distribution<>(0, 1.5)(random)) / 3'600'000;
  Queue queue;
  for (std::uint32_t i = 0; i < sources; ++i) queue.set(i, first_due(random(), kStart, sources));
  std::vector<Time> requests;
  while (const auto now = queue.next_time()) {
    if (*now >= kStart + length) break;
    const auto source = *queue.pop_due(*now);
    State& state = states[source];
    requests.push_back(*now);
    const Time since = state.last_poll == Time{} ? *now - 24h : state.last_poll;
    std::vector<std::optional<Time>> items(
        std::poisson_distribution<std::size_t>(per_ms[source] * static_cast<double>((*now - since).count()))(random));
    for (auto& item : items)
      item = since +
             Duration{static_cast<std::int64_t>(random() % static_cast<std::uint64_t>((*now - since).count() + 1))};
    Outcome outcome;
    outcome.new_items = items;
    Policy policy;
    policy.stretch = budget.stretch();
    const Duration before = state.wish;
    queue.set(source, next_due(state, outcome, policy, *now, random()));
    budget.change(before, state.wish);
  }
  return requests;
}

TEST(Fleet, ABudgetIsKept) {
  const std::size_t free = run(500, Budget(0), 48h).size();
  const double limit = 0.1;  // requests a second
  const auto requests = run(500, Budget(limit), 48h);
  ASSERT_GT(static_cast<double>(free), 2 * limit * 172'800);
  const auto later = std::ranges::count_if(requests, [](Time t) { return t > kStart + 12h; });
  EXPECT_LT(static_cast<double>(later), limit * 36 * 3600 * 1.1);
  EXPECT_GT(static_cast<double>(later), limit * 36 * 3600 * 0.8);
}

TEST(Fleet, SourcesAddedTogetherDoNotStayTogether) {
  const auto requests = run(2000, Budget(0), 12h);
  std::map<std::int64_t, std::size_t> minutes;
  std::size_t late = 0;
  for (const Time t : requests)
    if (t > kStart + 6h) {
      ++minutes[(t - kStart) / 1min];
      ++late;
    }
  const double mean = static_cast<double>(late) / 360;
  for (const auto& [minute, count] : minutes) EXPECT_LT(static_cast<double>(count), mean * 1.8) << minute;
}

TEST(Fleet, AThousandSourcesOfOneHostAreAskedOneByOne) {
  HostSpread spread(1s);
  Queue queue;
  std::vector<bool> reserved(1000);
  for (std::uint32_t i = 0; i < 1000; ++i) queue.set(i, kStart);
  std::vector<Time> requests;
  while (const auto now = queue.next_time()) {
    const auto source = *queue.pop_due(*now);
    const Time mine = reserved[source] ? *now : spread.reserve(7, *now);
    reserved[source] = true;
    if (mine > *now) {
      queue.set(source, mine);
    } else {
      requests.push_back(*now);
    }
  }
  ASSERT_EQ(requests.size(), 1000u);
  for (std::size_t i = 1; i < requests.size(); ++i) ASSERT_EQ(requests[i] - requests[i - 1], 1s);
}

}  // namespace
}  // namespace earshot::schedule
