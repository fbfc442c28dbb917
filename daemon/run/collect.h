// Polls every source when it is due and commits what it brought: schedule → net → plugin → ingest → store.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/schedule/pacing.h"
#include "core/schedule/queue.h"
#include "core/schedule/spread.h"
#include "run/house.h"

namespace earshot::run {

// Which private addresses this source may be at.
net::AddressPolicy address_policy(const config::Fetch& fetch, const config::Source& source);
// How its requests are made; refers to `policy`.
Manner manner(const config::Fetch& fetch, const config::Source& source, const net::AddressPolicy& policy);

// On the I/O thread only. The polls' coroutines live as long as busy() says: stop(), then wait for that.
class Collector {
 public:
  // `owed` is called after a commit that put alerts into the outbox.
  Collector(House& house, std::function<void()> owed);

  // Reads from the store when each source is due, and begins. Sources that are new are polled now; those that are
  // overdue after a pause are spread out.
  boost::asio::awaitable<Status> start();
  // Begins no further poll. Those under way end by themselves once the client is closed.
  void stop();
  std::size_t busy() const { return busy_; }
  std::size_t sources() const { return entries_.size(); }

 private:
  struct Entry {
    const config::Source* source;
    net::AddressPolicy policy;
    Duration wish{0};       // what its interval adds to the budget
    bool has_turn = false;  // its host's next free moment was reserved for it: do not reserve again
  };
  // What a poll needs, made on a worker.
  struct Prepared {
    std::unique_ptr<host::SourceInstance> instance;
    store::SourceState state;
    schedule::State pace;
    host::Round first;
    std::string error;  // the source could not even begin
  };

  boost::asio::awaitable<void> schedule();
  boost::asio::awaitable<void> poll_one(std::uint32_t index);
  Result<Prepared> prepare(const config::Source& source);
  boost::asio::awaitable<Polled> fetch(const Entry& entry, Prepared& prepared);
  // On a worker: everything that this poll changes, as one act.
  Result<store::Fetch> conclude(const Entry& entry, Prepared& prepared, Polled& polled, const schedule::Policy& policy,
                                Time now);
  // The moment at which the host may be asked; now or earlier: at once.
  Time turn(const Prepared& prepared, Time now);
  void report(const config::Source& source, const Polled& polled, const store::SourceState& state,
              const store::Committed& committed);
  schedule::Policy policy(const config::Source& source) const;

  House& house_;
  std::function<void()> owed_;
  std::vector<Entry> entries_;
  schedule::Queue queue_;
  schedule::HostSpread spread_;
  schedule::Budget budget_;
  boost::asio::steady_timer timer_;
  std::size_t busy_ = 0;
  bool stopping_ = false;
};

}  // namespace earshot::run
