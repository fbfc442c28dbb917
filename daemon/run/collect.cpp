#include "run/collect.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>
#include <utility>

#include "core/url/url.h"
#include "run/durable.h"
#include "run/ingest.h"
#include "run/log.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;

// How many polls a second the overdue sources get after a pause, so that a restart is no stampede.
constexpr double kResumePerSecond = 50;
// How soon a poll that could not be stored is tried again.
constexpr Duration kStoreTrouble = std::chrono::seconds{30};

std::uint64_t hash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

schedule::Outcome outcome(const Polled& polled) {
  using Kind = schedule::Outcome::Kind;
  schedule::Outcome out;
  out.fresh_for = polled.server.fresh_for;
  out.retry_after = polled.server.retry_after;
  if (polled.feed)
    out.document = {std::chrono::seconds{polled.feed->ttl_s}, polled.feed->skip_hours, polled.feed->skip_days};
  if (polled.kind == Polled::Kind::failed)
    out.kind = polled.status == 410 ? Kind::gone : polled.status == 429 ? Kind::throttled : Kind::failed;
  return out;
}

net::Limits limits(const config::Fetch& fetch) {
  net::Limits limits;
  limits.whole = limits.body = fetch.timeout;
  for (Duration* step : {&limits.resolve, &limits.connect, &limits.tls, &limits.send, &limits.header})
    *step = std::min(*step, fetch.timeout);
  limits.max_body = limits.max_wire_body = fetch.max_size;
  return limits;
}

}  // namespace

net::AddressPolicy address_policy(const config::Fetch& fetch, const config::Source& source) {
  net::AddressPolicy policy;
  for (const auto* list : {&fetch.allow_private, &source.allow_private})
    for (const std::string& cidr : *list)
      if (const auto network = url::parse_network(cidr)) policy.allow_private.push_back(*network);  // check saw to it
  return policy;
}

Manner manner(const config::Fetch& fetch, const config::Source& source, const net::AddressPolicy& policy) {
  Manner manner{.headers = {}, .policy = &policy, .limits = limits(fetch)};
  for (const auto& [name, value] : source.headers) manner.headers.push_back({name, value});
  return manner;
}

Collector::Collector(House& house, std::function<void()> owed)
    : house_(house),
      owed_(std::move(owed)),
      spread_(house.config.fetch.host_delay),
      budget_(house.config.fetch.budget / 3600.0),
      timer_(house.io) {
  for (const config::Source& source : house.config.sources)
    if (source.enabled) entries_.push_back({&source, address_policy(house.config.fetch, source)});
  queue_.reserve(entries_.size());
}

asio::awaitable<Status> Collector::start() {
  auto read = [this]() -> Result<std::unordered_map<std::string, Time>> {
    std::unordered_map<std::string, Time> due;
    const Status status = house_.store.each_source([&](std::string_view name, Time next) { due.emplace(name, next); });
    if (!status) return tl::unexpected(status.error());
    return due;
  };
  const auto due = co_await house_.workers.run(std::move(read));
  if (!due) co_return tl::unexpected(due.error());

  const Time now = house_.now();
  std::size_t fresh = 0, overdue = 0;
  for (const Entry& entry : entries_) {
    const auto known = due->find(entry.source->name);
    if (known == due->end())
      ++fresh;
    else if (known->second <= now)
      ++overdue;
  }
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const std::string& name = entries_[i].source->name;
    const auto known = due->find(name);
    queue_.set(i, known == due->end() ? schedule::first_due(hash(name), now, fresh)
                                      : schedule::resume_due(known->second, hash(name), now, overdue, kResumePerSecond,
                                                             policy(*entries_[i].source).max));
  }
  asio::co_spawn(house_.io, schedule(), [](const std::exception_ptr& bug) {
    if (bug) std::rethrow_exception(bug);
  });
  co_return Status{};
}

void Collector::stop() {
  stopping_ = true;
  timer_.cancel();
}

