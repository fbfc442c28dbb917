// How soon is an item found, and what does it cost? Replays weeks of publications, real and generated, and prints the
// delay from publication to detection against the requests made.
//   bench_pacing [FILE.jsonl]     {"times": [epoch seconds, …]} a line
//   bench_pacing --check          exits 1 when the median is above half of the fixed interval's at equal cost
#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "bench/pacing/replay.h"

namespace {

using namespace earshot;

std::string human(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.1f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

void row(std::string_view name, const bench::Tally& tally, double base) {
  fmt::print("  {:<44} {:>9} {:>10} {:>10} {:>10} {:>7.2f}\n", name, tally.requests, human(tally.percentile(0.5)),
             human(tally.percentile(0.95)), human(tally.mean()), tally.percentile(0.5) / base);
}

// Prints one table; returns our median as a part of the fixed interval's.
double table(const std::string& title, const std::vector<bench::Stream>& streams, const schedule::Policy& policy) {
  std::size_t items = 0;
  bool known = true;
  for (const bench::Stream& stream : streams) {
    items += stream.items.size();
    known = known && stream.true_rate;
  }
  fmt::print("\n{}: {} sources, {} items, price {} s\n  {:<44} {:>9} {:>10} {:>10} {:>10} {:>7}\n", title,
             streams.size(), items, policy.price, "", "requests", "median", "95 %", "mean", "ratio");
  const bench::Tally ours = bench::adaptive(streams, policy, 1);
  const bench::Tally same = bench::fixed(streams, ours.requests, 2);
  const double base = same.percentile(0.5);
  row("one fixed interval, as many requests", same, base);
  row("fixed per source, as many requests as ours on it", bench::fixed_each(streams, policy, 1), base);
  row("square-root law, rates known beforehand", bench::square_root(streams, policy, ours.requests, 3), base);
  if (known) row("rate of every moment known beforehand", bench::all_knowing(streams, policy, ours.requests), base);
  row("earshot", ours, base);
  return ours.percentile(0.5) / base;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view argument = argc > 1 ? argv[1] : "";
  const bool check = argument == "--check";
  double worst = 0;
  const auto run = [&](const std::string& title, const std::vector<bench::Stream>& streams) {
    for (const double price : check ? std::vector{50.0} : std::vector{50.0, 500.0}) {
      schedule::Policy policy;
      policy.price = price;
      worst = std::max(worst, table(title, streams, policy));
    }
  };
  if (!argument.empty() && !check) {
    const auto streams = bench::read_streams(std::string(argument));
    if (!streams) {
      fmt::print(stderr, "{}\n", streams.error().message);
      return 2;
    }
    run("real streams", *streams);
  }
  run("generated, mixed", bench::generate_streams(check ? 200 : 800, 8, 42));
  run("generated, office hours", bench::generate_office(check ? 200 : 400, 8, 44));
  run("generated, Poisson", bench::generate_poisson(check ? 200 : 400, 8, 43));
  return check && worst > 0.5 ? 1 : 0;
}
