// `earshot test`: what people expect of their configuration, tried out.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>

#include "cli/commands.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "run/scene_file.h"

namespace earshot::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uintmax_t kLargest = 4U << 20;

struct Options {
  std::string config;
  std::vector<std::string> files;
  bool json = false;
};

// A folder for the stores of the cases, that goes with it.
class Stage {
 public:
  Stage() {
    std::string name = (fs::temp_directory_path() / "earshot-test-XXXXXX").string();
    if (::mkdtemp(name.data())) path_ = name;
  }
  ~Stage() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::optional<config::File> read(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  std::ifstream in(path, std::ios::binary);
  if (error || !in || size > kLargest) {
    fmt::print(stderr, "earshot test: {}: {}\n", path.string(),
               size > kLargest && !error ? "too large for a file of cases" : "cannot be read");
    return std::nullopt;
  }
  return config::File{path.string(), std::string(std::istreambuf_iterator<char>(in), {})};
}

struct Tally {
  std::size_t cases = 0, failed = 0;
};

// False: the file itself is wrong, or a case could not be played.
bool run_file(const fs::path& path, const config::Config& config, const run::Rules& rules, const Options& options,
              Tally& tally) {
  const auto file = read(path);
  if (!file) return false;
  config::Findings findings;
  const auto cases = run::read_cases(*file, config.sources.empty() ? "test" : config.sources.front().name, findings);
  if (findings.errors() > 0) {
    for (const config::Problem& problem : std::move(findings).take({file->name}))
      fmt::print(stderr, "{}\n", config::format(problem));
    return false;
  }
  for (const run::Case& one : cases) {
    const Stage stage;
    const auto played = run::rehearse(one.scene, config, rules, stage.path() / "store");
    if (!played) {
      fmt::print(stderr, "earshot test: {}: {}\n", one.name, played.error().message);
      return false;
    }
    const auto wrong = run::differences(one, *played);
    ++tally.cases;
    tally.failed += wrong.empty() ? 0 : 1;
    if (options.json) {
      json::array all;
      for (const config::Problem& problem : wrong) all.emplace_back(config::format(problem));
      fmt::print("{}\n",
                 json::serialize(json::object{
                     {"file", file->name}, {"case", one.name}, {"ok", wrong.empty()}, {"wrong", std::move(all)}}));
      continue;
    }
    for (const config::Problem& problem : wrong) fmt::print("{}\n", printable(config::format(problem)));
  }
  return true;
}

int test(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto rules = run::make_rules(setup->config);
  if (!rules) {
    fmt::print(stderr, "earshot test: {}\n", rules.error().message);
    return no;
  }
  std::vector<fs::path> files(options.files.begin(), options.files.end());
  if (files.empty()) files.push_back(setup->folder / "tests.yaml");
  Tally tally;
  bool sound = true;
  for (const fs::path& file : files) sound = run_file(file, setup->config, **rules, options, tally) && sound;
  if (!options.json) fmt::print("{} cases, {} failed\n", tally.cases, tally.failed);
  return sound && tally.failed == 0 ? good : no;
}

}  // namespace

void add_test(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("test", "Try out what the configuration makes of made-up items");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_option("files", options->files, "Files of cases; without any, tests.yaml beside the configuration")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "One JSON object a case");
  command->footer(
      "A case is items with a clock, and what is expected of them: topics, routes, channels, story, what suppresses\n"
      "them, and every alert that goes out, with its time and text. config/tests.yaml shows every key. Nothing is\n"
      "sent, and no store is touched. Exits 0 when all is as expected.\n"
      "Example:\n"
      "  earshot test --config earshot.yaml tests.yaml");
  command->callback([options, &exit] { exit = test(*options); });
}

}  // namespace earshot::cli
