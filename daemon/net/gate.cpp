#include "net/gate.h"

#include <algorithm>

namespace earshot::net {

Gate::Waiter::Waiter(Gate& gate, std::string key, const asio::any_io_executor& executor)
    : event(executor), gate_(gate), key_(std::move(key)) {
  gate_.places_[key_].queue.push_back(this);
}

Gate::Waiter::~Waiter() {
  if (queued_) gate_.forget(*this);
  if (granted_) gate_.leave(key_);  // granted, but nobody took it
}

Gate::Lease Gate::Waiter::take() {
  granted_ = false;
  return Lease(&gate_, key_);
}

Gate::Lease Gate::try_enter(const std::string& key) {
  Place& place = places_[key];
  if (place.in_use >= most_) return {};
  ++place.in_use;
  return Lease(this, key);
}

bool Gate::waited_for(const std::string& key) const {
  const auto it = places_.find(key);
  return it != places_.end() && !it->second.queue.empty();
}

void Gate::leave(const std::string& key) {
  const auto it = places_.find(key);
  if (it == places_.end()) return;
  Place& place = it->second;
  if (!place.queue.empty()) {
    // The place goes from hand to hand, so nobody can slip in between.
    Waiter* next = place.queue.front();
    place.queue.pop_front();
    next->queued_ = false;
    next->granted_ = true;
    next->event.notify();
  } else if (--place.in_use == 0) {
    places_.erase(it);
  }
}

void Gate::forget(Waiter& waiter) {
  const auto it = places_.find(waiter.key_);
  if (it == places_.end()) return;
  std::erase(it->second.queue, &waiter);
  if (it->second.in_use == 0 && it->second.queue.empty()) places_.erase(it);
}

}  // namespace earshot::net
