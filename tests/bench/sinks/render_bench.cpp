// How many alerts a second each sink turns into requests, through the C table as the host calls it; and through a
// thousand channels of one sink, each an instance of its own.
#include <benchmark/benchmark.h>

#include <memory>
#include <stdexcept>

#include "support/sinks/contract.h"

namespace {

using namespace earshot::test;

void render(benchmark::State& state, const std::string& name, std::size_t kind) {
  SinkUnderTest sink(name);
  if (!sink.create(contract_of(name).settings).empty()) throw std::runtime_error("settings of " + name);
  const TestAlert alert = alerts_of_every_kind().at(kind - 1);
  std::size_t bytes = 0;
  for (auto _ : state) bytes += sink.request(alert).body.size();
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void thousand_channels(benchmark::State& state) {
  std::vector<std::unique_ptr<SinkUnderTest>> channels;
  for (int i = 0; i < 1000; ++i) {
    channels.push_back(std::make_unique<SinkUnderTest>("slack"));
    if (!channels.back()->create(contract_of("slack").settings).empty()) throw std::runtime_error("settings");
  }
  const TestAlert alert;
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(channels[next++ % channels.size()]->request(alert));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

}  // namespace

int main(int argc, char** argv) {
  for (const std::string& name : sink_names()) {
    benchmark::RegisterBenchmark(("mention/" + name).c_str(), render, name, EARSHOT_ALERT_MENTION);
    benchmark::RegisterBenchmark(("digest/" + name).c_str(), render, name, EARSHOT_ALERT_DIGEST);
  }
  benchmark::RegisterBenchmark("1000 channels/slack", thousand_channels);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
