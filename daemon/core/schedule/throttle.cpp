#include "core/schedule/throttle.h"

#include <algorithm>

namespace earshot::schedule {

Throttle::Throttle(std::vector<Rate> rates) : rates_(std::move(rates)) {
  for (const Rate& rate : rates_) most_ = std::max<std::size_t>(most_, rate.count);
}

Time Throttle::ready(Time now) const {
  Time at{};
  for (const Rate& rate : rates_) {
    if (spent_.size() < rate.count) continue;
    // A clock that was set back must not hold a channel for longer than a period.
    const Time nth = std::min(spent_[spent_.size() - rate.count], now);
    at = std::max(at, nth + rate.period);
  }
  return at;
}

void Throttle::spend(Time now) {
  if (most_ == 0) return;
  for (auto& at : spent_) at = std::min(at, now);
  spent_.push_back(now);
  if (spent_.size() > most_) spent_.pop_front();
}

}  // namespace earshot::schedule
