// Alerts delivered per second: outbox on disk → webhook sink → HTTP over loopback → settled on disk, by the daemon's
// own delivery room; and beside it, in turns, its HTTP client alone posting the same bodies to the same server.
//
//   items_per_second  alerts/s, by the clock on the wall; of the slow rows: of the other channels
//   us, client_us     CPU of the delivering side for one alert, all threads; of the client alone
//   client/s          what the client alone manages
//   syncs/s           what the disk grants: the ceiling of one channel, whose alerts are settled one by one
//   server_us         CPU of the receiving thread for one alert: no part of the others, but it takes a core's time
//   opened            connections opened in a round: 0 where all were kept
//   held_up           wall time of the other channels beside a slow one ÷ beside none
//
// Filling the outbox is not measured. One thread does the I/O, further ones compute and sync, as in the daemon; all
// limits are the daemon's defaults, of which one matters: how many connections to one service there may be at once.
// Every row also proves that each channel's alerts arrived in order, each once and one at a time, or ends in an error.
// EARSHOT_BENCH_DIR: on which disk.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <exception>
#include <stdexcept>

#include "room.h"

namespace {

using namespace earshot;
using namespace earshot::bench;

struct Setting {
  std::size_t channels = 1, each = 1;
  bool one_address = false;
};

// The whole row as an error, rather than a program that is gone.
template <class Measure>
void guarded(benchmark::State& state, const Setting& setting, const Measure& measure) {
  try {
    Receiver receiver(setting.one_address ? 1 : setting.channels, setting.channels);
    Room room(receiver, setting.channels, setting.one_address);
    measure(receiver, room);
    if (receiver.disorderly() > 0) throw std::runtime_error("alerts came out of order or more than one at a time");
  } catch (const std::exception& e) {
    state.SkipWithError(e.what());
    while (state.KeepRunning()) {
    }
  }
}

void deliver(benchmark::State& state, const Setting& setting) {
  guarded(state, setting, [&](Receiver&, Room& room) {
    room.post(1);  // opens the connections
    room.deliver(1);
    Round ours, client;
    const auto add = [](Round& sum, const Round& one) {
      sum.wall_us += one.wall_us;
      sum.cpu_us += one.cpu_us;
      sum.server_us += one.server_us;
      sum.opened += one.opened;
      sum.alerts += one.alerts;
    };
    for (auto _ : state) {
      add(client, room.post(setting.each));
      const Round round = room.deliver(setting.each);
      add(ours, round);
      state.SetIterationTime(round.wall_us / 1e6);
    }
    const double syncs = room.syncs_per_second();
    const auto alerts = static_cast<double>(ours.alerts);
    state.SetItemsProcessed(static_cast<std::int64_t>(ours.alerts));
    state.counters["us"] = ours.cpu_us / alerts;
    state.counters["client_us"] = client.cpu_us / static_cast<double>(client.alerts);
    state.counters["client/s"] = static_cast<double>(client.alerts) * 1e6 / client.wall_us;
    state.counters["syncs/s"] = syncs;
    state.counters["server_us"] = ours.server_us / alerts;
    state.counters["opened"] = static_cast<double>(ours.opened);
  });
}

// The last channel's server answers after `delay`, in every second round.
void beside_a_slow_one(benchmark::State& state, const Setting& setting, Duration delay) {
  guarded(state, setting, [&](Receiver& receiver, Room& room) {
    room.deliver(2, true);
    double alone = 0, beside = 0;
    std::uint64_t alerts = 0;
    for (auto _ : state) {
      receiver.answer_after(setting.channels - 1, Duration{0});
      alone += room.deliver(setting.each, true).wall_us;
      receiver.answer_after(setting.channels - 1, delay);
      const Round round = room.deliver(setting.each, true);
      beside += round.wall_us;
      alerts += round.alerts;
      state.SetIterationTime(round.wall_us / 1e6);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(alerts));
    state.counters["held_up"] = beside / alone;
  });
}

// All servers are as far away as most are: what limits then is how many requests may be under way.
void far_away(benchmark::State& state, const Setting& setting, Duration delay) {
  guarded(state, setting, [&](Receiver& receiver, Room& room) {
    for (std::size_t i = 0; i < setting.channels; ++i) receiver.answer_after(i, delay);
    for (auto _ : state) {
      const Round round = room.deliver(setting.each);
      state.SetIterationTime(round.wall_us / 1e6);
      state.SetItemsProcessed(static_cast<std::int64_t>(round.alerts));
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;  // both ends of a thousand connections
  setrlimit(RLIMIT_NOFILE, &files);
  using std::chrono::milliseconds;
  const auto deliveries = [](const char* name, Setting setting) {
    benchmark::RegisterBenchmark(name, deliver, setting)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);
  };
  const auto slow = [](const char* name, Setting setting) {
    benchmark::RegisterBenchmark(name, beside_a_slow_one, setting, milliseconds{1000})
        ->UseManualTime()
        ->Iterations(2)
        ->Unit(benchmark::kMillisecond);
  };
  const auto far = [](const char* name, Setting setting) {
    benchmark::RegisterBenchmark(name, far_away, setting, milliseconds{50})
        ->UseManualTime()
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  };
  deliveries("1 channel", {.channels = 1, .each = 500});
  deliveries("1000 channels", {.channels = 1000, .each = 10});
  deliveries("1000 channels of one service", {.channels = 1000, .each = 10, .one_address = true});
  slow("1000 channels, one slow", {.channels = 1000, .each = 10});
  slow("1000 channels of one service, one slow", {.channels = 1000, .each = 10, .one_address = true});
  far("100 channels, answers after 50 ms", {.channels = 100, .each = 10});
  far("100 channels of one service, answers after 50 ms", {.channels = 100, .each = 1, .one_address = true});
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
