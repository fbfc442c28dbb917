// What the schedule costs beside a poll of some 20 µs: a queue of up to a million sources, and one decision.
#include <benchmark/benchmark.h>

#include <optional>
#include <random>
#include <vector>

#include "core/schedule/pacing.h"
#include "core/schedule/queue.h"

namespace earshot::schedule {
namespace {

const Time kNow = from_ms(1'795'000'000'000);

// The first source is taken out and put back for some time within the next hour.
void queue_turn(benchmark::State& state) {
  Queue queue;
  std::mt19937_64 random(1);
  const auto sources = static_cast<std::uint32_t>(state.range(0));
  queue.reserve(sources);
  for (std::uint32_t i = 0; i < sources; ++i)
    queue.set(i, kNow + Duration{static_cast<std::int64_t>(random() % 3'600'000)});
  for (auto _ : state) {
    const Time due = *queue.next_time();
    const auto source = queue.pop_due(due);
    queue.set(*source, due + Duration{static_cast<std::int64_t>(random() % 3'600'000)});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(queue_turn)->Arg(1000)->Arg(100'000)->Arg(1'000'000);

State with_history() {
  State state;
  std::vector<std::optional<Time>> items;
  for (int i = 1; i <= 50; ++i) items.emplace_back(kNow - std::chrono::hours{7} * i);
  Outcome outcome;
  outcome.new_items = items;
  next_due(state, outcome, {}, kNow, 0);
  return state;
}

// A 304, as most polls are.
void decide_after_304(benchmark::State& state) {
  State source = with_history();
  Time now = kNow;
  std::mt19937_64 random(1);
  for (auto _ : state) now = next_due(source, {}, {}, now, random());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decide_after_304);

void state_to_bytes_and_back(benchmark::State& state) {
  const State source = with_history();
  for (auto _ : state) benchmark::DoNotOptimize(State::decode(source.encode()));
  state.counters["bytes"] = static_cast<double>(source.encode().size());
}
BENCHMARK(state_to_bytes_and_back);

}  // namespace
}  // namespace earshot::schedule

BENCHMARK_MAIN();
