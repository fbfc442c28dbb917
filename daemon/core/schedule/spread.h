// Keeps requests apart: those to one host, and all of them together when the operator set a budget.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "core/time.h"

namespace earshot::schedule {

// Hands out the moments at which one host may be asked, `delay` apart: so a thousand sources on one host that are due
// together are asked one after the other. Hosts are given as a hash of their name. Not thread-safe.
class HostSpread {
 public:
  explicit HostSpread(Duration delay) : delay_(delay) {}

  // Reserves the host's next free moment at or after `now`. A source that gets a later one goes back into the queue
  // with that time, and is not asked about again when it comes.
  Time reserve(std::uint64_t host, Time now);
  // `host` asked for a pause (Retry-After on 429 or 503): nothing before `until`.
  void pause(std::uint64_t host, Time until);

  std::size_t size() const { return next_.size(); }

 private:
  void forget_past(Time now);

  Duration delay_;
  std::unordered_map<std::uint64_t, Time> next_;  // only hosts with a moment in the future
  std::size_t sweep_at_ = 1024;
};

// A budget of requests for all sources together. Each source reports the interval it would like; when the sum of their
// wishes exceeds the budget, all intervals are stretched alike, which keeps the square-root law of Cho & Garcia-Molina
// (rate of polling ~ √ rate of publishing) and with it the least total delay for that number of requests.
class Budget {
 public:
  // 0: no budget.
  explicit Budget(double requests_per_second) : limit_(requests_per_second) {}

  // A source's wish changes from `before` to `after`; 0 stands for "not there".
  void change(Duration before, Duration after);
  // At least 1: by what to multiply every interval (Policy::stretch).
  double stretch() const;
  // Requests a second if nothing were stretched.
  double demand() const { return demand_; }

 private:
  double limit_;
  double demand_ = 0;
};

}  // namespace earshot::schedule
