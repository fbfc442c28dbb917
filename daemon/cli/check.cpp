// earshot check: is the configuration good, and if not, what is to be mended where.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/load_config.h"
#include "core/config/config.h"
#include "plugin/catalogue.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string config = kDefaultConfig;
  bool json = false, schema = false;
};

std::string counted(std::size_t n, std::string_view word) { return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s"); }

// Bold and coloured where a person looks on (https://no-color.org).
std::string coloured(const config::Problem& problem) {
  std::string text = config::format(problem);
  static const bool colours = isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR");
  if (!colours) return text;
  const bool error = problem.gravity == config::Gravity::error;
  const std::string_view word = error ? ": error: " : ": warning: ";
  const std::size_t at = text.find(word);
  return fmt::format("\033[1m{}:\033[0m \033[1;{}m{}:\033[0m {}", text.substr(0, at), error ? 31 : 35,
                     word.substr(2, word.size() - 4), text.substr(at + word.size()));
}

std::string summary(const Options& options, const config::Loaded& loaded) {
  const std::size_t errors = config::errors(loaded.problems);
  const std::size_t warnings = loaded.problems.size() - errors;
  if (errors > 0)
    return warnings > 0 ? counted(errors, "error") + ", " + counted(warnings, "warning") : counted(errors, "error");
  const config::Config& c = loaded.config;
  const std::string good = fmt::format("{}: {}, {}, {}: good", options.config, counted(c.sources.size(), "source"),
                                       counted(c.topics.size(), "topic"), counted(c.channels.size(), "channel"));
  return warnings > 0 ? good + ", with " + counted(warnings, "warning") : good;
}

std::string as_json(const Options& options, const config::Loaded& loaded) {
  json::array problems;
  for (const config::Problem& p : loaded.problems) {
    json::object one{{"file", p.place.file},
                     {"severity", p.gravity == config::Gravity::error ? "error" : "warning"},
                     {"message", p.message}};
    if (p.place.line > 0) {
      one["line"] = p.place.line;
      one["column"] = p.place.column;
    }
    if (!p.note.empty()) one["note"] = p.note;
    problems.push_back(std::move(one));
  }
  const std::size_t errors = config::errors(loaded.problems);
  return json::serialize(json::object{{"config", options.config},
                                      {"good", loaded.ok()},
                                      {"errors", errors},
                                      {"warnings", loaded.problems.size() - errors},
                                      {"sources", loaded.config.sources.size()},
                                      {"topics", loaded.config.topics.size()},
                                      {"channels", loaded.config.channels.size()},
                                      {"problems", std::move(problems)}});
}

int check(const Options& options) {
  const auto dirs = host::default_plugin_dirs();
  const host::Catalogue catalogue = host::Catalogue::scan(dirs);
  for (const std::string& problem : catalogue.problems()) fmt::print(stderr, "warning: {}\n", problem);
  if (options.schema) {
    fmt::print("{}", config::editor_schema(InstalledPlugins(catalogue)));
    return good;
  }
  const config::Loaded loaded = load_config(options.config, catalogue);
  if (options.json)
    fmt::print("{}\n", as_json(options, loaded));
  else
    for (const config::Problem& problem : loaded.problems) fmt::print("{}\n", coloured(problem));
  std::fflush(stdout);
  fmt::print(stderr, "{}\n", summary(options, loaded));
  return loaded.ok() ? good : no;
}

}  // namespace

void add_check(CLI::App& app, int& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("check", "Validate the configuration: every mistake at once, and how to mend it");
  command->add_option("-c,--config", options->config, "The main file; sources.d/*.yaml beside it are read too")
      ->capture_default_str()
      ->type_name("FILE");
  command->add_flag("--json", options->json, "One JSON object instead of lines");
  command->add_flag("--schema", options->schema,
                    "Print the JSON Schema of the configuration, for editors, and check nothing");
  command->footer(
      "Needs neither the network nor the store. Exit status: 0 good (there may be warnings), 1 errors, 2 wrong "
      "usage.\n\n"
      "Examples:\n"
      "  earshot check\n"
      "  earshot check --config config/earshot.yaml\n"
      "  earshot check --json | jq '.problems[]'\n"
      "  earshot check --schema > earshot.schema.json\n");
  command->callback([options, &exit] { exit = check(*options); });
}

}  // namespace earshot::cli
