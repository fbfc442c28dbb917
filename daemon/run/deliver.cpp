#include "run/deliver.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <utility>

#include "run/backlog.h"
#include "run/channel_health.h"
#include "run/durable.h"
#include "run/follow_up.h"
#include "run/log.h"
#include "run/verdict.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;
using Verdict = host::Outcome::Result;

constexpr std::size_t kBatch = kFolded + 1;
constexpr Duration kStoreTrouble = std::chrono::seconds{30};

std::optional<Time> read_since(const std::optional<std::string>& note) {
  std::int64_t ms = 0;
  if (!note || std::from_chars(note->data(), note->data() + note->size(), ms).ec != std::errc{}) return std::nullopt;
  return from_ms(ms);
}

}  // namespace

Deliverer::Deliverer(House& house, Exchange& exchange, std::vector<Channel> channels)
    : house_(house), exchange_(exchange) {
  for (Channel& channel : channels) lines_.push_back(std::make_unique<Line>(std::move(channel), house.io));
}

asio::awaitable<Status> Deliverer::start() {
  auto bury = [this]() -> Status {
    const auto pending = house_.store.pending();
    if (!pending) return tl::unexpected(pending.error());
    for (const store::Owing& owing : *pending) {
      if (std::ranges::find(house_.config.channels, owing.channel, &config::Channel::name) !=
          house_.config.channels.end())
        continue;
      const auto buried =
          house_.store.bury(owing.channel, "the channel is no longer in the configuration", house_.now());
      if (!buried) return tl::unexpected(buried.error());
      log::warn("alerts of a channel that is no longer configured became dead letters",
                {{"channel", owing.channel}, {"alerts", fmt::to_string(*buried)}});
    }
    return {};
  };
  if (const Status buried = co_await house_.workers.run(std::move(bury)); !buried) co_return buried;
  auto remember = [this]() -> Status {
    for (const auto& line : lines_) {
      const auto note = house_.store.note(std::string(kGonePrefix) + line->name());
      if (!note) return tl::unexpected(note.error());
      line->gone_since = read_since(*note);
      line->try_at_once = line->gone_since.has_value();
    }
    return {};
  };
  if (const Status read = co_await house_.workers.run(std::move(remember)); !read) co_return read;
  for (const auto& line : lines_) {
    ++busy_;
    asio::co_spawn(house_.io, work(*line), [this, &line = *line](const std::exception_ptr& bug) {
      --busy_;
      if (!bug) return;
      try {
        std::rethrow_exception(bug);
      } catch (const std::exception& e) {
        log::error("deliveries stopped by a fault of the program; a restart goes on with them",
                   {{"channel", line.name()}, {"error", e.what()}});
      }
    });
  }
  co_return Status{};
}

std::vector<Tries> Deliverer::tries() const {
  std::vector<Tries> all;
  all.reserve(lines_.size());
  for (const auto& line : lines_) all.push_back(line->tries);
  return all;
}

void Deliverer::wake() {
  for (const auto& line : lines_) {
    line->woken = true;
    line->timer.cancel();
  }
}

void Deliverer::stop() {
  stopping_ = true;
  wake();
}

