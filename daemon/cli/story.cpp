// `earshot story`: the mentions that tell the same news, and how a person puts that right.
#include "store/story.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>
#include <memory>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/local_time.h"
#include "cli/mention_json.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "run/letters.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string config, id, other, by;
  std::size_t limit = 50;
  bool json = false;
};

int complain(const Error& error) {
  fmt::print(stderr, "earshot story: {}\n", error.message);
  return no;
}

int show(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto store = look_into_store(*setup);
  if (!store) return no;
  const auto id = mention_named(*store, "story", options.id);
  if (!id) return no;
  const auto story = store->story(*id);
  if (!story) return complain(story.error());
  if (!*story) {
    fmt::print(stderr, "earshot story: it was dropped by its age\n");
    return no;
  }
  const store::Story& s = **story;
  auto ids = store->members(s.id, options.limit == 0 ? store::kStoryMentions : options.limit);
  if (!ids) return complain(ids.error());
  ids->insert(ids->begin(), s.id);
  if (options.json) {
    fmt::print("{}\n",
               json::serialize(json::object{{"story", s.id},
                                            {"mentions", s.mentions},
                                            {"outlets", json::value_from(s.outlets)},
                                            {"languages", json::value_from(s.languages)},
                                            {"first", {{"outlet", s.first_outlet}, {"at", rfc3339(s.first_at)}}},
                                            {"last", rfc3339(s.last)},
                                            {"ids", json::value_from(*ids)}}));
    return good;
  }
  fmt::print("{}  {} mentions, {} outlets{}; first {} {}\n", s.id, s.mentions, s.outlets.size(),
             s.languages.empty() ? "" : fmt::format(", in {}", fmt::join(s.languages, " ")), printable(s.first_outlet),
             local_time(s.first_at));
  for (const std::string& one : *ids) {
    const auto trail = store->trail(one);
    if (!trail) return complain(trail.error());
    if (!*trail) continue;
    const Mention& m = (*trail)->mention;
    const auto& kin = (*trail)->kin;
    const std::string how = !kin || kin->by.empty()
                                ? (kin ? fmt::format("{:.0f} % like {}", 100 * kin->likeness, kin->like) : "")
                                : fmt::format("by {}", printable(kin->by));
    fmt::print("{}  {}  {}  {}{}\n", one, local_time(m.seen), printable(outlet_of(m)),
               printable(m.item.title.empty() ? m.snippet : m.item.title), how.empty() ? "" : "  (" + how + ")");
  }
  return good;
}

int change(const Options& options, bool merge) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  std::string id, other;
  {
    const auto store = look_into_store(*setup);
    if (!store) return no;
    const auto first = mention_named(*store, "story", options.id);
    const auto second = merge ? mention_named(*store, "story", options.other) : std::optional<std::string>{""};
    if (!first || !second) return no;
    id = *first;
    other = *second;
  }
  const std::string by = options.by.empty() ? user() : options.by;
  if (merge)
    return ask(*setup, "story", run::merge_letter(id, other, by),
               fmt::format("the story of {} is one with that of {} now", other, id));
  return ask(*setup, "story", run::split_letter(id, by), id + " is a story of its own now");
}

}  // namespace

void add_story(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("story", "Mentions that tell the same news: show, split, merge");
  command->require_subcommand(1);
  command->footer(
      "What a person splits or merges stays so, and what comes later follows.\n"
      "Examples:\n"
      "  earshot story show 3f9k\n"
      "  earshot story split 8z2m\n"
      "  earshot story merge 3f9k 8z2m");
  auto options = std::make_shared<Options>();
  const auto add_id = [&](CLI::App& to) {
    add_config_option(to, options->config);
    to.add_option("id", options->id, "A mention's id, or its first few characters")->required()->type_name("ID");
  };
  const auto add_by = [&](CLI::App& to) {
    to.add_option("--by", options->by, "Who wants it; without it, you")->type_name("NAME");
  };

  CLI::App* look = command->add_subcommand("show", "The story that a mention belongs to: its outlets and its mentions");
  add_id(*look);
  look->add_option("--limit", options->limit, "At most so many mentions (default 50); 0: all")->type_name("N");
  look->add_flag("--json", options->json, "One JSON object");
  look->callback([options, &exit] { exit = show(*options); });

  CLI::App* apart = command->add_subcommand("split", "This mention tells other news: it leaves its story");
  add_id(*apart);
  add_by(*apart);
  apart->footer("What was merged under it goes with it; so this also undoes a merge.");
  apart->callback([options, &exit] { exit = change(*options, false); });

  CLI::App* join = command->add_subcommand("merge", "Two mentions tell the same news: their stories become one");
  add_id(*join);
  join->add_option("other", options->other, "A mention of the story that joins it")->required()->type_name("ID");
  add_by(*join);
  join->callback([options, &exit] { exit = change(*options, true); });
}

}  // namespace earshot::cli
