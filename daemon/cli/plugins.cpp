// `earshot plugins`: what is installed, and what one of them wants to be told.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/explain_schema.h"
#include "cli/terminal.h"
#include "core/config/suggest.h"
#include "core/json/item_json.h"
#include "plugin/catalogue.h"

namespace earshot::cli {
namespace {

struct Options {
  std::string name;
  bool json = false;
};

using Plugins = std::vector<std::shared_ptr<const host::Plugin>>;

// Lines of prose wider than this are hard to read, however wide the terminal is.
std::size_t columns() {
  constexpr int kWidest = 120, kNarrowest = 40;
  const int width = Terminal::of(stdout).width;
  return static_cast<std::size_t>(width == 0 ? 100 : std::clamp(width, kNarrowest, kWidest));
}

void print_table(const Plugins& plugins) {
  std::vector<std::vector<std::string>> rows{{"KIND", "NAME", "VERSION", "SUMMARY", "PATH"}};
  for (const auto& p : plugins)
    rows.push_back(
        {std::string{host::to_string(p->kind())}, p->name(), p->version(), p->summary(), p->path().string()});
  fmt::print("{}", table(rows, Terminal::of(stdout)));
}

// The host has seen at load that it is a JSON object.
boost::json::object schema_of(const host::Plugin& plugin) { return boost::json::parse(plugin.schema()).as_object(); }

boost::json::object as_json(const host::Plugin& plugin) {
  boost::json::array capabilities;
  if (plugin.can(EARSHOT_NEEDS_FILES)) capabilities.emplace_back("files");
  if (plugin.can(EARSHOT_NEEDS_CONSOLE)) capabilities.emplace_back("console");
  if (plugin.can(EARSHOT_STREAMS)) capabilities.emplace_back("streams");
  return {{"kind", std::string{host::to_string(plugin.kind())}},
          {"name", plugin.name()},
          {"version", plugin.version()},
          {"summary", plugin.summary()},
          {"path", plugin.path().string()},
          {"capabilities", std::move(capabilities)},
          {"schema", schema_of(plugin)},
          {"sample", plugin.sample()}};
}

void print_json(const Plugins& plugins) {
  boost::json::array all;
  for (const auto& p : plugins) all.emplace_back(as_json(*p));
  fmt::print("{}", Terminal::of(stdout).is_terminal ? pretty(all) : boost::json::serialize(all) + "\n");
}

void print_one(const host::Plugin& plugin) {
  fmt::print("{} {} ({})\n{}\n{}\n", plugin.name(), plugin.version(), host::to_string(plugin.kind()), plugin.summary(),
             plugin.path().string());
  const auto schema = config::SchemaDocument::compile(plugin.schema());  // the host has checked it at load
  const std::string settings = schema ? explain_schema((*schema)->root(), columns()) : schema.error().message + "\n";
  fmt::print("\nSettings\n{}", settings.empty() ? "  none\n" : settings);
  if (!plugin.sample().empty())
    fmt::print("\nSample\n{}{}", plugin.sample(), plugin.sample().ends_with('\n') ? "" : "\n");
}

int show(const Options& options) {
  const auto catalogue = host::Catalogue::scan(host::default_plugin_dirs());
  for (const std::string& problem : catalogue.problems()) fmt::print(stderr, "earshot plugins: {}\n", problem);
  Plugins chosen = catalogue.plugins();
  if (!options.name.empty()) std::erase_if(chosen, [&](const auto& p) { return p->name() != options.name; });
  if (chosen.empty()) {
    std::vector<std::string_view> names;
    for (const auto& p : catalogue.plugins()) names.emplace_back(p->name());
    fmt::print(stderr, "earshot plugins: {}\n",
               names.empty() ? std::string{"none is installed; EARSHOT_PLUGIN_PATH may name directories to look in"}
                             : fmt::format("no plugin \"{}\"{}", options.name, config::hint(options.name, names)));
    return Exit::no;
  }
  if (options.json) {
    print_json(chosen);
  } else if (options.name.empty()) {
    print_table(chosen);
  } else {
    for (const auto& p : chosen) {
      if (p != chosen.front()) fmt::print("\n");
      print_one(*p);
    }
  }
  return Exit::good;
}

}  // namespace

void add_plugins(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("plugins", "Show what is installed; one plugin's settings and sample");
  const auto options = std::make_shared<Options>();
  command->add_option("NAME", options->name, "Only this one, in full");
  command->add_flag("--json", options->json, "One JSON array, with schema and sample");
  command->footer(
      "What cannot be loaded is told on standard error and spoils none of the others. EARSHOT_PLUGIN_PATH names\n"
      "directories to look in instead of the installed ones, separated by colons.\n\n"
      "Examples:\n"
      "  earshot plugins\n"
      "  earshot plugins slack\n"
      "  earshot plugins --json | jq -r '.[] | select(.kind == \"sink\").name'");
  command->callback([options, &exit] { exit = show(*options); });
}

}  // namespace earshot::cli
