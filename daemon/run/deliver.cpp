#include "run/deliver.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "core/schedule/backoff.h"
#include "run/durable.h"
#include "run/log.h"
#include "run/story_words.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;
using Verdict = host::Outcome::Result;

constexpr std::size_t kBatch = 32;
constexpr Duration kStoreTrouble = std::chrono::seconds{30};
const net::AddressPolicy kOperatorWrote{.allow_all_private = true, .allow_private = {}};

host::Outcome undelivered(Verdict result, std::string reason) {
  host::Outcome outcome;
  outcome.result = result;
  outcome.reason = std::move(reason);
  return outcome;
}

}  // namespace

namespace {

Result<std::unique_ptr<host::SinkInstance>> make_sink(const config::Channel& from, const host::Catalogue& catalogue) {
  auto plugin = catalogue.find(host::Kind::sink, from.type);
  if (!plugin) return fail(fmt::format("channel {}: {}", from.name, plugin.error().message));
  auto sink = host::SinkInstance::create(*plugin, from.name, from.settings);
  if (!sink) return fail(fmt::format("channel {}", sink.error().message));
  return sink;
}

}  // namespace

Result<std::vector<Channel>> make_channels(const config::Config& config, const host::Catalogue& catalogue) {
  std::vector<Channel> channels;
  for (const config::Channel& from : config.channels) {
    if (!from.enabled) continue;
    auto sink = make_sink(from, catalogue);
    if (!sink) return tl::unexpected(sink.error());
    auto when = host::PeopleTime::create(config.timezone, from.language);
    if (!when) return tl::unexpected(when.error());
    Channel channel{.config = &from, .sink = std::move(*sink), .context = {}};
    channel.context.language = from.language;
    channel.context.when = [shared = std::make_shared<host::PeopleTime>(std::move(*when))](Time t) {
      return (*shared)(t);
    };
    channels.push_back(std::move(channel));
  }
  return channels;
}

asio::awaitable<Attempt> attempt(const PollTools& tools, Channel& channel, const Alert& alert, std::uint32_t number,
                                 std::string_view state) {
  auto render = [&] {
    return channel.sink->request({tools.now(), tools.random(), state}, alert, number, channel.context);
  };
  auto request = co_await tools.workers.run(std::move(render));
  const auto refused = [&](const Error& error) {
    return Attempt{undelivered(Verdict::rejected, error.message), false, channel.sink->quarantined()};
  };
  if (!request) co_return refused(request.error());

  Errand errand{.request = std::move(*request),
                .headers = {},
                .validators = {},
                .follow_redirects = false,
                .policy = &kOperatorWrote,
                .limits = {}};
  const std::uint64_t tag = errand.request.tag;
  errand.limits.max_body = errand.limits.max_wire_body = kMaxAnswer;
  const auto answer = co_await tools.exchange.send(std::move(errand));
  if (!answer) {
    const net::FetchError& error = answer.error();
    // What came after sending may have arrived over there: it is sent again, with the same delivery id.
    const bool hopeless = error.step == net::Step::url || error.step == net::Step::guard;
    co_return Attempt{undelivered(hopeless ? Verdict::rejected : Verdict::retry, error.message),
                      error.step == net::Step::cancelled};
  }
  auto judge = [&] {
    return channel.sink->outcome({tools.now(), tools.random(), state}, alert, number, channel.context,
                                 plugin_view(*answer, tag));
  };
  auto outcome = co_await tools.workers.run(std::move(judge));
  if (!outcome) co_return refused(outcome.error());
  co_return Attempt{.outcome = std::move(*outcome), .answered = true};
}

