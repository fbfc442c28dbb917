// What the subcommands that work on a configuration share: find it, load it, say what is wrong with it, open its store.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "cli/commands.h"
#include "core/config/model.h"
#include "plugin/catalogue.h"
#include "store/store.h"

namespace earshot::cli {

struct Setup {
  host::Catalogue catalogue;
  config::Config config;
  std::filesystem::path folder;  // of the configuration: what relative paths in it start at
};

// Adds `--config FILE`, with the default filled in.
void add_config_option(CLI::App& command, std::string& path);

// Every plugin that is installed; those that cannot be loaded are named on stderr.
host::Catalogue installed_plugins();

// Loads the configuration and hides its secrets from logs. Nothing when it has errors: they were printed to stderr as
// `earshot check` prints them.
std::optional<Setup> set_up(const std::string& config_path);

// The store beside a running daemon, to look at; nothing when it cannot be opened: the reason was printed.
std::unique_ptr<store::Store> look_into_store(const Setup& setup);

}  // namespace earshot::cli
