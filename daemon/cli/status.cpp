// `earshot status`: how the sources and channels are doing, and what could not be delivered.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <memory>

#include "cli/commands.h"
#include "cli/local_time.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "core/schedule/health.h"
#include "core/url/url.h"
#include "run/clock.h"
#include "run/hubs.h"
#include "run/waiting.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string config;
  bool as_json = false;
};

constexpr std::size_t kMostDead = 1000;

struct Status {
  std::vector<std::pair<const config::Source*, store::SourceState>> sources;
  std::map<std::string, schedule::Subscription> hubs;  // by source
  std::map<std::string, store::Owing> owing;
  std::map<std::string, store::Delivery> heads;  // the first in line that was tried and failed
  std::vector<store::DeadLetter> dead;
  std::vector<store::DayCount> today;
  std::vector<run::Waiting> waiting;
  store::Stats stats;
};

Result<Status> read(const store::Store& store, const config::Config& config, Time now) {
  Status status;
  for (const config::Source& source : config.sources) {
    auto state = store.source(source.name);
    if (!state) return tl::unexpected(state.error());
    status.sources.emplace_back(&source, *state ? std::move(**state) : store::SourceState{});
  }
  auto hubs = run::read_subscriptions(store);
  if (!hubs) return tl::unexpected(hubs.error());
  for (auto& [source, subscription] : *hubs) status.hubs.emplace(source, std::move(subscription));
  auto pending = store.pending();
  if (!pending) return tl::unexpected(pending.error());
  for (store::Owing& owing : *pending) {
    auto head = store.peek(owing.channel, 1);
    if (!head) return tl::unexpected(head.error());
    if (!head->empty() && head->front().attempts > 0) status.heads.emplace(owing.channel, std::move(head->front()));
    status.owing.emplace(owing.channel, std::move(owing));
  }
  auto dead = store.dead_letters("", kMostDead);
  if (!dead) return tl::unexpected(dead.error());
  status.dead = std::move(*dead);
  const auto day = std::chrono::floor<std::chrono::days>(now);
  auto today = store.counters(day, day);
  if (!today) return tl::unexpected(today.error());
  status.today = std::move(*today);
  auto waits = run::waiting(store);
  if (!waits) return tl::unexpected(waits.error());
  status.waiting = std::move(*waits);
  status.stats = store.stats();
  return status;
}

std::string first_title(const Alert& alert) {
  return alert.mentions.empty() ? alert.headline : alert.mentions.front().item.title;
}

schedule::HealthState health_of(const store::SourceState& state) {
  auto health = schedule::HealthState::decode(state.health);
  return health ? std::move(*health) : schedule::HealthState{};
}

void put_time(json::object& to, std::string_view name, std::optional<Time> t) {
  if (t) to[name] = rfc3339(*t);
}

