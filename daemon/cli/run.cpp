// `earshot run`: the daemon.
#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/load_config.h"
#include "cli/setup.h"
#include "run/log.h"
#include "run/service.h"

namespace earshot::cli {
namespace {

struct Options {
  std::string config, level = "info";
  bool salvage = false;
};

int run_daemon(const Options& options) {
  log::start(spdlog::level::from_str(options.level));
  const host::Catalogue catalogue = installed_plugins();
  const run::ServiceOptions service{
      .load = [&]() -> Result<config::Config> {
        config::Loaded loaded = load_config(options.config, catalogue);
        if (!loaded.ok()) return fail(describe(loaded));
        if (!loaded.problems.empty()) log::warn("configuration", {{"warnings", describe(loaded)}});
        return std::move(loaded.config);
      },
      .store_path =
          [&](const config::Config& config) {
            return store_path(config.storage, std::filesystem::path(options.config).parent_path());
          },
      .catalogue = catalogue,
      .salvage = options.salvage,
  };
  return run::serve(service);
}

}  // namespace

void add_run(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("run", "The service: listen to every source, keep mentions, tell the teams");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_option("--log-level", options->level, "debug, info, warn or error (default info)")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->type_name("LEVEL");
  command->add_flag("--salvage", options->salvage,
                    "Open a store whose last writes are damaged, giving those up. Copy its folder first");
  command->footer(
      "Stops on SIGTERM and SIGINT, within 5 seconds and with nothing lost. Reloads on SIGHUP; a configuration with\n"
      "errors is refused and the old one goes on.\n"
      "Examples:\n"
      "  earshot run --config /etc/earshot/earshot.yaml\n"
      "  earshot run --log-level debug\n"
      "  systemctl reload earshot");
  command->callback([options, &exit] { exit = run_daemon(*options); });
}

}  // namespace earshot::cli