asio::awaitable<void> Collector::schedule() {
  while (!stopping_) {
    while (busy_ < house_.config.fetch.concurrency) {
      const auto next = queue_.pop_due(house_.now());
      if (!next) break;
      ++busy_;
      const std::uint32_t index = *next;
      asio::co_spawn(house_.io, poll_one(index), [this, index](const std::exception_ptr& bug) {
        --busy_;
        timer_.cancel();
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
    const auto next = busy_ < house_.config.fetch.concurrency ? queue_.next_time() : std::nullopt;
    const auto wait = next ? std::max(*next - house_.now(), Duration{0}) : Duration{std::chrono::hours{1}};
    timer_.expires_after(std::min<Duration>(wait, std::chrono::hours{1}));
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<void> Collector::poll_one(std::uint32_t index) {
  Entry& entry = entries_[index];
  const config::Source& source = *entry.source;
  auto begin = [this, &source] { return prepare(source); };
  auto prepared = co_await house_.workers.run(std::move(begin));
  if (!prepared) {
    log::error("store cannot be read", {{"source", source.name}, {"error", prepared.error().message}});
    queue_.set(index, house_.now() + kStoreTrouble);
    co_return;
  }
  if (const Time at = entry.has_turn ? Time{} : turn(*prepared, house_.now()); at > house_.now()) {
    entry.has_turn = true;
    queue_.set(index, at);
    co_return;
  }
  entry.has_turn = false;

  Polled polled = co_await fetch(entry, *prepared);
  if (polled.kind == Polled::Kind::cancelled) co_return;
  if (polled.server.retry_after && !prepared->first.requests.empty())
    if (const auto parsed = url::parse(prepared->first.requests.front().url);
        parsed && polled.kind == Polled::Kind::failed)
      spread_.pause(hash(parsed->host), house_.now() + *polled.server.retry_after);

  const Time now = house_.now();
  schedule::Policy pace = policy(source);
  pace.stretch = budget_.stretch();
  auto end = [&] { return conclude(entry, *prepared, polled, pace, now); };
  auto act = co_await house_.workers.run(std::move(end));
  if (!act) {
    log::error("store cannot be read", {{"source", source.name}, {"error", act.error().message}});
    queue_.set(index, house_.now() + kStoreTrouble);
    co_return;
  }
  const store::SourceState after = act->source;
  const auto committed = co_await durable(house_.committer, std::move(*act));
  if (!committed) {  // nothing of this poll was kept, the validators neither: it is as if it had not been made
    log::error("store cannot be written", {{"source", source.name}, {"error", committed.error().message}});
    queue_.set(index, house_.now() + kStoreTrouble);
    co_return;
  }
  if (after.next_due != schedule::kNever) queue_.set(index, after.next_due);
  budget_.change(std::exchange(entry.wish, prepared->pace.wish), prepared->pace.wish);
  report(source, polled, after, *committed);
  if (committed->enqueued > 0) owed_();
}

Result<Collector::Prepared> Collector::prepare(const config::Source& source) {
  Prepared prepared;
  auto state = house_.store.source(source.name);
  if (!state) return tl::unexpected(state.error());
  if (*state) prepared.state = std::move(**state);
  prepared.state.name = source.name;
  if (auto pace = schedule::State::decode(prepared.state.pace)) prepared.pace = std::move(*pace);

  auto plugin = house_.catalogue.find(host::Kind::source, source.type);
  if (!plugin) {
    prepared.error = plugin.error().message;
    return prepared;
  }
  auto instance = host::SourceInstance::create(*plugin, source.name, source.settings);
  if (!instance) {
    prepared.error = instance.error().message;
    return prepared;
  }
  auto first = (*instance)->begin({house_.now(), house_.random(), prepared.state.plugin_state});
  if (!first) {
    prepared.error = first.error().message;
    return prepared;
  }
  prepared.instance = std::move(*instance);
  prepared.first = std::move(*first);
  return prepared;
}

asio::awaitable<Polled> Collector::fetch(const Entry& entry, Prepared& prepared) {
  if (!prepared.instance) {
    Polled polled;
    polled.kind = Polled::Kind::failed;
    polled.error = prepared.error;
    co_return polled;
  }
  const Manner how = manner(house_.config.fetch, *entry.source, entry.policy);
  const PollTools tools = house_.poll_tools();
  co_return co_await poll(tools, *prepared.instance, prepared.first, prepared.state, how);
}

Result<store::Fetch> Collector::conclude(const Entry& entry, Prepared& prepared, Polled& polled,
                                         const schedule::Policy& policy, Time now) {
  const config::Source& source = *entry.source;
  store::Fetch fetch;
  fetch.source = std::move(prepared.state);
  fetch.at = now;
  store::SourceState& state = fetch.source;

  const Origin origin{source, !state.first_poll.has_value(), source.backfill};
  auto taken = ingest(std::move(polled.items), origin, *house_.rules, house_.store, now);
  if (!taken) return tl::unexpected(taken.error());
  fetch.found = std::move(taken->found);
  fetch.still_listed = std::move(taken->still_listed);

  state.last_attempt = now;
  if (polled.plugin_state) state.plugin_state = std::move(*polled.plugin_state);
  if (!taken->new_items.empty()) state.last_new = now;
  if (polled.kind == Polled::Kind::failed) {
    ++state.failures;
    state.last_error = log::redacted(polled.error);
  } else {
    state.failures = 0;
    state.last_error.clear();
    state.last_success = now;
    if (!state.first_poll) state.first_poll = now;
    state.validators = std::move(polled.validators);
    if (polled.feed && !polled.feed->title.empty()) state.title = polled.feed->title;
    state.moved_to = polled.permanent_url;
  }
  schedule::Outcome came_to = outcome(polled);
  came_to.new_items = taken->new_items;
  state.next_due = schedule::next_due(prepared.pace, came_to, policy, now, house_.random());
  state.gone = prepared.pace.ended;
  state.pace = prepared.pace.encode();
  return fetch;
}

Time Collector::turn(const Prepared& prepared, Time now) {
  if (prepared.first.requests.empty()) return now;
  const auto parsed = url::parse(prepared.first.requests.front().url);
  return parsed ? spread_.reserve(hash(parsed->host), now) : now;
}

void Collector::report(const config::Source& source, const Polled& polled, const store::SourceState& state,
                       const store::Committed& committed) {
  const auto count = [&](store::Outcome what) {
    return fmt::to_string(std::ranges::count(committed.fates, what, &store::Fate::outcome));
  };
  for (const std::string& warning : polled.warnings)
    log::debug("feed mended", {{"source", source.name}, {"warning", warning}});
  const std::string next = state.next_due == schedule::kNever ? "never" : rfc3339(state.next_due);
  if (polled.kind == Polled::Kind::failed)
    log::warn("poll failed", {{"source", source.name},
                              {"error", polled.error},
                              {"failures", fmt::to_string(state.failures)},
                              {"next", next}});
  else if (!committed.fates.empty())
    log::info("polled", {{"source", source.name},
                         {"new", count(store::Outcome::stored)},
                         {"merged", count(store::Outcome::merged)},
                         {"edited", count(store::Outcome::changed)},
                         {"alerts", fmt::to_string(committed.enqueued)},
                         {"next", next}});
  else
    log::debug("polled", {{"source", source.name}, {"status", fmt::to_string(polled.status)}, {"next", next}});
}

schedule::Policy Collector::policy(const config::Source& source) const {
  schedule::Policy policy;
  policy.min = source.interval_min > Duration{0} ? source.interval_min : house_.config.fetch.interval_min;
  policy.max =
      std::max(policy.min, source.interval_max > Duration{0} ? source.interval_max : house_.config.fetch.interval_max);
  return policy;
}

}  // namespace earshot::run
