// `earshot texts`: what Earshot says, ready to be said another way in a channel.
#include "core/texts/texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "core/config/schema.h"
#include "core/config/suggest.h"
#include "core/json/item_json.h"
#include "run/log.h"

namespace earshot::cli {
namespace {

using texts::Text;
using texts::Texts;

struct Options {
  std::string config, channel, language = "en";
  bool json = false;
};

// What a channel says may have come from a ${…} reference, of which nothing is shown.
std::string pattern_of(const Texts& said, const Text& text) {
  return log::redacted(std::string(said.pattern(text.name)));
}

std::vector<std::string> arguments_of(const Text& text) {
  std::vector<std::string> out;
  for (const texts::Argument& argument : text.arguments)
    out.push_back(fmt::format("{{{}{}}}", argument.name, argument.name == texts::kLabelPrefix ? "…" : ""));
  return out;
}

// What keys.json says of it.
std::string description_of(const Text& text) {
  const config::Schema* channel = config::own_keys().root().property("channels")->items->all_of.front();
  const config::Schema* own = channel->property("texts")->all_of.front()->property(text.name);
  return own ? own->description : std::string();
}

// As a double-quoted scalar of YAML 1.2 (§7.3.1).
std::string yaml_scalar(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void print_yaml(const Texts& said) {
  const Texts& shipped = *Texts::shipped(said.language());
  fmt::print(
      "# What Earshot says ({}). To say some of it another way in one channel, put those lines below `texts:` of that\n"
      "# channel. {{…}} are arguments; `earshot check` looks at them, `earshot alert CHANNEL --kind all` shows the "
      "whole.\n",
      said.language());
  for (const Text& text : texts::all()) {
    if (text.use == texts::Use::page) continue;
    fmt::print("\n# {}\n", description_of(text));
    if (!text.arguments.empty()) fmt::print("# {}\n", fmt::join(arguments_of(text), " "));
    if (said.pattern(text.name) != shipped.pattern(text.name))
      fmt::print("# as shipped: {}\n", yaml_scalar(shipped.pattern(text.name)));
    fmt::print("{}: {}\n", text.name, printable(yaml_scalar(pattern_of(said, text))));
  }
}

void print_json(const Texts& said) {
  boost::json::object all;
  for (const Text& text : texts::all()) {
    if (text.use == texts::Use::page) continue;
    boost::json::array arguments;
    for (const texts::Argument& argument : text.arguments)
      arguments.push_back({{"name", argument.name}, {"type", argument.number ? "number" : "text"}});
    all[text.name] = {{"pattern", pattern_of(said, text)},
                      {"shipped", Texts::shipped(said.language())->pattern(text.name)},
                      {"description", description_of(text)},
                      {"arguments", std::move(arguments)}};
  }
  fmt::print("{}", Terminal::of(stdout).is_terminal ? pretty(all) : boost::json::serialize(all) + "\n");
}

int show(const Options& options) {
  std::shared_ptr<const Texts> said = Texts::shipped(options.language);
  if (!options.channel.empty()) {
    const auto setup = set_up(options.config);
    if (!setup) return no;
    const auto& channels = setup->config.channels;
    const auto channel = std::ranges::find(channels, options.channel, &config::Channel::name);
    if (channel == channels.end()) {
      std::vector<std::string_view> names;
      names.reserve(channels.size());
      for (const config::Channel& other : channels) names.emplace_back(other.name);
      fmt::print(stderr, "earshot texts: no channel is named {}{}\n", printable(options.channel),
                 config::hint(options.channel, names));
      return no;
    }
    said = channel->texts;
  }
  options.json ? print_json(*said) : print_yaml(*said);
  return good;
}

}  // namespace

void add_texts(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("texts", "What Earshot says in alerts, to say it another way in a channel");
  auto options = std::make_shared<Options>();
  CLI::Option* channel =
      command->add_option("channel", options->channel, "As they are in this channel")->type_name("CHANNEL");
  command->add_option("--language", options->language, "As they are shipped in this language")
      ->check(CLI::IsMember({"en", "nl", "de", "fr", "es"}))
      ->type_name("LANGUAGE")
      ->default_str("en")
      ->excludes(channel);
  command->add_flag("--json", options->json, "For programs: patterns, arguments and their types");
  add_config_option(*command, options->config);
  command->footer(
      "Examples:\n"
      "  earshot texts                      all of them, in English\n"
      "  earshot texts --language nl        … in Dutch\n"
      "  earshot texts pr --config e.yaml   … as channel pr says them");
  command->callback([options, &exit] { exit = show(*options); });
}

}  // namespace earshot::cli
