// Watches every topic for spikes (core/spike), of its stories and of one story that spreads, on what the archive says
// of the last hours: as mentions are stored, so they are counted, and a crash loses no count.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>

#include "core/config/model.h"
#include "core/result.h"
#include "core/time.h"
#include "run/house.h"
#include "run/loop.h"

namespace earshot::run {

class Spikes {
 public:
  // `owed` is called after an alert was put into the outbox.
  Spikes(House& house, std::function<void()> owed);

  // On the I/O thread: looks every few minutes from now on.
  boost::asio::awaitable<Status> start();
  void stop() { loop_.stop(); }
  std::size_t busy() const { return loop_.busy(); }

  // One look at all topics, on a worker. How many alerts it put into the outbox, each with what is remembered of its
  // topic in one act. Hours in which nobody listened count for nothing.
  Result<std::size_t> look(Time now);

 private:
  boost::asio::awaitable<Duration> turn();
  // Since when the daemon has listened without a gap; remembers that it does at `now`.
  Result<Time> listening_since(Time now);
  Result<std::size_t> look_at(const config::Topic& topic, Time since, Time now);

  House& house_;
  std::function<void()> owed_;
  Loop loop_;
};

}  // namespace earshot::run