json::object to_json(const Status& status, const config::Config& config) {
  json::array sources, channels, dead;
  for (const auto& [source, state] : status.sources) {
    json::object one{{"name", source->name}, {"type", source->type}, {"failures", state.failures}};
    if (const schedule::HealthState health = health_of(state); health.since != Time{}) {
      one["health"] = schedule::name(health.health);
      put_time(one, "health_since", health.since);
      if (!health.reason.empty()) one["health_reason"] = health.reason;
    }
    if (!state.last_error.empty()) one["error"] = state.last_error;
    if (!state.title.empty()) one["title"] = state.title;
    if (!state.moved.to.empty()) one["moved_to"] = state.moved.to;
    if (state.gone) one["gone"] = true;
    if (const auto hub = status.hubs.find(source->name); hub != status.hubs.end()) {
      json::object about{{"state", schedule::name(hub->second.state)}, {"url", url::redact(hub->second.hub)}};
      put_time(about, "since", hub->second.since);
      put_time(about, "next", hub->second.next);
      if (!hub->second.reason.empty()) about["reason"] = hub->second.reason;
      one["hub"] = std::move(about);
    }
    put_time(one, "last_attempt", state.last_attempt);
    put_time(one, "last_success", state.last_success);
    put_time(one, "last_new", state.last_new);
    if (!state.gone && state.last_attempt) put_time(one, "next", state.next_due);
    sources.push_back(std::move(one));
  }
  for (const config::Channel& channel : config.channels) {
    json::object one{{"name", channel.name}, {"type", channel.type}, {"owed", 0}};
    if (const auto owing = status.owing.find(channel.name); owing != status.owing.end()) {
      one["owed"] = owing->second.count;
      put_time(one, "oldest", owing->second.oldest);
    }
    if (const auto head = status.heads.find(channel.name); head != status.heads.end() && !head->second.tries.empty()) {
      one["error"] = head->second.tries.back().reason;
      one["attempts"] = head->second.attempts;
      put_time(one, "next", head->second.not_before);
    }
    channels.push_back(std::move(one));
  }
  json::array waits;
  for (const run::Waiting& one : status.waiting) {
    json::object entry{{"what", one.what}, {"route", one.route}, {"channel", one.channel}, {"mentions", one.mentions}};
    put_time(entry, "due", one.due == Time{} ? std::nullopt : std::optional{one.due});
    waits.push_back(std::move(entry));
  }
  for (const store::DeadLetter& letter : status.dead)
    dead.push_back({{"channel", letter.delivery.alert.channel},
                    {"delivery_id", letter.delivery.alert.delivery_id},
                    {"reason", letter.reason},
                    {"attempts", letter.delivery.attempts},
                    {"died", rfc3339(letter.died)},
                    {"title", first_title(letter.delivery.alert)}});
  json::object today;
  for (const store::DayCount& count : status.today) today[count.name] = count.value;
  return {
      {"sources", std::move(sources)},        {"channels", std::move(channels)}, {"waits", std::move(waits)},
      {"dead_letters", std::move(dead)},      {"today", std::move(today)},       {"mentions", status.stats.mentions},
      {"disk_bytes", status.stats.disk_bytes}};
}

std::string ago(std::optional<Time> t, Time now) { return t ? relative_time(*t, now) : "never"; }

// "broken since 2 hours ago: …"; trouble that may still be an accident is shown as what the last poll said.
std::string in_words(const store::SourceState& state, Time now, const Terminal& terminal) {
  if (!state.last_attempt) return "not polled yet";
  const schedule::HealthState health = health_of(state);
  if (health.health != schedule::Health::ok)
    return terminal.styled(fmt::format("{} since {}: {}", schedule::name(health.health),
                                       relative_time(health.since, now), printable(health.reason)),
                           health.health == schedule::Health::moved ? "33" : "31");
  if (!state.last_error.empty()) return terminal.styled(printable(state.last_error), "33");
  return "ok";
}

void print_sources(const Status& status, Time now, const Terminal& terminal) {
  std::vector<std::vector<std::string>> rows{{"SOURCE", "TYPE", "POLLED", "NEW", "NEXT", "STATE"}};
  for (const auto& [source, state] : status.sources) {
    const std::string next = state.gone || !state.last_attempt ? "" : relative_time(state.next_due, now);
    const auto hub = status.hubs.find(source->name);
    std::string how = !source->enabled ? "disabled" : in_words(state, now, terminal);
    if (how == "ok" && hub != status.hubs.end() && hub->second.pushes()) how += ", pushed by its hub";
    rows.push_back(
        {printable(source->name), source->type, ago(state.last_attempt, now), ago(state.last_new, now), next, how});
  }
  fmt::print("{}\n", table(rows, terminal));
}

