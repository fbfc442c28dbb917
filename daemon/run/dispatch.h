// Works the desk: what routes let wait (groups, quiet hours, digests, limits) goes into the outbox when its time has
// come; and does what letters in the inbox ask for (wish.h). Whatever waits is in the store, and an alert and the
// document it comes from change in one act, so that a crash at any instant loses nothing and tells nothing twice.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/route/desk.h"
#include "core/route/silence.h"
#include "run/house.h"
#include "run/loop.h"

namespace earshot::run {

// The desk as the store has it; what cannot be read is described in `problems` and left where it is.
Result<route::Desk> read_desk(const store::Store& store, const Rules& rules, std::vector<std::string>& problems);
// Every silence that is stored, those that are over included; by id.
Result<std::vector<route::Silence>> read_silences(const store::Store& store);
// Hangs all that are stored on the rules' board; those that do not compile any more are described in `problems`.
Status hang_silences(const store::Store& store, const Rules& rules, const std::vector<config::Topic>& topics,
                     std::vector<std::string>& problems);

// What one step of the desk did.
struct Step {
  bool owed = false;         // alerts were put into the outbox
  bool more = false;         // more has arrived than one step takes
  std::optional<Time> next;  // when something is due next
};
// Takes what has arrived and what is due at `now`, as one act of the store. After an error the desk is no longer what
// the store has: read it again. An alert of a story speaks each channel's
// language. On a worker.
Result<Step> step(route::Desk& desk, store::Store& store, const std::vector<config::Channel>& channels, Time now);

// On the I/O thread only.
class Dispatcher {
 public:
  // `owed` is called after alerts were put into the outbox.
  Dispatcher(House& house, std::function<void()> owed);

  // Reads what waits and which silences hold, and begins.
  boost::asio::awaitable<Status> start();
  // Something has arrived.
  void wake() { loop_.wake(); }
  // Begins no further step.
  void stop() { loop_.stop(); }
  std::size_t busy() const { return loop_.busy(); }

 private:
  boost::asio::awaitable<Duration> turn();
  // On a worker.
  Status load();
  Status hang_silences();
  Result<Step> advance();
  // Whether it may have put something into the outbox: messages that a claim shows anew.
  Result<bool> read_inbox(Time now);

  House& house_;
  std::function<void()> owed_;
  std::optional<route::Desk> desk_;
  Loop loop_;
};

}  // namespace earshot::run
