#include "run/way_back.h"

#include <boost/asio/post.hpp>

namespace earshot::run {

namespace asio = boost::asio;

void WaiterList::push(Waiter& waiter) {
  waiter.next = nullptr;
  (last_ ? last_->next : first_) = &waiter;
  last_ = &waiter;
}

Waiter* WaiterList::pop() {
  Waiter* const waiter = first_;
  if (!waiter) return nullptr;
  first_ = waiter->next;
  if (!first_) last_ = nullptr;
  return waiter;
}

void WaiterList::append(WaiterList& other) {
  if (other.empty()) return;
  (last_ ? last_->next : first_) = other.first_;
  last_ = other.last_;
  other.first_ = other.last_ = nullptr;
}

void WaiterList::abandon() {
  while (Waiter* waiter = pop()) {
    const Resume coroutine = std::move(*waiter->resume);  // goes at the end of the scope, and the waiter with it
  }
}

void WayBack::arrive(Waiter& waiter) {
  asio::any_io_executor home;
  {
    const std::lock_guard guard(mutex_);
    back_.push(waiter);
    if (std::exchange(posted_, true)) return;
    home = waiter.home;
  }
  asio::post(home, [self = shared_from_this(), home] { self->drain(home); });
}

void WayBack::drain(const asio::any_io_executor& home) {
  WaiterList now;
  {
    const std::lock_guard guard(mutex_);
    now.append(back_);
    posted_ = false;
  }
  while (Waiter* waiter = now.pop()) {
    Resume resume = std::move(*waiter->resume);
    if (waiter->home != home) {  // rare: two loops share these threads
      const asio::any_io_executor other = waiter->home;
      asio::post(other, std::move(resume));
      continue;
    }
    std::move(resume)();  // what a coroutine throws out of itself, Asio keeps until this handler has ended
  }
}

void WayBack::abandon() {
  WaiterList left;
  {
    const std::lock_guard guard(mutex_);
    left.append(back_);
  }
  left.abandon();
}

}  // namespace earshot::run
