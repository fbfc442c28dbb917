#include "run/channel.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace earshot::run {
namespace {

namespace asio = boost::asio;
using Verdict = host::Outcome::Result;

// Answers of chat services are a few bytes; more is not read.
constexpr std::uint64_t kMaxAnswer = 256U << 10;
const net::AddressPolicy kOperatorWrote{.allow_all_private = true, .allow_private = {}};

host::Outcome undelivered(Verdict result, std::string reason) {
  host::Outcome outcome;
  outcome.result = result;
  outcome.reason = std::move(reason);
  return outcome;
}

}  // namespace

Result<std::unique_ptr<host::SinkInstance>> make_sink(const config::Channel& from, const host::Catalogue& catalogue) {
  auto plugin = catalogue.find(host::Kind::sink, from.type);
  if (!plugin) return fail(fmt::format("channel {}: {}", from.name, plugin.error().message));
  auto sink = host::SinkInstance::create(*plugin, from.name, from.settings);
  if (!sink) return fail(fmt::format("channel {}", sink.error().message));
  return sink;
}

Result<std::vector<Channel>> make_channels(const config::Config& config, const host::Catalogue& catalogue) {
  std::vector<Channel> channels;
  for (const config::Channel& from : config.channels) {
    if (!from.enabled) continue;
    auto sink = make_sink(from, catalogue);
    if (!sink) return tl::unexpected(sink.error());
    auto when = host::PeopleTime::create(config.timezone, from.language);
    if (!when) return tl::unexpected(when.error());
    Channel channel{.config = &from, .sink = std::move(*sink), .context = {}};
    channel.context.texts = from.texts;
    channel.context.when = [shared = std::make_shared<host::PeopleTime>(std::move(*when))](Time t) {
      return (*shared)(t);
    };
    channels.push_back(std::move(channel));
  }
  return channels;
}

std::vector<schedule::Rate> limits(const Channel& channel) {
  std::vector<schedule::Rate> out;
  for (const earshot_rate& rate : channel.sink->plugin().rates()) out.push_back({rate.count, Duration{rate.period_ms}});
  return out;
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
  const bool edits = (channel.sink->plugin().capabilities() & EARSHOT_EDITS) != 0;
  const bool editable = edits && !outcome->remote_id.empty();
  co_return Attempt{.outcome = std::move(*outcome), .answered = true, .editable = editable};
}

}  // namespace earshot::run
