// `earshot backup` and `earshot restore`: a consistent copy of the store while the daemon works, and back.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/load_config.h"
#include "cli/setup.h"
#include "run/clock.h"
#include "run/letters.h"
#include "store/restore.h"

namespace earshot::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string config, folder;
};

int backup(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const fs::path folder = fs::absolute(options.folder).lexically_normal();
  const auto missing = [&]() -> std::string {
    std::error_code ignored;
    if (fs::exists(folder / "CURRENT", ignored)) return {};
    return fmt::format("the daemon could not write {}; its log says why (may its user write there?)", folder.string());
  };
  return ask(*setup, "backup", run::backup_letter(folder), fmt::format("backed up to {}", folder.string()), missing);
}

int restore(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto path = store_path(setup->config.storage, setup->folder);
  const auto aside =
      path ? store::restore(options.folder, *path, run::wall_clock()) : Result<fs::path>(tl::unexpected(path.error()));
  if (!aside) {
    fmt::print(stderr, "earshot restore: {}\n", aside.error().message);
    return no;
  }
  fmt::print("restored to {}\n", path->string());
  if (!aside->empty()) fmt::print("what stood there is in {} now; delete it when all is well\n", aside->string());
  return good;
}

}  // namespace

void add_backup(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("backup", "A consistent copy of the store, also while the daemon works");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_option("folder", options->folder, "Where to; it must not exist yet")->required()->type_name("DIR");
  command->footer(
      "A running daemon makes the copy itself, as its own user. On the same disk it costs next to no space, for files\n"
      "are linked; so copy it to another disk afterwards.\n"
      "Example:\n"
      "  earshot backup /var/backups/earshot/$(date +%F)");
  command->callback([options, &exit] { exit = backup(*options); });
}

void add_restore(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("restore", "Put a backup in the place of the store; the daemon must not run");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_option("folder", options->folder, "The backup")->required()->type_name("DIR");
  command->footer(
      "The backup is looked at first and stays as it is; the store that was there is moved aside, not deleted. What\n"
      "was heard since the backup is heard and told again, and alerts that were owed then go out, under the same\n"
      "delivery ids as before.\n"
      "Example:\n"
      "  systemctl stop earshot && earshot restore /var/backups/earshot/2026-11-26 && systemctl start earshot");
  command->callback([options, &exit] { exit = restore(*options); });
}

}  // namespace earshot::cli