asio::awaitable<void> Deliverer::wait(Line& line, Duration most) {
  if (line.woken || stopping_) co_return;
  line.timer.expires_after(std::min<Duration>(most, std::chrono::hours{24}));
  co_await line.timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> Deliverer::wait_for_store(Line& line, const Error& error) {
  log::error("store cannot be worked with", {{"channel", line.name()}, {"error", error.message}});
  line.woken = false;
  co_await wait(line, kStoreTrouble);
}

bool Deliverer::folds(const Line& line, std::span<const store::Delivery> head) const {
  return fold(head, house_.store.owed(line.name()), line.channel.config->backlog, *line.channel.context.texts,
              house_.now())
      .has_value();
}

Result<std::vector<store::Delivery>> Deliverer::look(const Line& line) {
  const config::Channel& channel = *line.channel.config;
  auto owed = house_.store.peek(channel.name, kBatch);
  if (!owed) return owed;
  const Time now = house_.now();
  if (const auto folded =
          fold(*owed, house_.store.owed(channel.name), channel.backlog, *line.channel.context.texts, now)) {
    if (const Status done = house_.store.fold(folded->numbers, folded->digest, now); !done)
      return tl::unexpected(done.error());
    log::info("alerts that waited became a digest", {{"channel", channel.name},
                                                     {"alerts", fmt::to_string(folded->numbers.size())},
                                                     {"delivery", folded->digest.delivery_id}});
    owed = house_.store.peek(channel.name, kBatch);
    if (!owed) return owed;
  }
  return owed;
}

asio::awaitable<void> Deliverer::work(Line& line) {
  while (!stopping_) {
    line.woken = false;  // before looking: what is enqueued from now on wakes us again
    auto job = [&] { return look(line); };
    const auto owed = co_await house_.workers.run(std::move(job));
    if (!owed) {
      co_await wait_for_store(line, owed.error());
      continue;
    }
    if (owed->empty()) co_await wait(line, std::chrono::hours{24});
    for (std::size_t i = 0; i < owed->size(); ++i) {
      const bool settled = co_await advance(line, (*owed)[i]);
      if (!settled || folds(line, std::span(*owed).subspan(i + 1))) break;
    }
  }
}

asio::awaitable<bool> Deliverer::wait_for_turn(Line& line, const store::Delivery& head) {
  for (;;) {  // being woken by newer ones changes nothing
    if (stopping_) co_return false;
    const Time now = house_.now(), own = line.try_at_once ? Time{} : head.not_before;
    const Time ready = std::max({own, line.quiet_until, line.throttle.ready(now)});
    if (ready <= now) co_return true;
    line.woken = false;
    co_await wait(line, ready - now);
  }
}

asio::awaitable<bool> Deliverer::advance(Line& line, const store::Delivery& delivery) {
  if (const bool turn = co_await wait_for_turn(line, delivery); !turn) co_return false;
  if (const Status whole = co_await renew(line); !whole) {
    log::error("channel", {{"channel", line.name()}, {"error", whole.error().message}});
    line.woken = false;
    co_await wait(line, kParked);
    co_return false;
  }
  const PollTools tools{exchange_, house_.workers, house_.now, house_.random};
  Alert alert = delivery.alert;
  auto look_up = [&] { return bring_up_to_date(alert, house_.store, *line.channel.context.texts); };
  if (const Status known = co_await house_.workers.run(std::move(look_up)); !known) {
    co_await wait_for_store(line, known.error());
    co_return false;
  }
  if (buttons_) alert.actions = buttons_(alert, *line.channel.context.texts);
  line.throttle.spend(house_.now());
  line.try_at_once = false;
  const Attempt made = co_await attempt(tools, line.channel, alert, delivery.attempts + 1, delivery.progress);
  if (made.cancelled) co_return false;
  Settled came_to = settle(line.name(), delivery, made, house_.now(), house_.random());
  line.quiet_until = came_to.quiet_until;
  std::uint64_t& count = std::holds_alternative<store::Delivered>(came_to.settlement.result)    ? line.tries.delivered
                         : std::holds_alternative<store::RetryLater>(came_to.settlement.result) ? line.tries.retried
                                                                                                : line.tries.given_up;
  const Status settled = co_await durable(house_.committer, house_.workers.way_back(), std::move(came_to.settlement));
  if (!settled) {  // it was sent but that is not on disk: it will be sent again, with the same delivery id
    co_await wait_for_store(line, settled.error());
    co_return false;
  }
  ++count;
  if (came_to.gone != line.gone_since.has_value() && (came_to.gone || made.outcome.result == Verdict::delivered))
    co_await tell_others(line, came_to.gone, log::redacted(made.outcome.reason));
  co_return !made.broken && (made.outcome.result == Verdict::delivered || made.outcome.result == Verdict::rejected);
}

asio::awaitable<void> Deliverer::tell_others(Line& line, bool gone, std::string reason) {
  auto tell = [&]() -> Status {
    const Time now = house_.now();
    const std::vector<Alert> alerts = gone ? gone_alerts(house_.config, line.name(), reason, now)
                                           : back_alerts(house_.config, line.name(), *line.gone_since, now);
    store::Note note{std::string(kGonePrefix) + line.name(), std::nullopt};
    if (gone) note.value = fmt::to_string(to_ms(now));
    if (Status put = house_.store.enqueue(alerts, {&note, 1}, now); !put) return put;
    line.gone_since = gone ? std::optional{now} : std::nullopt;
    return {};
  };
  if (const Status told = co_await house_.workers.run(std::move(tell)); !told)
    log::error("who else should know of a channel cannot be told",
               {{"channel", line.name()}, {"error", told.error().message}});
  else
    wake();
}

asio::awaitable<Status> Deliverer::renew(Line& line) {
  if (!line.channel.sink->quarantined()) co_return Status{};
  auto make = [&] { return make_sink(*line.channel.config, house_.catalogue); };
  auto sink = co_await house_.workers.run(std::move(make));
  if (!sink) co_return tl::unexpected(sink.error());
  line.channel.sink = std::move(*sink);
  co_return Status{};
}

}  // namespace earshot::run
