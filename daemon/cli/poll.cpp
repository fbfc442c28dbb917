// `earshot poll SOURCE`: fetches one source now and shows what would be new. Stores nothing.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/load_config.h"
#include "cli/local_time.h"
#include "cli/mention_json.h"
#include "cli/setup.h"
#include "cli/short_loop.h"
#include "cli/terminal.h"
#include "core/mention/make.h"
#include "run/log.h"
#include "run/prepare.h"
#include "run/rules.h"

namespace earshot::cli {
namespace {

struct Options {
  std::string config, source;
  bool json = false;
};

// Which of the items the store has; none where there is no store yet.
Result<std::vector<bool>> known(const Setup& setup, const std::string& source, const std::vector<Item>& items) {
  std::vector<bool> known(items.size());
  const auto path = store_path(setup.config.storage, setup.folder);
  if (!path || !std::filesystem::exists(*path)) return known;
  const auto store = store::Store::open(*path, {.create = false, .read_only = true});
  if (!store) return tl::unexpected(store.error());
  std::vector<store::ItemRef> refs;
  refs.reserve(items.size());
  for (const Item& item : items) refs.push_back({item.id, 0});
  const auto answers = (*store)->look(source, refs, run::wall_clock());
  if (!answers) return tl::unexpected(answers.error());
  for (std::size_t i = 0; i < answers->size(); ++i) known[i] = (*answers)[i].known;
  return known;
}

void print(const Mention& mention, bool json, const Terminal& terminal) {
  if (json) {
    fmt::print("{}\n", mention_json(mention));
    return;
  }
  std::string topics;
  for (const TopicMatch& match : mention.matches) topics += (topics.empty() ? "" : ",") + match.topic;
  fmt::print("{}  {}  {}  {}\n",
             terminal.styled(mention.item.published ? local_time(*mention.item.published) : "no date         ", "2"),
             highlighted(mention.item.title, mention.title_hits, terminal),
             terminal.styled(topics.empty() ? "-" : topics, "33"), terminal.styled(printable(mention.item.url), "2"));
}

int report(const Options& options, const Setup& setup, const config::Source& source, run::Polled& polled) {
  const Terminal terminal = Terminal::of(stdout);
  for (const std::string& warning : polled.warnings) fmt::print(stderr, "warning: {}\n", printable(warning));
  if (polled.kind == run::Polled::Kind::failed) {
    fmt::print(stderr, "earshot poll: {}: {}\n", printable(source.name), printable(log::redacted(polled.error)));
    return no;
  }
  for (Item& item : polled.items) item.id = mention::item_key(item);
  std::erase_if(polled.items, [](const Item& item) { return item.id.empty(); });
  const auto rules = run::make_rules(setup.config);
  const auto have = known(setup, source.name, polled.items);
  if (!rules || !have) {
    fmt::print(stderr, "earshot poll: {}\n", !rules ? rules.error().message : have.error().message);
    return no;
  }
  std::size_t fresh = 0;
  for (std::size_t i = 0; i < polled.items.size(); ++i) {
    if ((*have)[i]) continue;
    ++fresh;
    Mention mention =
        mention::make(std::move(polled.items[i]), {source.name, source.traits().labels}, run::wall_clock());
    run::match(mention, source, **rules, run::wall_clock());
    print(mention, options.json, terminal);
  }
  fmt::print(stderr, "{}: {} items, {} new; nothing was stored\n", printable(source.name), polled.items.size(), fresh);
  return fresh > 0 ? good : no;
}

int poll_now(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto source = std::ranges::find(setup->config.sources, options.source, &config::Source::name);
  if (source == setup->config.sources.end()) {
    fmt::print(stderr, "earshot poll: no source is named {}\n", printable(options.source));
    return no;
  }
  const auto plugin = setup->catalogue.find(host::Kind::source, source->type);
  auto instance =
      plugin ? host::SourceInstance::create(*plugin, source->name, source->settings) : tl::unexpected(plugin.error());
  auto first =
      instance ? (*instance)->begin({run::wall_clock(), run::random_bits(), {}}) : tl::unexpected(instance.error());
  auto proxy = net::proxy_from_environment();
  if (!first || !proxy) {
    fmt::print(stderr, "earshot poll: {}\n", log::redacted(!first ? first.error().message : proxy.error().message));
    return no;
  }
  ShortLoop loop(setup->config.fetch, *proxy);
  const run::PollTools tools = loop.tools();
  const store::SourceState state;  // without validators: the whole document is wanted
  const net::AddressPolicy policy = run::address_policy(setup->config.fetch, *source);
  const run::Manner manner = run::manner(setup->config.fetch, *source, policy);
  run::Polled polled;
  auto job = [&]() -> boost::asio::awaitable<void> {
    polled = co_await run::poll(tools, **instance, std::move(*first), state, manner);
  };
  loop.run(job());
  return report(options, *setup, *source, polled);
}

}  // namespace

void add_poll(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("poll", "Fetch one source now and show what would be new; stores nothing");
  auto options = std::make_shared<Options>();
  command->add_option("source", options->source, "The source's name in the configuration")
      ->required()
      ->type_name("SOURCE");
  add_config_option(*command, options->config);
  command->add_flag("--json", options->json, "One JSON object a line");
  command->footer(
      "Shows each new item with the topics that want it, or -. Exits 0 when there is something new, 1 when not.\n"
      "Example:\n"
      "  earshot poll company-blog");
  command->callback([options, &exit] { exit = poll_now(*options); });
}

}  // namespace earshot::cli
