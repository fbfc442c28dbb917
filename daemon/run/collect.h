// Polls every source when it is due and commits what it brought: schedule → net → plugin → ingest → store.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/schedule/pacing.h"
#include "core/schedule/queue.h"
#include "core/schedule/spread.h"
#include "run/house.h"
#include "run/instances.h"

namespace earshot::run {

// How many times fetch.concurrency may be under way in all, slow polls included.
inline constexpr std::uint32_t kSlowLanes = 4;

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
  std::size_t busy() const { return flights_.size(); }
  std::size_t sources() const { return entries_.size(); }
  // Since the start: polls that were kept, and how many of them had failed.
  std::uint64_t polls() const { return polls_; }
  std::uint64_t failed() const { return failed_; }

 private:
  struct Entry {
    explicit Entry(const config::Source* s) : source(s) {}
    const config::Source* source;
    std::unique_ptr<const net::AddressPolicy> policy;  // its own; null: policy_
    Duration wish{0};                                  // what its interval adds to the budget
    bool has_turn = false;  // its host's next free moment was reserved for it: do not reserve again
  };
  // A poll under way. A slow one no longer counts against fetch.concurrency: dead and dripping servers hold a place of
  // their own, and cannot keep the others from being asked.
  struct Flight {
    std::chrono::steady_clock::time_point began;
    bool slow = false;
  };
  using Flights = std::list<Flight>;
  // What a poll needs, made on a worker.
  struct Prepared {
    std::unique_ptr<host::SourceInstance> instance;
    store::SourceState state;
    schedule::State pace;
    host::Round first;
    std::string url;    // of the first request, if any
    std::string error;  // the source could not even begin
    bool streams = false;
    Time next_due{};  // after the last keep()
  };
  // Its instance goes back for the next poll, however this one ends.
  struct Keeping {
    Collector& collector;
    std::uint32_t index;
    Prepared& prepared;
    ~Keeping() { collector.instances_.give_back(index, std::move(prepared.instance)); }
  };
  // What is left of a poll for the log.
  struct Summary {
    Polled::Kind kind;
    std::string error;
    std::vector<std::string> warnings;
  };

  boost::asio::awaitable<void> schedule();
  void take_off(std::uint32_t index);
  void landed(Flights::iterator flight);
  bool room() const;
  void set_aside(Flight& flight);
  // Moves those that have taken long into the slow lane; when the next one will have.
  std::optional<Duration> set_aside_slow();
  boost::asio::awaitable<void> poll_one(std::uint32_t index, Flights::iterator flight);
  void try_again(std::uint32_t index, const Error& why);
  // When each entry is due as the store has it; Time::min(): it was never polled.
  Result<std::vector<Time>> stored_due() const;
  Result<Prepared> prepare(const config::Source& source, std::unique_ptr<host::SourceInstance> instance);
  boost::asio::awaitable<Polled> fetch(std::uint32_t index, Prepared& prepared);
  // Commits what a poll, or a part of a stream, came to.
  boost::asio::awaitable<Status> keep(std::uint32_t index, Prepared& prepared, Polled polled);
  static std::optional<std::uint64_t> host_of(const Prepared& prepared);
  // The moment at which the host may be asked; now or earlier: at once.
  Time turn(const Prepared& prepared, Time now);
  static void report(const config::Source& source, const Summary& summary, Time next_due, std::uint32_t failures,
                     const store::Committed& committed);
  schedule::Policy policy(const config::Source& source) const;

  House& house_;
  std::function<void()> owed_;
  std::vector<Entry> entries_;
  schedule::Queue queue_;
  schedule::HostSpread spread_;
  schedule::Budget budget_;
  Instances instances_;
  const net::AddressPolicy policy_;  // of sources without one of their own
  boost::asio::steady_timer timer_;
  Flights flights_;                                 // in the order they began
  Flights::iterator first_swift_ = flights_.end();  // before it are slow ones only
  std::size_t swift_ = 0;                           // of flights_: not slow
  std::uint64_t polls_ = 0, failed_ = 0;
  std::size_t unreached_ = 0;  // polls in a row that reached nobody
  bool stopping_ = false;
};

}  // namespace earshot::run
