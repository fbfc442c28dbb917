#include "run/collect.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "core/url/url.h"
#include "net/registrable.h"
#include "run/conclude.h"
#include "run/durable.h"
#include "run/listen.h"
#include "run/log.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;

// How many polls a second the overdue sources get after a pause, so that a restart is no stampede.
constexpr double kResumePerSecond = 50;
// How soon a poll that could not be stored is tried again.
constexpr Duration kStoreTrouble = std::chrono::seconds{30};
// That many polls in a row, of whatever sources, that reached nobody are this machine's trouble, not the sources'.
constexpr std::size_t kOffline = 10;
// Instances kept for the next poll: of about a kilobyte each.
constexpr std::size_t kInstances = 4096;
// A poll that takes longer waits for a server that is slow or dead: most answer within a second.
constexpr Duration kSwift = std::chrono::seconds{2};
// How soon a stream that ended is opened again: at once, then less and less often.
constexpr schedule::Policy kStreamPace{.min = std::chrono::seconds{1}, .max = std::chrono::minutes{5}};
constexpr Time kNeverPolled = Time::min();

std::uint64_t hash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

}  // namespace

Collector::Collector(House& house, std::function<void()> owed)
    : house_(house),
      owed_(std::move(owed)),
      spread_(house.config.fetch.host_delay),
      budget_(house.config.fetch.budget / 3600.0),
      instances_(kInstances),
      policy_(address_policy(house.config.fetch, {})),
      timer_(house.io),
      pushed_(house.io) {
  entries_.reserve(house.config.sources.size());
  for (const config::Source& source : house.config.sources)
    if (source.enabled) entries_.emplace_back(&source);
  std::ranges::sort(entries_, {}, &Entry::name);  // as the store lists them: a million of them need one pass, no table
  for (std::uint32_t i = 0; i < entries_.size(); ++i)
    if (const config::Source& source = *entries_[i].source; !source.traits().allow_private.empty())
      own_policies_.emplace(i, address_policy(house.config.fetch, source));
  queue_.reserve(entries_.size());
}

asio::awaitable<Status> Collector::start() {
  auto read = [this] { return stored_due(); };
  const auto due = co_await house_.workers.run(std::move(read));
  if (!due) co_return tl::unexpected(due.error());

  const Time now = house_.now();
  const auto fresh = static_cast<std::size_t>(std::ranges::count(*due, kNeverPolled));
  const auto overdue = static_cast<std::size_t>(std::ranges::count_if(*due, [&](Time t) { return t <= now; })) - fresh;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const std::string& name = entries_[i].source->name;
    const Time stored = (*due)[i];
    queue_.set(i, stored == kNeverPolled ? schedule::first_due(hash(name), now, fresh)
                                         : schedule::resume_due(stored == schedule::kNever ? now : stored, hash(name),
                                                                now, overdue, kResumePerSecond, policy(i).max));
  }
  asio::co_spawn(house_.io, schedule(), [](const std::exception_ptr& bug) {
    if (bug) std::rethrow_exception(bug);
  });
  co_return Status{};
}

Result<std::vector<Time>> Collector::stored_due() const {
  std::vector<Time> due(entries_.size(), kNeverPolled);
  auto next = entries_.begin();
  const Status status = house_.store.each_source([&](std::string_view stored, Time at) {
    while (next != entries_.end() && next->name() < stored) ++next;
    if (next != entries_.end() && next->name() == stored) due[static_cast<std::size_t>(next - entries_.begin())] = at;
  });
  if (!status) return tl::unexpected(status.error());
  return due;
}

void Collector::stop() {
  stopping_ = true;
  pushed_.end("the daemon is stopping");
  timer_.cancel();
}

