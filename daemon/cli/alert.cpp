// `earshot alert CHANNEL`: a test alert, so that a team sees that its channel works before it has to.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/setup.h"
#include "cli/short_loop.h"
#include "cli/terminal.h"
#include "run/deliver.h"
#include "run/log.h"

namespace earshot::cli {
namespace {

struct Options {
  std::string config, channel;
};

Alert test_alert(const std::string& channel, Time now) {
  Alert alert;
  alert.kind = AlertKind::test;
  alert.channel = channel;
  alert.delivery_id = fmt::format("test-{:016x}", run::random_bits());
  alert.created = now;
  alert.headline = "A test alert from Earshot";
  alert.text = fmt::format("Channel {} works: this is where its mentions will appear.", channel);
  return alert;
}

int send_test(const Options& options) {
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
  ShortLoop loop(setup->config.fetch, *proxy);
  run::Attempt made;
  const Alert alert = test_alert(options.channel, run::wall_clock());
  const run::PollTools tools = loop.tools();
  auto job = [&]() -> boost::asio::awaitable<void> {
    made = co_await run::attempt(tools, channels->front(), alert, 1);
  };
  loop.run(job());
  const bool delivered = made.outcome.result == host::Outcome::Result::delivered;
  fmt::print(stderr, "{}: {}{}\n", printable(options.channel), delivered ? "delivered" : "not delivered: ",
             delivered ? "" : printable(log::redacted(made.outcome.reason)));
  return delivered ? good : no;
}

}  // namespace

void add_alert(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("alert", "Send a test alert to a channel");
  auto options = std::make_shared<Options>();
  command->add_option("channel", options->channel, "The channel's name in the configuration")
      ->required()
      ->type_name("CHANNEL");
  add_config_option(*command, options->config);
  command->footer(
      "Exits 0 when the service took it, 1 when it did not: then it says why.\n"
      "Example:\n"
      "  earshot alert pr --config /etc/earshot/earshot.yaml");
  command->callback([options, &exit] { exit = send_test(*options); });
}

}  // namespace earshot::cli
