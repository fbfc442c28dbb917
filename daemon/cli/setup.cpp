#include "cli/setup.h"

#include <fmt/format.h>

#include "cli/load_config.h"
#include "cli/terminal.h"
#include "run/log.h"

namespace earshot::cli {

void add_config_option(CLI::App& command, std::string& path) {
  path = kDefaultConfig;
  command.add_option("-c,--config", path, "The main file; sources.d/*.yaml beside it are read too")
      ->capture_default_str()
      ->type_name("FILE");
}

host::Catalogue installed_plugins() {
  host::Catalogue catalogue = host::Catalogue::scan(host::default_plugin_dirs());
  for (const std::string& problem : catalogue.problems()) fmt::print(stderr, "warning: {}\n", printable(problem));
  return catalogue;
}

std::optional<Setup> set_up(const std::string& config_path) {
  host::Catalogue catalogue = installed_plugins();
  config::Loaded loaded = load_config(config_path, catalogue);
  if (!loaded.ok()) {
    fmt::print(stderr, "{}\n", describe(loaded));
    return std::nullopt;
  }
  log::hide(loaded.config.secrets);
  return Setup{std::move(catalogue), std::move(loaded.config), std::filesystem::path(config_path).parent_path()};
}

std::unique_ptr<store::Store> look_into_store(const Setup& setup) {
  const auto path = store_path(setup.config.storage, setup.folder);
  if (!path) {
    fmt::print(stderr, "earshot: {}\n", path.error().message);
    return nullptr;
  }
  auto store = store::Store::open(*path, {.create = false, .read_only = true});
  if (!store) {
    fmt::print(stderr, "earshot: {}\n", store.error().message);
    return nullptr;
  }
  return std::move(*store);
}

}  // namespace earshot::cli