void print_channels(const Status& status, const config::Config& config, Time now, const Terminal& terminal) {
  std::vector<std::vector<std::string>> rows{{"CHANNEL", "TYPE", "OWED", "OLDEST", "STATE"}};
  for (const config::Channel& channel : config.channels) {
    const auto owing = status.owing.find(channel.name);
    const auto head = status.heads.find(channel.name);
    const bool failing = head != status.heads.end() && !head->second.tries.empty();
    rows.push_back(
        {printable(channel.name), channel.type, owing == status.owing.end() ? "0" : fmt::to_string(owing->second.count),
         owing == status.owing.end() ? "" : relative_time(owing->second.oldest, now),
         failing ? terminal.styled(fmt::format("{} (tried {}, next {})", printable(head->second.tries.back().reason),
                                               head->second.attempts, relative_time(head->second.not_before, now)),
                                   "31")
                 : "ok"});
  }
  fmt::print("{}\n", table(rows, terminal));
}

// What routes let wait, by channel; a hundred groups of one route are one line.
void print_waiting(const Status& status, Time now, const Terminal& terminal) {
  struct Sum {
    std::uint64_t alerts = 0, mentions = 0;
    std::optional<Time> next;
  };
  std::map<std::array<std::string, 3>, Sum> sums;
  for (const run::Waiting& one : status.waiting) {
    Sum& sum = sums[{one.channel, one.route, one.what}];
    ++sum.alerts;
    sum.mentions += one.mentions;
    if (one.due != Time{} && (!sum.next || one.due < *sum.next)) sum.next = one.due;
  }
  if (sums.empty()) return;
  std::vector<std::vector<std::string>> rows{{"WAITS FOR", "ROUTE", "CHANNEL", "ALERTS", "MENTIONS", "NEXT"}};
  for (const auto& [name, sum] : sums)
    rows.push_back({name[2], printable(name[1]), printable(name[0]), fmt::to_string(sum.alerts),
                    fmt::to_string(sum.mentions), sum.next ? relative_time(*sum.next, now) : ""});
  fmt::print("{}\n", table(rows, terminal));
}

void print_dead(const Status& status, Time now, const Terminal& terminal) {
  if (status.dead.empty()) return;
  std::vector<std::vector<std::string>> rows{{"DEAD LETTER", "CHANNEL", "DIED", "TRIED", "REASON"}};
  for (const store::DeadLetter& letter : status.dead)
    rows.push_back({clipped(printable(first_title(letter.delivery.alert)), 60),
                    printable(letter.delivery.alert.channel), relative_time(letter.died, now),
                    fmt::to_string(letter.delivery.attempts), printable(letter.reason)});
  fmt::print("{}\n", table(rows, terminal));
}

int show_status(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto store = look_into_store(*setup);
  if (!store) return no;
  const Time now = run::wall_clock();
  const auto status = read(*store, setup->config, now);
  if (!status) {
    fmt::print(stderr, "earshot status: {}\n", status.error().message);
    return no;
  }
  if (options.as_json) {
    fmt::print("{}\n", json::serialize(to_json(*status, setup->config)));
    return good;
  }
  const Terminal terminal = Terminal::of(stdout);
  print_sources(*status, now, terminal);
  print_channels(*status, setup->config, now, terminal);
  print_waiting(*status, now, terminal);
  print_dead(*status, now, terminal);
  fmt::print("{} mentions kept, {:.1f} MiB on disk\n", status->stats.mentions,
             static_cast<double>(status->stats.disk_bytes) / (1 << 20));
  return good;
}

}  // namespace

void add_status(CLI::App& app, int& exit) {
  CLI::App* command =
      app.add_subcommand("status", "How sources and channels are doing, what is owed and what could not be delivered");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_flag("--json", options->as_json, "One JSON object");
  command->footer(
      "Works beside a running daemon and without one: it reads the store.\n"
      "Examples:\n"
      "  earshot status\n"
      "  earshot status --json | jq '.sources[] | select(.error)'");
  command->callback([options, &exit] { exit = show_status(*options); });
}

}  // namespace earshot::cli
