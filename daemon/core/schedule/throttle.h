// No faster than a service allows: at most so many in each period, however the service lays its windows.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "core/time.h"

namespace earshot::schedule {

struct Rate {
  std::uint32_t count = 1;  // not 0
  Duration period{1'000};
};

// A token bucket of n lets nearly 2·n through in one period, a full bucket and its refill; services that count by the
// window answer 429 to that. So the times of the last requests are kept, and each rate looks back at its own n-th.
class Throttle {
 public:
  Throttle() = default;
  explicit Throttle(std::vector<Rate> rates);

  // The earliest time for the next one; at most `now` when it may go at once.
  Time ready(Time now) const;
  // One goes at `now`.
  void spend(Time now);

 private:
  std::vector<Rate> rates_;
  std::size_t most_ = 0;
  std::deque<Time> spent_;  // ascending, at most most_
};

}  // namespace earshot::schedule
