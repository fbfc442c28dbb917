// `earshot mentions`: the archive, newest first.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/local_time.h"
#include "cli/mention_json.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "run/clock.h"

namespace earshot::cli {
namespace {

struct Options {
  std::string config, topic, source, since;
  std::size_t limit = 50;
  bool all = false, json = false;
};

void print(const Mention& mention, const Options& options, const Terminal& terminal) {
  if (options.json) {
    fmt::print("{}\n", mention_json(mention));
    return;
  }
  std::string topics;
  for (const TopicMatch& match : mention.matches) topics += (topics.empty() ? "" : ",") + match.topic;
  fmt::print("{}  {}  {}  {}  {}\n", terminal.styled(local_time(mention.item.published.value_or(mention.seen)), "2"),
             terminal.styled(mention.id, "2"), terminal.styled(printable(mention.source), "36"),
             highlighted(mention.item.title.empty() ? mention.snippet : mention.item.title,
                         mention.item.title.empty() ? mention.snippet_hits : mention.title_hits, terminal),
             terminal.styled(topics, "33"));
}

// One kind (what a topic wanted, or what none did), page by page. False: the store failed.
bool print_kind(const store::Store& store, store::MentionQuery query, const Options& options, const Terminal& terminal,
                std::size_t& printed) {
  const auto full = [&] { return options.limit != 0 && printed >= options.limit; };
  do {
    query.limit = std::min<std::size_t>(options.limit == 0 ? 1000 : options.limit - printed, 1000);
    auto page = store.mentions(query);
    if (!page) {
      fmt::print(stderr, "earshot mentions: {}\n", page.error().message);
      return false;
    }
    for (const Mention& mention : page->mentions) print(mention, options, terminal);
    printed += page->mentions.size();
    query.cursor = std::move(page->next);
  } while (!query.cursor.empty() && !full());
  return true;
}

int mentions(const Options& options) {
  store::MentionQuery query;
  query.topic = options.topic;
  query.source = options.source;
  if (!options.since.empty()) {
    const auto back = parse_duration(options.since);
    if (!back) {
      fmt::print(stderr, "earshot mentions: --since {}: write a duration such as 24h or 7d\n", options.since);
      return usage;
    }
    query.since = run::wall_clock() - *back;
  }
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto store = look_into_store(*setup);
  if (!store) return no;
  const Terminal terminal = Terminal::of(stdout);
  std::size_t printed = 0;
  if (!print_kind(*store, query, options, terminal, printed)) return no;
  if (options.all && options.topic.empty() && (options.limit == 0 || printed < options.limit)) {
    query.unmatched = true;
    if (!print_kind(*store, query, options, terminal, printed)) return no;
  }
  if (printed == 0) fmt::print(stderr, "no mentions{}\n", options.topic.empty() ? " yet" : " of that topic");
  return printed > 0 ? good : no;
}

}  // namespace

void add_mentions(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("mentions", "The archive: what was heard, newest first");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_option("--topic", options->topic, "Only of this topic")->type_name("NAME");
  command->add_option("--source", options->source, "Only from this source")->type_name("NAME");
  command->add_option("--since", options->since, "Only what was heard in the last TIME, such as 24h")
      ->type_name("TIME");
  command->add_option("--limit", options->limit, "At most so many (default 50); 0: all")->type_name("N");
  command->add_flag("--all", options->all, "After them, what no topic wanted and is kept a while");
  command->add_flag("--json", options->json, "One JSON object a line");
  command->footer(
      "Exits 0 when there are some, 1 when there are none.\n"
      "Examples:\n"
      "  earshot mentions --topic complaints --since 24h\n"
      "  earshot mentions --json --limit 0 | jq -r .url");
  command->callback([options, &exit] { exit = mentions(*options); });
}

}  // namespace earshot::cli
