// Polls streams in one way or another, and counts what it cost and how long each item waited.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/pacing/streams.h"
#include "core/schedule/pacing.h"

namespace earshot::bench {

struct Tally {
  std::uint64_t requests = 0;
  std::vector<double> delays;  // seconds from publication to detection, one an item

  double percentile(double p) const;
  double mean() const;
};

// As the daemon paces itself.
Tally adaptive(const std::vector<Stream>& streams, const schedule::Policy& policy, std::uint64_t seed);
// Every source at the same interval, in its own phase: the one at which `requests` are made.
Tally fixed(const std::vector<Stream>& streams, std::uint64_t requests, std::uint64_t seed);
// Each source at a fixed interval of its own: the one at which it makes as many requests as adaptive() did on it.
Tally fixed_each(const std::vector<Stream>& streams, const schedule::Policy& policy, std::uint64_t seed);
// The optimum for Poisson sources whose rates are known: intervals as 1/√rate (Cho & Garcia-Molina 2003, for delay Sia,
// Cho & Cho 2007), within the policy's bounds, with `requests` in all. The rate is the one that the replay turns out to
// have, which no real poller can know.
Tally square_root(const std::vector<Stream>& streams, const schedule::Policy& policy, std::uint64_t requests,
                  std::uint64_t seed);
// The same with the true rate of every moment; only for generated streams that have one.
Tally all_knowing(const std::vector<Stream>& streams, const schedule::Policy& policy, std::uint64_t requests);

}  // namespace earshot::bench
