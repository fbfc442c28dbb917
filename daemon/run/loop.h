// Something that is done again and again for as long as a configuration is at work.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>

#include "core/time.h"

namespace earshot::run {

// On the I/O thread only, but for stopping(). Lives until busy() says no more.
class Loop {
 public:
  // One turn; returns how long to wait for the next.
  using Turn = std::function<boost::asio::awaitable<Duration>()>;

  explicit Loop(const boost::asio::any_io_executor& io) : timer_(io) {}

  // Once.
  void begin(Turn turn);
  // Something has come up: the next turn begins at once, or right after the one that is under way.
  void wake();
  // Begins no further turn.
  void stop();
  bool stopping() const { return stopping_; }
  std::size_t busy() const { return busy_ ? 1 : 0; }

 private:
  boost::asio::awaitable<void> go(Turn turn);

  boost::asio::steady_timer timer_;
  bool busy_ = false, woken_ = false;
  std::atomic<bool> stopping_ = false;
};

}  // namespace earshot::run