asio::awaitable<void> Collector::schedule() {
  constexpr Duration kLongest = std::chrono::hours{1};
  while (!stopping_) {
    const std::optional<Duration> slow = set_aside_slow();
    while (room()) {
      const auto next = queue_.pop_due(house_.now());
      if (!next) break;
      take_off(*next);
    }
    Duration wait = kLongest;
    if (!room()) {
      wait = slow.value_or(kLongest);
    } else if (const auto next = queue_.next_time()) {
      wait = std::clamp<Duration>(*next - house_.now(), Duration{0}, kLongest);
    }
    timer_.expires_after(wait);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

bool Collector::room() const {
  const std::size_t most = house_.config.fetch.concurrency;
  return swift_ < most && flights_.size() < most * kSlowLanes;
}

std::optional<Duration> Collector::set_aside_slow() {
  const auto now = std::chrono::steady_clock::now();
  for (; first_swift_ != flights_.end(); ++first_swift_) {
    if (first_swift_->slow) continue;
    const Duration left = std::chrono::ceil<Duration>(first_swift_->began + kSwift - now);
    if (left > Duration{0}) return left;
    set_aside(*first_swift_);
  }
  return std::nullopt;
}

void Collector::set_aside(Flight& flight) {
  if (!std::exchange(flight.slow, true)) --swift_;
}

void Collector::take_off(std::uint32_t index) {
  const auto flight = flights_.insert(flights_.end(), Flight{index, std::chrono::steady_clock::now()});
  if (swift_++ == 0) first_swift_ = flight;
  asio::co_spawn(house_.io, poll_one(index, flight), [this, index, flight](const std::exception_ptr& bug) {
    landed(flight);
    if (!bug) return;
    try {
      std::rethrow_exception(bug);
    } catch (const std::exception& e) {
      log::error("poll failed by a fault of the program",
                 {{"source", entries_[index].source->name}, {"error", e.what()}});
      queue_.set(index, house_.now() + kStoreTrouble);
    }
  });
}

void Collector::landed(Flights::iterator flight) {
  if (flight == first_swift_) ++first_swift_;
  if (!flight->slow) --swift_;
  if (pushed_.waits(flight->index)) queue_.set(flight->index, house_.now());
  flights_.erase(flight);
  timer_.cancel();
}

bool Collector::flying(std::uint32_t index) const {
  return std::ranges::find(flights_, index, &Flight::index) != flights_.end();
}

std::optional<std::uint32_t> Collector::number(std::string_view name) const {
  const auto at = std::ranges::lower_bound(entries_, name, {}, &Entry::name);
  if (at == entries_.end() || at->name() != name) return std::nullopt;
  return static_cast<std::uint32_t>(at - entries_.begin());
}

void Collector::poll_soon(std::uint32_t source) {
  if (stopping_ || flying(source)) return;
  queue_.set(source, house_.now());
  timer_.cancel();
}

asio::awaitable<Status> Collector::take(std::uint32_t source, Pushed document) {
  if (stopping_) co_return fail("the daemon is stopping");
  poll_soon(source);  // or, if it is under way: when it has landed
  co_return co_await pushed_.put(source, std::move(document));
}

asio::awaitable<void> Collector::poll_one(std::uint32_t index, Flights::iterator flight) {
  Entry& entry = entries_[index];
  std::optional<PushedDocuments::Turn> pushed = pushed_.next(index);
  auto begin = [this, &source = *entry.source, instance = instances_.take(index)]() mutable {
    return prepare(house_, source, std::move(instance));
  };
  auto prepared = co_await house_.workers.run(std::move(begin));
  if (!prepared) co_return try_again(index, prepared.error());
  const Keeping keeping{*this, index, *prepared};
  if (prepared->pace.ended) co_return;
  if (prepared->state.failures > 0) {  // who failed last time may keep us waiting again
    set_aside(*flight);
    timer_.cancel();
  }
  if (const Time at = entry.has_turn || pushed ? Time{} : turn(*prepared, house_.now()); at > house_.now()) {
    entry.has_turn = true;
    queue_.set(index, at);
    co_return;
  }
  entry.has_turn = false;

  if (streams(prepared->first)) {  // it stays for as long as it lasts
    prepared->streams = true;
    set_aside(*flight);
    timer_.cancel();
  }

  Polled polled;
  if (pushed) {
    polled = co_await read_pushed(index, *prepared, pushed->document());
    if (polled.kind == Polled::Kind::failed) {  // what it should have been is fetched
      pushed->tell({});
      queue_.set(index, house_.now());
      co_return;
    }
  } else {
    polled = co_await fetch(index, *prepared);
  }
  if (polled.kind == Polled::Kind::cancelled) co_return;
  const std::string hub = polled.hub, topic = polled.topic;
  const bool failed = polled.kind == Polled::Kind::failed;
  if (failed && polled.server.retry_after)
    if (const auto host = host_of(*prepared)) spread_.pause(*host, house_.now() + *polled.server.retry_after);
  unreached_ = failed && polled.status == 0 ? unreached_ + 1 : 0;
  if (unreached_ == kOffline) log::error("no source can be reached: is this machine's network down?");

  // What cannot be kept, validators included, is as if the poll had not been made.
  if (const Status kept = co_await keep(index, *prepared, std::move(polled)); !kept)
    co_return try_again(index, kept.error());
  if (prepared->next_due != schedule::kNever) queue_.set(index, prepared->next_due);
  budget_.change(std::exchange(entry.wish, prepared->pace.wish), prepared->pace.wish);
  ++tally_.polls;
  tally_.failed += failed ? 1 : 0;
  if (pushed)
    pushed->tell({});
  else if (hubs_ && !hub.empty())
    hubs_->found(index, hub, topic, prepared->fresh);
}

asio::awaitable<Status> Collector::keep(std::uint32_t index, Prepared& prepared, Polled polled) {
  const config::Source& source = *entries_[index].source;
  Circumstances at{.rules = *house_.rules,
                   .store = house_.store,
                   .config = house_.config,
                   .policy = prepared.streams ? kStreamPace : policy(index),
                   .offline = unreached_ >= kOffline,
                   .now = house_.now(),
                   .random = house_.random()};
  at.policy.stretch = budget_.stretch();
  const Summary summary{polled.kind, polled.error, std::move(polled.warnings)};
  // Where nothing came there is nothing to look up in the store: that is done in less time than handing it over takes.
  const bool swift = polled.items.empty() && polled.kind != Polled::Kind::failed;
  auto end = [&] { return conclude(source, std::move(prepared.state), prepared.pace, std::move(polled), at); };
  Result<Conclusion> conclusion;
  if (swift)
    conclusion = end();
  else
    conclusion = co_await house_.workers.run(std::move(end));
  if (!conclusion) co_return tl::unexpected(conclusion.error());
  prepared.next_due = conclusion->fetch.source.next_due;
  const std::uint32_t failures = conclusion->fetch.source.failures;
  if (prepared.streams) prepared.state = conclusion->fetch.source;
  const auto committed = co_await durable(house_.committer, house_.workers.way_back(), std::move(conclusion->fetch));
  if (!committed) co_return tl::unexpected(committed.error());
  count(*committed);
  prepared.fresh =
      static_cast<std::size_t>(std::ranges::count(committed->fates, store::Outcome::stored, &store::Fate::outcome));
  report(source, summary, prepared.next_due, failures, *committed);
  if (const auto& change = conclusion->change)
    log::warn("source health", {{"source", source.name},
                                {"was", std::string{schedule::name(change->before)}},
                                {"is", std::string{schedule::name(change->after)}},
                                {"reason", change->reason}});
  if (committed->enqueued > 0) owed_();
  co_return Status{};
}

void Collector::count(const store::Committed& committed) {
  for (const store::Fate& fate : committed.fates) {
    tally_.stored += fate.outcome == store::Outcome::stored ? 1 : 0;
    tally_.merged += fate.outcome == store::Outcome::merged ? 1 : 0;
    tally_.edited += fate.outcome == store::Outcome::changed ? 1 : 0;
  }
  tally_.alerts += committed.enqueued;
}

void Collector::try_again(std::uint32_t index, const Error& why) {
  log::error("store", {{"source", entries_[index].source->name}, {"error", why.message}});
  queue_.set(index, house_.now() + kStoreTrouble);
}

asio::awaitable<Polled> Collector::fetch(std::uint32_t index, Prepared& prepared) {
  const Entry& entry = entries_[index];
  if (!prepared.instance) {
    Polled polled;
    polled.kind = Polled::Kind::failed;
    polled.error = prepared.error;
    co_return polled;
  }
  const auto own = own_policies_.find(index);
  const net::AddressPolicy& may = own == own_policies_.end() ? policy_ : own->second;
  Manner how = manner(house_.config.fetch, *entry.source, may);
  how.hub = hubs_ && !house_.config.server.public_url.empty();
  const PollTools tools = house_.poll_tools();
  if (prepared.streams) {
    const Keep kept = [this, index, &prepared](Polled some) { return keep(index, prepared, std::move(some)); };
    auto polled =
        co_await listen(tools, *prepared.instance, std::move(prepared.first), prepared.state.plugin_state, how, kept);
    co_return polled;
  }
  co_return co_await poll(tools, *prepared.instance, std::move(prepared.first), prepared.state, how);
}

asio::awaitable<Polled> Collector::read_pushed(std::uint32_t index, Prepared& prepared, const Pushed& document) {
  Polled polled;
  if (prepared.instance) {
    net::Response answer;
    answer.status = 200;
    answer.url = document.url;
    answer.body = document.body;
    if (!document.content_type.empty()) answer.headers.push_back({"Content-Type", document.content_type});
    const PollTools tools = house_.poll_tools();
    polled = co_await digest(tools, *prepared.instance, prepared.state, answer);
  } else {
    polled.kind = Polled::Kind::failed;
    polled.error = prepared.error;
  }
  if (polled.kind == Polled::Kind::failed)
    log::warn("a push could not be read; the source is polled instead",
              {{"source", entries_[index].source->name}, {"error", polled.error}});
  co_return polled;
}

std::optional<std::uint64_t> Collector::host_of(const Prepared& prepared) {
  if (prepared.url.empty()) return std::nullopt;
  const auto parsed = url::parse(prepared.url);
  if (!parsed) return std::nullopt;
  return hash(parsed->ip ? parsed->host : net::registrable(parsed->host));
}

Time Collector::turn(const Prepared& prepared, Time now) {
  const auto host = host_of(prepared);
  return host ? spread_.reserve(*host, now) : now;
}

void Collector::report(const config::Source& source, const Summary& summary, Time next_due, std::uint32_t failures,
                       const store::Committed& committed) {
  const auto count = [&](store::Outcome what) {
    return fmt::to_string(std::ranges::count(committed.fates, what, &store::Fate::outcome));
  };
  for (const std::string& warning : summary.warnings)
    log::debug("feed mended", {{"source", source.name}, {"warning", warning}});
  const auto next = [&] { return next_due == schedule::kNever ? "never" : rfc3339(next_due); };
  if (summary.kind == Polled::Kind::failed)
    log::warn(
        "poll failed",
        {{"source", source.name}, {"error", summary.error}, {"failures", fmt::to_string(failures)}, {"next", next()}});
  else if (!committed.fates.empty())
    log::info("polled", {{"source", source.name},
                         {"new", count(store::Outcome::stored)},
                         {"merged", count(store::Outcome::merged)},
                         {"edited", count(store::Outcome::changed)},
                         {"alerts", fmt::to_string(committed.enqueued)},
                         {"next", next()}});
}

schedule::Policy Collector::policy(std::uint32_t index) const {
  const config::Source& source = *entries_[index].source;
  schedule::Policy policy;
  policy.min = source.interval_min > Duration{0} ? source.interval_min : house_.config.fetch.interval_min;
  policy.max =
      std::max(policy.min, source.interval_max > Duration{0} ? source.interval_max : house_.config.fetch.interval_max);
  if (hubs_ && hubs_->pushes(index))
    policy.min = std::max(policy.min, std::min<Duration>(policy.max, schedule::kPushedPoll));
  return policy;
}

}  // namespace earshot::run
