#include "core/schedule/spread.h"

#include <algorithm>

namespace earshot::schedule {
namespace {

double per_second(Duration interval) {
  return interval <= Duration{0} ? 0 : 1000.0 / static_cast<double>(interval.count());
}

}  // namespace

Time HostSpread::reserve(std::uint64_t host, Time now) {
  if (next_.size() >= sweep_at_) forget_past(now);
  Time& next = next_[host];
  const Time mine = std::max(next, now);
  next = mine + delay_;
  return mine;
}

void HostSpread::pause(std::uint64_t host, Time until) {
  Time& next = next_[host];
  next = std::max(next, until);
}

// Amortised: the next sweep comes when the table has doubled.
void HostSpread::forget_past(Time now) {
  std::erase_if(next_, [now](const auto& entry) { return entry.second <= now; });
  sweep_at_ = std::max<std::size_t>(1024, next_.size() * 2);
}

void Budget::change(Duration before, Duration after) {
  demand_ = std::max(0.0, demand_ - per_second(before) + per_second(after));
}

double Budget::stretch() const { return limit_ > 0 ? std::max(1.0, demand_ / limit_) : 1; }

}  // namespace earshot::schedule
