// Watches every topic for spikes (core/spike), on what the archive says of the last hours: as mentions are stored, so
// they are counted, and a crash loses no count.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/report/report.h"
#include "core/spike/watch.h"
#include "run/house.h"
#include "run/loop.h"

namespace earshot::run {

// What one topic was told by in a stretch of time.
struct Heard {
  std::uint32_t stories = 0;
  std::uint64_t mentions = 0;
  std::vector<Mention> listed;  // the most striking, one of a story, without their bodies
  std::vector<report::Share> terms, outlets, languages;
};

// Of [from, to). Left out is what says nothing of now: what was published before and only found, and what a source
// brought with its first poll.
Result<Heard> heard(const store::Store& store, const std::string& topic, Time from, Time to);

// What a channel is told of a spike: headline and lines, in its language.
std::string spike_headline(const std::string& topic, const spike::Spike& spike, std::string_view language);
std::string spike_text(const Heard& heard, std::string_view language);

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
  Result<std::vector<Alert>> alerts_of(const config::Topic& topic, const spike::Spike& spike, const Heard& heard,
                                       Time now);

  House& house_;
  std::function<void()> owed_;
  Loop loop_;
};

}  // namespace earshot::run
