// Waiting for something that another coroutine, or a callback, brings about.
#pragma once

#include "net/asio/asio.h"

namespace earshot::net {

// What a coroutine is held up by, seen from those who may end it: deadline, close().
class Stoppable {
 public:
  virtual ~Stoppable() = default;
  virtual void stop() = 0;  // whatever is awaited completes soon, with an error
};

// `while (!condition) co_await event.wait();` where whoever makes the condition true calls notify(). Single-threaded,
// one waiter.
class Event final : public Stoppable {
 public:
  explicit Event(const asio::any_io_executor& executor) : timer_(executor) {}
  // Completes at notify(), at that time, or when the coroutine is cancelled; look at the condition to know.
  auto wait_until(std::chrono::steady_clock::time_point at) {
    timer_.expires_at(at);
    return timer_.async_wait(kAwait);
  }
  auto wait() { return wait_until(std::chrono::steady_clock::time_point::max()); }
  void notify() { timer_.cancel(); }
  void stop() override { notify(); }

 private:
  asio::steady_timer timer_;
};

}  // namespace earshot::net
