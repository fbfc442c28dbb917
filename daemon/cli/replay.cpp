// `earshot replay`: a configuration over the kept history, before it goes to work.
#include "run/replay.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/local_time.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "run/clock.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;
using run::Replayed;
using Rows = std::map<std::string, Replayed::Row>;

struct Options {
  std::string config, store_of, since = "30d";
  std::size_t examples = 3;
  bool json = false;
};

json::array examples(const std::vector<Replayed::Example>& from) {
  json::array all;
  for (const Replayed::Example& one : from)
    all.push_back(json::object{{"id", one.id}, {"title", one.title}, {"seen", rfc3339(one.seen)}});
  return all;
}

json::object rows_json(const Rows& rows, const std::map<std::string, std::uint64_t>* alerts) {
  json::object all;
  for (const auto& [name, row] : rows) {
    json::object one{{"was", row.was},
                     {"now", row.now},
                     {"gained", row.gained},
                     {"lost", row.lost},
                     {"gained_examples", examples(row.gained_examples)},
                     {"lost_examples", examples(row.lost_examples)}};
    if (alerts) {
      const auto sent = alerts->find(name);
      one["alerts"] = sent == alerts->end() ? 0 : sent->second;
    }
    all[name] = std::move(one);
  }
  return all;
}

void print_rows(std::string_view what, const Rows& rows, const std::map<std::string, std::uint64_t>* alerts,
                const Terminal& terminal) {
  std::vector<std::vector<std::string>> lines{{std::string(what), "WAS", "NOW", "GAINED", "LOST"}};
  if (alerts) lines[0].emplace_back("ALERTS");
  for (const auto& [name, row] : rows) {
    std::vector<std::string> line{printable(name), fmt::to_string(row.was), fmt::to_string(row.now),
                                  row.gained ? terminal.styled(fmt::format("+{}", row.gained), "32") : "",
                                  row.lost ? terminal.styled(fmt::format("-{}", row.lost), "31") : ""};
    if (alerts) {
      const auto sent = alerts->find(name);
      line.push_back(sent == alerts->end() ? "0" : fmt::to_string(sent->second));
    }
    lines.push_back(std::move(line));
  }
  fmt::print("{}\n", table(lines, terminal));
}

void print_examples(const Rows& rows) {
  for (const auto& [name, row] : rows) {
    for (const auto& [sign, list] : {std::pair{'+', &row.gained_examples}, std::pair{'-', &row.lost_examples}})
      for (const Replayed::Example& one : *list)
        fmt::print("{} {}  {}  {}  {}\n", sign, printable(name), local_time(one.seen), one.id,
                   clipped(printable(one.title), 100));
  }
}

int replay(const Options& options) {
  const auto back = parse_duration(options.since);
  if (!back || *back <= Duration{0}) {
    fmt::print(stderr, "earshot replay: --since {}: write a duration such as 24h or 7d\n", options.since);
    return usage;
  }
  const auto setup = set_up(options.config);
  if (!setup) return no;
  std::optional<Setup> elsewhere;
  if (!options.store_of.empty()) {
    elsewhere = set_up(options.store_of);
    if (!elsewhere) return no;
  }
  const auto store = look_into_store(elsewhere ? *elsewhere : *setup);
  if (!store) return no;
  const Time now = run::wall_clock();
  const auto done = run::replay(*store, setup->config, now - *back, now, options.examples);
  if (!done) {
    fmt::print(stderr, "earshot replay: {}\n", done.error().message);
    return no;
  }
  for (const std::string& problem : done->problems) fmt::print(stderr, "earshot replay: {}\n", problem);
  if (options.json) {
    fmt::print("{}\n", json::serialize(json::object{{"mentions", done->mentions},
                                                    {"topics", rows_json(done->topics, nullptr)},
                                                    {"channels", rows_json(done->channels, &done->alerts)}}));
    return done->mentions > 0 ? good : no;
  }
  if (done->mentions == 0) {
    fmt::print(stderr, "nothing was heard in the last {}\n", options.since);
    return no;
  }
  const Terminal terminal = Terminal::of(stdout);
  print_rows("TOPIC", done->topics, nullptr, terminal);
  print_rows("CHANNEL", done->channels, &done->alerts, terminal);
  print_examples(done->topics);
  print_examples(done->channels);
  return good;
}

}  // namespace

void add_replay(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("replay", "What this configuration would have told in the last weeks");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_option("--store-of", options->store_of, "Read the store of this configuration instead of its own")
      ->type_name("FILE");
  command->add_option("--since", options->since, "How far back (default 30d)")->type_name("TIME");
  command->add_option("--examples", options->examples, "So many of what is gained and lost of each (default 3)")
      ->type_name("N");
  command->add_flag("--json", options->json, "One JSON object");
  command->footer(
      "Runs topics, routes, groups, quiet hours, digests and limits over what is kept, beside a running daemon, and\n"
      "changes nothing. WAS is what happened when it came in, NOW what this configuration makes of it; ALERTS are the\n"
      "messages that the channel would have got. What no topic wanted is kept for storage.keep_unmatched only.\n"
      "Example:\n"
      "  earshot replay --config new.yaml --store-of /etc/earshot/earshot.yaml --since 7d");
  command->callback([options, &exit] { exit = replay(*options); });
}

}  // namespace earshot::cli
