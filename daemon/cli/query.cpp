// `earshot query`: what a query means, advice about it, and queries from other tools.
#include "core/query/query.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/load_config.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "core/query/import.h"
#include "core/query/lint.h"
#include "run/clock.h"
#include "run/volume.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string query, from, config;
  bool as_json = false, keep_accents = false;
};

// "-" stands for standard input, so that long queries need no quoting.
std::string given(const std::string& query) {
  if (query != "-") return query;
  std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

json::array as_json(const std::vector<query::Problem>& problems) {
  json::array out;
  for (const query::Problem& p : problems)
    out.push_back({{"offset", p.offset}, {"length", p.length}, {"message", p.message}});
  return out;
}

int refuse(const std::string& text, const std::vector<query::Problem>& problems) {
  for (const query::Problem& p : problems) fmt::print(stderr, "{}\n", query::caret_message(text, p));
  return Exit::usage;
}

int explain(const Options& options) {
  const std::string text = given(options.query);
  const auto parsed = query::parse(text);
  if (!parsed) return refuse(text, parsed.error());
  fmt::print("{}", query::explain(*parsed));
  return Exit::good;
}

// What the store says, where there is a configuration that leads to one. That there is none is said on stderr, unless
// nobody asked for it.
std::optional<run::Volume> volume(const Options& options, const std::string& query) {
  const bool asked = !options.config.empty();
  const std::filesystem::path path = asked ? options.config : kDefaultConfig;
  std::error_code none;
  if (!asked && !std::filesystem::exists(path, none)) return std::nullopt;
  const auto without = [](std::string_view why) {
    fmt::print(stderr, "without an estimate of its daily volume: {}\n", printable(why));
    return std::nullopt;
  };
  const config::Loaded loaded = load_config(path, installed_plugins());
  if (!loaded.ok()) return without(fmt::format("{} has errors, see earshot check", path.string()));
  const auto folder = store_path(loaded.config.storage, path.parent_path());
  if (!folder) return without(folder.error().message);
  const auto store = store::Store::open(*folder, {.create = false, .read_only = true});
  if (!store) return without(store.error().message);
  const auto found =
      run::estimate_volume(**store, loaded.config, {{}, query, !options.keep_accents}, run::wall_clock());
  if (!found) return without(found.error().message);
  if (!*found) return without("less than six hours of history are stored");
  return *found;
}

double in_days(Duration span) { return std::chrono::duration<double, std::chrono::days::period>(span).count(); }

int lint(const Options& options) {
  const std::string text = given(options.query);
  const auto parsed = query::parse(text);
  if (!parsed) return refuse(text, parsed.error());
  const auto daily = volume(options, text);
  query::LintOptions with;
  with.fold_accents = !options.keep_accents;
  if (daily) with.volume = [&daily](const query::Query&) { return daily->per_day; };
  const auto hints = query::lint(*parsed, with);
  if (options.as_json) {
    json::value history = nullptr;
    if (daily) history = {{"per_day", daily->per_day}, {"items", daily->items}, {"days", in_days(daily->span)}};
    fmt::print("{}\n", json::serialize(json::object{{"hints", as_json(hints)}, {"volume", std::move(history)}}));
  } else {
    for (const query::Problem& hint : hints) fmt::print("{}\n", query::caret_message(text, hint));
    if (daily)
      fmt::print("about {:.{}f} items a day, going by {} of the last {:.1f} days\n", daily->per_day,
                 daily->per_day < 10 ? 1 : 0, daily->items, in_days(daily->span));
  }
  return hints.empty() ? Exit::good : Exit::no;
}

int import(const Options& options) {
  const std::string text = given(options.query);
  const auto imported = query::import_query(*query::dialect(options.from), text);
  if (!imported) return refuse(text, imported.error());
  if (options.as_json) {
    fmt::print("{}\n",
               json::serialize(json::object{{"query", imported->query}, {"losses", as_json(imported->losses)}}));
    return Exit::good;
  }
  for (const query::Problem& loss : imported->losses) fmt::print(stderr, "{}\n", query::caret_message(text, loss));
  fmt::print("{}\n", imported->query);
  return Exit::good;
}

CLI::App* verb(CLI::App* command, const char* name, const char* what, const std::shared_ptr<Options>& options) {
  CLI::App* sub = command->add_subcommand(name, what);
  sub->add_option("QUERY", options->query, "The query; - reads it from standard input")->required();
  return sub;
}

}  // namespace

void add_query(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("query", "Explain and check queries, and bring them over from other tools");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n"
      "  earshot query explain '(acme OR \"acme bank\") -jobs'\n"
      "  earshot query lint 'Acme Bank or acmebank'\n"
      "  earshot query import --from google '\"acme bank\" site:example.com -jobs'");
  const auto options = std::make_shared<Options>();
  CLI::App* sub = verb(command, "explain", "Show how a query is read", options);
  sub->footer("Example:\n  earshot query explain '(acme OR \"acme bank\") -jobs'\n");
  sub->callback([options, &exit] { exit = explain(*options); });
  sub = verb(command, "lint", "Point out what may not do what was meant; exits 1 when there is something", options);
  sub->add_flag("--json", options->as_json, "One JSON object: offsets and messages, and the volume");
  sub->add_flag("--keep-accents", options->keep_accents, "As for a topic that says accents: keep");
  sub->add_option("-c,--config", options->config,
                  "Whose topics and stored history to use (default /etc/earshot/earshot.yaml, where there is one)")
      ->type_name("FILE");
  sub->footer(
      "Where there is a store it says how many items a day the query would bring; it may be asked beside a running\n"
      "daemon. Everything else needs neither configuration nor store.\n\n"
      "Examples:\n"
      "  earshot query lint 'Acme Bank or acmebank'\n"
      "  earshot query lint --config config/earshot.yaml '@{brand} (outage OR storing)'\n");
  sub->callback([options, &exit] { exit = lint(*options); });
  sub = verb(command, "import", "Rewrite another tool's query; what cannot be carried over is said on stderr", options);
  sub->add_option("--from", options->from, "Where the query comes from")
      ->required()
      ->check(CLI::IsMember({"meltwater", "talkwalker", "brandwatch", "x", "google"}));
  sub->add_flag("--json", options->as_json, "The query and the losses as a JSON object");
  sub->footer(
      "Examples:\n"
      "  earshot query import --from talkwalker 'title:\"acme bank\" AND (app NEAR/5 crash*)'\n"
      "  earshot query import --from x 'from:acmebank outage -is:retweet lang:en'\n");
  sub->callback([options, &exit] { exit = import(*options); });
}

}  // namespace earshot::cli