Deliverer::Deliverer(House& house, std::vector<Channel> channels) : house_(house) {
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
  for (const auto& line : lines_) {
    ++busy_;
    asio::co_spawn(house_.io, work(*line), [this, &line = *line](const std::exception_ptr& bug) {
      --busy_;
      if (!bug) return;
      try {
        std::rethrow_exception(bug);
      } catch (const std::exception& e) {
        log::error("deliveries stopped by a fault of the program; a restart goes on with them",
                   {{"channel", line.channel.config->name}, {"error", e.what()}});
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

asio::awaitable<void> Deliverer::work(Line& line) {
  while (!stopping_) {
    line.woken = false;  // before looking: what is enqueued from now on wakes us again
    auto look = [&]() -> Result<std::vector<store::Delivery>> {
      auto owed = house_.store.peek(line.channel.config->name, kBatch);
      if (!owed) return owed;
      for (store::Delivery& delivery : *owed) {
        if (!delivery.alert.story.empty()) continue;
        auto story = common_story(delivery.alert, house_.store);
        if (!story) return tl::unexpected(story.error());
        delivery.alert.story = std::move(*story);
      }
      return owed;
    };
    const auto owed = co_await house_.workers.run(std::move(look));
    if (!owed) {
      log::error("store cannot be read", {{"channel", line.channel.config->name}, {"error", owed.error().message}});
      co_await wait(line, kStoreTrouble);
      continue;
    }
    if (owed->empty()) co_await wait(line, std::chrono::hours{24});
    for (const store::Delivery& delivery : *owed) {
      const bool settled = co_await advance(line, delivery);
      if (!settled) break;
    }
  }
}

asio::awaitable<bool> Deliverer::advance(Line& line, const store::Delivery& delivery) {
  for (;;) {  // the head of the line waits for its time; being woken by newer ones changes nothing
    if (stopping_) co_return false;
    const Time ready = std::max(delivery.not_before, line.parked_until), now = house_.now();
    if (ready <= now) break;
    line.woken = false;
    co_await wait(line, ready - now);
  }
  if (const Status whole = co_await renew(line); !whole) {
    log::error("channel", {{"channel", line.channel.config->name}, {"error", whole.error().message}});
    line.woken = false;
    co_await wait(line, kParked);
    co_return false;
  }
  const PollTools tools = house_.poll_tools();
  Alert alert = delivery.alert;
  if (buttons_) alert.actions = buttons_(alert, line.channel.config->language);
  const Attempt made = co_await attempt(tools, line.channel, alert, delivery.attempts + 1, delivery.progress);
  if (made.cancelled) co_return false;
  const Time now = house_.now();
  store::Settlement came_to = settlement(line, delivery, made, now);
  std::uint64_t& count = std::holds_alternative<store::Delivered>(came_to.result)    ? line.tries.delivered
                         : std::holds_alternative<store::RetryLater>(came_to.result) ? line.tries.retried
                                                                                     : line.tries.given_up;
  const Status settled = co_await durable(house_.committer, house_.workers.way_back(), std::move(came_to));
  if (!settled) {  // it was sent but that is not on disk: it will be sent again, with the same delivery id
    log::error("store cannot be written", {{"channel", line.channel.config->name}, {"error", settled.error().message}});
    line.woken = false;
    co_await wait(line, kStoreTrouble);
    co_return false;
  }
  ++count;
  co_return !made.broken && (made.outcome.result == Verdict::delivered || made.outcome.result == Verdict::rejected);
}

asio::awaitable<Status> Deliverer::renew(Line& line) {
  if (!line.channel.sink->quarantined()) co_return Status{};
  auto make = [&] { return make_sink(*line.channel.config, house_.catalogue); };
  auto sink = co_await house_.workers.run(std::move(make));
  if (!sink) co_return tl::unexpected(sink.error());
  line.channel.sink = std::move(*sink);
  co_return Status{};
}

store::Settlement Deliverer::settlement(Line& line, const store::Delivery& delivery, const Attempt& made, Time now) {
  const host::Outcome& outcome = made.outcome;
  const std::string& channel = line.channel.config->name;
  const std::string reason = log::redacted(outcome.reason);
  const std::string attempt_number = fmt::to_string(delivery.attempts + 1);
  store::Settlement settlement{
      .channel = channel, .number = delivery.number, .at = now, .result = store::Delivered{outcome.remote_id}};
  const auto retry = [&] {
    const auto asked = outcome.retry_after > Duration{0} ? std::optional{outcome.retry_after} : std::nullopt;
    const Time next = now + schedule::backoff(schedule::kDelivery, delivery.attempts + 1, asked, house_.random());
    // A try that no answer came to leaves what the earlier ones achieved.
    settlement.result = store::RetryLater{next, reason, made.answered ? outcome.state : delivery.progress};
    log::warn("delivery postponed", {{"channel", channel},
                                     {"delivery", delivery.alert.delivery_id},
                                     {"reason", reason},
                                     {"attempt", attempt_number},
                                     {"next", rfc3339(next)}});
  };
  const auto bury = [&](std::string why) {
    log::error(
        "delivery failed for good; kept as a dead letter",
        {{"channel", channel}, {"delivery", delivery.alert.delivery_id}, {"reason", why}, {"attempt", attempt_number}});
    settlement.result = store::Undeliverable{std::move(why)};
  };
  switch (outcome.result) {
    case Verdict::delivered:
      line.parked_until = outcome.retry_after > Duration{0} ? now + outcome.retry_after : Time{};  // its rate limit
      log::info("delivered",
                {{"channel", channel}, {"delivery", delivery.alert.delivery_id}, {"attempt", attempt_number}});
      if (!reason.empty())
        log::warn("delivered in part",
                  {{"channel", channel}, {"delivery", delivery.alert.delivery_id}, {"reason", reason}});
      break;
    case Verdict::rejected:
      if (made.broken && delivery.attempts + 1 < kBrokenTries) {
        log::error("a plugin broke its contract; the alert is given to a new instance of it",
                   {{"channel", channel}, {"reason", reason}, {"attempt", attempt_number}});
        settlement.result = store::RetryLater{now, reason, delivery.progress};
      } else {
        bury(reason);
      }
      break;
    case Verdict::channel_gone:
      if (delivery.attempts == 0) {  // a second try confirms it
        retry();
      } else {
        line.parked_until = now + kParked;
        bury(reason);
      }
      break;
    case Verdict::retry:
      if (now - delivery.owed_since > kGiveUp)
        bury(fmt::format("given up after {}: {}", format_duration(kGiveUp), reason));
      else
        retry();
      break;
  }
  return settlement;
}

}  // namespace earshot::run
