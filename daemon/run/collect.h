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
#include <unordered_map>
#include <vector>

#include "core/schedule/pacing.h"
#include "core/schedule/queue.h"
#include "core/schedule/spread.h"
#include "run/house.h"
#include "run/hubs.h"
#include "run/instances.h"
#include "run/prepare.h"
#include "run/pushed.h"

namespace earshot::run {

// How many times fetch.concurrency may be under way in all, slow polls included.
inline constexpr std::uint32_t kSlowLanes = 4;

// On the I/O thread only. The polls' coroutines live as long as busy() says: stop(), then wait for that.
class Collector {
 public:
  // `owed` is called after a commit that put alerts into the outbox.
  Collector(House& house, std::function<void()> owed);

  // Reads from the store when each source is due, and begins. Sources that are new are polled now; those that are
  // overdue after a pause are spread out.
  boost::asio::awaitable<Status> start();
  // From now on tells where sources' hubs are, and polls what they push less often.
  void follow(Hubs& hubs) { hubs_ = &hubs; }
  // Keeps what a document brings that the source's hub sent. After an error nothing of it was kept.
  boost::asio::awaitable<Status> take(std::uint32_t source, Pushed document);
  // Polls it now, unless that is under way.
  void poll_soon(std::uint32_t source);
  // Of the sources that are polled.
  std::optional<std::uint32_t> number(std::string_view name) const;
  const config::Source& source(std::uint32_t number) const { return *entries_[number].source; }
  // Begins no further poll. Those under way end by themselves once the client is closed.
  void stop();
  std::size_t busy() const { return flights_.size(); }
  std::size_t sources() const { return entries_.size(); }
  // Since the start.
  struct Tally {
    std::uint64_t polls = 0, failed = 0;  // polls that were kept, and how many of them had failed
    std::uint64_t stored = 0, merged = 0, edited = 0, alerts = 0;
  };
  const Tally& tally() const { return tally_; }

 private:
  struct Entry {
    explicit Entry(const config::Source* s) : source(s) {}
    std::string_view name() const { return source->name; }
    const config::Source* source;
    Duration wish{0};       // what its interval adds to the budget
    bool has_turn = false;  // its host's next free moment was reserved for it: do not reserve again
  };
  // A poll under way. A slow one no longer counts against fetch.concurrency: dead and dripping servers hold a place of
  // their own, and cannot keep the others from being asked.
  struct Flight {
    std::uint32_t index;
    std::chrono::steady_clock::time_point began;
    bool slow = false;
  };
  using Flights = std::list<Flight>;
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
  bool flying(std::uint32_t index) const;
  bool room() const;
  void set_aside(Flight& flight);
  // Moves those that have taken long into the slow lane; when the next one will have.
  std::optional<Duration> set_aside_slow();
  boost::asio::awaitable<void> poll_one(std::uint32_t index, Flights::iterator flight);
  void count(const store::Committed& committed);
  void try_again(std::uint32_t index, const Error& why);
  // When each entry is due as the store has it; Time::min(): it was never polled.
  Result<std::vector<Time>> stored_due() const;
  boost::asio::awaitable<Polled> fetch(std::uint32_t index, Prepared& prepared);
  boost::asio::awaitable<Polled> read_pushed(std::uint32_t index, Prepared& prepared, const Pushed& document);
  // Commits what a poll, or a part of a stream, came to.
  boost::asio::awaitable<Status> keep(std::uint32_t index, Prepared& prepared, Polled polled);
  static std::optional<std::uint64_t> host_of(const Prepared& prepared);
  // The moment at which the host may be asked; now or earlier: at once.
  Time turn(const Prepared& prepared, Time now);
  static void report(const config::Source& source, const Summary& summary, Time next_due, std::uint32_t failures,
                     const store::Committed& committed);
  schedule::Policy policy(std::uint32_t index) const;

  House& house_;
  std::function<void()> owed_;
  std::vector<Entry> entries_;  // in byte order of their names
  schedule::Queue queue_;
  schedule::HostSpread spread_;
  schedule::Budget budget_;
  Instances instances_;
  const net::AddressPolicy policy_;  // of sources without one of their own
  // Those that may go where others may not: few, so they are not kept with the entries.
  std::unordered_map<std::uint32_t, const net::AddressPolicy> own_policies_;
  boost::asio::steady_timer timer_;
  Flights flights_;                                 // in the order they began
  Flights::iterator first_swift_ = flights_.end();  // before it are slow ones only
  std::size_t swift_ = 0;                           // of flights_: not slow
  Tally tally_;
  PushedDocuments pushed_;
  Hubs* hubs_ = nullptr;
  std::size_t unreached_ = 0;  // polls in a row that reached nobody
  bool stopping_ = false;
};

}  // namespace earshot::run
