// `earshot alert CHANNEL`: a test alert, or one of each kind, so that a team sees that its channel works, and what to
// expect, before it has to.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/sample_alerts.h"
#include "cli/setup.h"
#include "cli/short_loop.h"
#include "cli/terminal.h"
#include "core/schedule/throttle.h"
#include "run/channel.h"
#include "run/log.h"

namespace earshot::cli {
namespace {

namespace asio = boost::asio;

struct Options {
  std::string config, channel, kind = "test";
};

// "Later" is answered by waiting, but not for longer than a person waits: a service that asks for a moment, or one that
// has to permit deliveries first.
constexpr std::uint32_t kTries = 4;
constexpr Duration kPatience = std::chrono::seconds{30}, kMoment = std::chrono::seconds{2};

asio::awaitable<run::Attempt> try_patiently(const run::PollTools& tools, run::Channel& channel, const Alert& alert) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const Time end = tools.now() + kPatience;
  std::string state;
  for (std::uint32_t number = 1;; ++number) {
    run::Attempt made = co_await run::attempt(tools, channel, alert, number, state);
    const Duration wait = std::max(made.outcome.retry_after, kMoment);
    if (made.outcome.result != host::Outcome::Result::retry || number == kTries || tools.now() + wait > end)
      co_return made;
    fmt::print(stderr, "{}: {}; again in {} s\n", printable(channel.config->name),
               printable(log::redacted(made.outcome.reason)), std::chrono::ceil<std::chrono::seconds>(wait).count());
    state = std::move(made.outcome.state);
    timer.expires_after(wait);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

// One after the other, no faster than the service allows. How many it took.
asio::awaitable<std::size_t> send_all(const run::PollTools& tools, run::Channel& channel,
                                      const std::vector<Alert>& alerts) {
  schedule::Throttle throttle(run::limits(channel));
  asio::steady_timer timer(co_await asio::this_coro::executor);
  std::size_t delivered = 0;
  Time free{};
  for (const Alert& alert : alerts) {
    const Time now = tools.now(), ready = std::max(free, throttle.ready(now));
    if (ready > now) {
      timer.expires_after(ready - now);
      co_await timer.async_wait(asio::use_awaitable);
    }
    throttle.spend(tools.now());
    const run::Attempt made = co_await try_patiently(tools, channel, alert);
    const bool taken = made.outcome.result == host::Outcome::Result::delivered;
    delivered += taken ? 1 : 0;
    free = tools.now() + made.outcome.retry_after;
    const std::string what = alerts.size() > 1 ? fmt::format("{}: ", to_string(alert.kind)) : "";
    const std::string reason = printable(log::redacted(made.outcome.reason));
    fmt::print(stderr, "{}: {}{}{}{}\n", printable(channel.config->name), what, taken ? "delivered" : "not delivered",
               reason.empty() ? ""
               : taken        ? ", but "
                              : ": ",
               reason);
  }
  co_return delivered;
}

int send_alerts(const Options& options) {
  auto setup = set_up(options.config);
  if (!setup) return no;
  std::erase_if(setup->config.channels, [&](const config::Channel& c) { return c.name != options.channel; });
  if (setup->config.channels.empty()) {
    fmt::print(stderr, "earshot alert: no channel is named {}\n", printable(options.channel));
    return no;
  }
  setup->config.channels.front().enabled = true;
  auto channels = run::make_channels(setup->config, setup->catalogue);
  auto proxy = net::proxy_from_environment();
  if (!channels || !proxy) {
    fmt::print(stderr, "earshot alert: {}\n",
               log::redacted(!channels ? channels.error().message : proxy.error().message));
    return no;
  }
  const std::string id = fmt::format("test-{:016x}", run::random_bits());
  const Time now = run::wall_clock();
  std::vector<Alert> alerts;
  for (const AlertKind kind : kAlertKinds)
    if (options.kind == "all" || options.kind == to_string(kind))
      alerts.push_back(sample_alert(kind, options.channel, id, *channels->front().context.texts, now));
  ShortLoop loop(setup->config.fetch, *proxy);
  const run::PollTools tools = loop.tools();
  std::size_t delivered = 0;
  auto job = [&]() -> asio::awaitable<void> { delivered = co_await send_all(tools, channels->front(), alerts); };
  loop.run(job());
  return delivered == alerts.size() ? good : no;
}

}  // namespace

void add_alert(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("alert", "Send a test alert, or one of each kind, to a channel");
  auto options = std::make_shared<Options>();
  command->add_option("channel", options->channel, "The channel's name in the configuration")
      ->required()
      ->type_name("CHANNEL");
  std::vector<std::string> kinds{"all"};
  for (const AlertKind kind : kAlertKinds) kinds.emplace_back(to_string(kind));
  command->add_option("--kind", options->kind, "An alert of that kind with made-up content; all: one of each")
      ->check(CLI::IsMember(kinds))
      ->type_name("KIND")
      ->default_str("test");
  add_config_option(*command, options->config);
  command->footer(
      "Exits 0 when the service took it, 1 when it did not: then it says why. \"Later\" is waited for, up to half a "
      "minute.\n"
      "Examples:\n"
      "  earshot alert pr --config /etc/earshot/earshot.yaml\n"
      "  earshot alert pr --kind all");
  command->callback([options, &exit] { exit = send_alerts(*options); });
}

}  // namespace earshot::cli
