// `earshot silence`: what is not to be told for a while.
#include "core/route/silence.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/local_time.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "run/clock.h"
#include "run/dispatch.h"
#include "run/letters.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;

constexpr Duration kLongest = std::chrono::days{366};

struct Options {
  std::string config, query, until, by, why, id;
  bool all = false, json = false;
};

// "2h" from now, or an instant of RFC 3339.
std::optional<Time> until(const std::string& text, Time now) {
  if (const auto span = parse_duration(text); span && *span > Duration{0}) return now + *span;
  return parse_rfc3339(text);
}

int add(const Options& options) {
  const Time now = run::wall_clock();
  const auto end = until(options.until, now);
  if (!end || *end <= now || *end > now + kLongest) {
    fmt::print(stderr,
               "earshot silence: --until {}: write how long (2h, 3d) or an instant such as 2026-12-31T18:00:00+01:00, "
               "at most a year ahead\n",
               options.until);
    return usage;
  }
  const auto setup = set_up(options.config);
  if (!setup) return no;
  if (const Status fine = run::check_silence(options.query, setup->config.topics); !fine) {
    fmt::print(stderr, "earshot silence: {}\n", fine.error().message);
    return usage;
  }
  route::Silence silence;
  silence.id = fmt::format("s-{:08x}", static_cast<std::uint32_t>(run::random_bits()));
  silence.query = options.query;
  silence.by = options.by.empty() ? user() : options.by;
  silence.why = options.why;
  silence.from = now;
  silence.until = *end;
  return ask(*setup, "silence", run::silence_letter(silence),
             fmt::format("{} holds until {}", silence.id, local_time(silence.until)));
}

int end(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  return ask(*setup, "silence", run::end_silence_letter(options.id), options.id + " is over");
}

int list(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto store = look_into_store(*setup);
  if (!store) return no;
  auto silences = run::read_silences(*store);
  if (!silences) {
    fmt::print(stderr, "earshot silence: {}\n", silences.error().message);
    return no;
  }
  const Time now = run::wall_clock();
  if (!options.all) std::erase_if(*silences, [&](const route::Silence& silence) { return !silence.holds(now); });
  std::ranges::sort(*silences, {}, &route::Silence::until);
  for (const route::Silence& silence : *silences) {
    if (options.json)
      fmt::print("{}\n", json::serialize(json::object{{"id", silence.id},
                                                      {"query", silence.query},
                                                      {"by", silence.by},
                                                      {"why", silence.why},
                                                      {"from", rfc3339(silence.from)},
                                                      {"until", rfc3339(silence.until)},
                                                      {"holds", silence.holds(now)}}));
    else
      fmt::print("{}  {} {}  {}  {}: {}\n", silence.id, silence.holds(now) ? "until" : "ended",
                 local_time(silence.until), printable(silence.query), printable(silence.by), printable(silence.why));
  }
  if (silences->empty()) fmt::print(stderr, "no silences{}\n", options.all ? "" : " hold now");
  return silences->empty() ? no : good;
}

}  // namespace

void add_silence(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("silence", "What is not to be told for a while: add, list, end");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n"
      "  earshot silence add '@{brand} giveaway' --until 3d --why 'our own campaign'\n"
      "  earshot silence list\n"
      "  earshot silence end s-5d1c09aa");
  auto options = std::make_shared<Options>();

  CLI::App* make = command->add_subcommand("add", "Hear and keep what this query finds, but tell nobody");
  add_config_option(*make, options->config);
  make->add_option("query", options->query, "What is not to be told")->required()->type_name("QUERY");
  make->add_option("--until", options->until, "How long (2h, 3d), or an instant of RFC 3339")
      ->required()
      ->type_name("TIME");
  make->add_option("--why", options->why, "The reason, for those who wonder later")->required()->type_name("TEXT");
  make->add_option("--by", options->by, "Who wants it; without it, you")->type_name("NAME");
  make->footer(
      "Mentions that came before it and wait for a digest or a group are told all the same.\n"
      "Example:\n"
      "  earshot silence add '@{brand} giveaway' --until 3d --why 'our own campaign'");
  make->callback([options, &exit] { exit = add(*options); });

  CLI::App* show = command->add_subcommand("list", "The silences that hold now");
  add_config_option(*show, options->config);
  show->add_flag("--all", options->all, "And those that ended in the last 30 days");
  show->add_flag("--json", options->json, "One JSON object a line");
  show->footer("Exits 0 when there are some, 1 when there are none.");
  show->callback([options, &exit] { exit = list(*options); });

  CLI::App* over = command->add_subcommand("end", "End one before its time");
  add_config_option(*over, options->config);
  over->add_option("id", options->id, "As `earshot silence list` shows it")->required()->type_name("ID");
  over->callback([options, &exit] { exit = end(*options); });
}

}  // namespace earshot::cli
