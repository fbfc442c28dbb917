#include "bench/pacing/replay.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <random>

namespace earshot::bench {
namespace {

using schedule::Policy;
using Random = std::mt19937_64;

double seconds(Duration d) { return static_cast<double>(d.count()) / 1000; }
Duration from_seconds(double s) { return Duration{static_cast<std::int64_t>(s * 1000)}; }

// Polls one stream: `next(now, new items)` says when again.
using Next = std::function<Time(Time now, std::span<const std::optional<Time>> items)>;

void poll(const Stream& stream, Time first, const Next& next, Tally& tally) {
  std::vector<std::optional<Time>> fresh;
  std::size_t seen = 0;
  for (Time now = first; now < stream.end; now = next(now, fresh)) {
    ++tally.requests;
    fresh.clear();
    if (now == stream.start) fresh.assign(stream.history.begin(), stream.history.end());
    for (; seen < stream.items.size() && stream.items[seen] <= now; ++seen) {
      fresh.emplace_back(stream.items[seen]);
      tally.delays.push_back(seconds(now - stream.items[seen]));
    }
  }
  // What the last poll did not see is found by the next, after the end.
  for (; seen < stream.items.size(); ++seen) tally.delays.push_back(seconds(stream.end - stream.items[seen]));
}

void poll_every(const Stream& stream, Duration interval, Random& random, Tally& tally) {
  const Time first = stream.start + from_seconds(seconds(interval) * static_cast<double>(random() >> 11) * 0x1p-53);
  poll(
      stream, first, [&](Time now, auto) { return now + interval; }, tally);
}

// The value for which `cost` (falling) comes to `target`, between two bounds, by halving on the logarithm.
double solve(double low, double high, double target, const std::function<double(double)>& cost) {
  for (int i = 0; i < 60; ++i) {
    const double middle = std::sqrt(low * high);
    (cost(middle) > target ? low : high) = middle;
  }
  return std::sqrt(low * high);
}

double span(const Stream& stream) { return seconds(stream.end - stream.start); }

}  // namespace

double Tally::percentile(double p) const {
  if (delays.empty()) return 0;
  std::vector<double> sorted = delays;
  const auto at = static_cast<std::ptrdiff_t>(p * static_cast<double>(sorted.size() - 1));
  std::ranges::nth_element(sorted, sorted.begin() + at);
  return sorted[static_cast<std::size_t>(at)];
}

double Tally::mean() const {
  return delays.empty() ? 0 : std::accumulate(delays.begin(), delays.end(), 0.0) / static_cast<double>(delays.size());
}

namespace {

void adaptive_one(const Stream& stream, const Policy& policy, Random& random, Tally& tally) {
  schedule::State state;
  poll(
      stream, stream.start,
      [&](Time now, std::span<const std::optional<Time>> items) {
        schedule::Outcome outcome;
        outcome.new_items = items;
        return schedule::next_due(state, outcome, policy, now, random());
      },
      tally);
}

}  // namespace

Tally adaptive(const std::vector<Stream>& streams, const Policy& policy, std::uint64_t seed) {
  Random random(seed);
  Tally tally;
  for (const Stream& stream : streams) adaptive_one(stream, policy, random, tally);
  return tally;
}

Tally fixed(const std::vector<Stream>& streams, std::uint64_t requests, std::uint64_t seed) {
  Random random(seed);
  double all = 0;
  for (const Stream& stream : streams) all += span(stream);
  Tally tally;
  for (const Stream& stream : streams)
    poll_every(stream, from_seconds(all / static_cast<double>(requests)), random, tally);
  return tally;
}

Tally fixed_each(const std::vector<Stream>& streams, const Policy& policy, std::uint64_t seed) {
  Random random(seed), phase(seed + 1);
  Tally tally;
  for (const Stream& stream : streams) {
    Tally own;
    adaptive_one(stream, policy, random, own);
    poll_every(stream, from_seconds(span(stream) / static_cast<double>(own.requests)), phase, tally);
  }
  return tally;
}

Tally square_root(const std::vector<Stream>& streams, const Policy& policy, std::uint64_t requests,
                  std::uint64_t seed) {
  const auto interval = [&](const Stream& stream, double price) {
    const double rate = std::max(0.5, static_cast<double>(stream.items.size())) / span(stream);
    return std::clamp(std::sqrt(2 * price / rate), seconds(policy.min), seconds(policy.max));
  };
  const double price = solve(1e-6, 1e9, static_cast<double>(requests), [&](double p) {
    double sum = 0;
    for (const Stream& stream : streams) sum += span(stream) / interval(stream, p);
    return sum;
  });
  Random random(seed);
  Tally tally;
  for (const Stream& stream : streams) poll_every(stream, from_seconds(interval(stream, price)), random, tally);
  return tally;
}

Tally all_knowing(const std::vector<Stream>& streams, const Policy& policy, std::uint64_t requests) {
  const auto run = [&](double price) {
    Tally tally;
    for (const Stream& stream : streams)
      poll(
          stream, stream.start,
          [&](Time now, auto) {
            double left = 1;
            Time at = now;
            for (; left > 0 && at < now + policy.max; at += std::chrono::minutes{5})
              left -= 300 * std::sqrt(stream.true_rate(at) / (2 * price));
            return std::max<Time>(now + policy.min, at);
          },
          tally);
    return tally;
  };
  double low = 0.01, high = 1e6;
  for (int i = 0; i < 14; ++i) {
    const double middle = std::sqrt(low * high);
    (run(middle).requests > requests ? low : high) = middle;
  }
  return run(high);
}

}  // namespace earshot::bench
