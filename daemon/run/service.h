// `earshot run`: the daemon from its start to its end. Signals, reload, watchdog and upkeep.
#pragma once

#include <filesystem>
#include <functional>

#include "core/config/model.h"
#include "core/result.h"
#include "plugin/catalogue.h"

namespace earshot::run {

struct ServiceOptions {
  // Reads the configuration anew, at the start and at every SIGHUP. Its error holds every problem, a line each.
  std::function<Result<config::Config>()> load;
  // storage.path, or where it is when the configuration does not say.
  std::function<Result<std::filesystem::path>(const config::Config&)> store_path;
  const host::Catalogue& catalogue;
  bool salvage = false;  // store::Options::salvage
};

// Runs until SIGTERM or SIGINT and returns the exit status: 0, or 1 when it could not start or its store failed.
// Stops within 5 seconds. SIGHUP reloads; a configuration with errors is refused, and the old one goes on.
int serve(const ServiceOptions& options);

}  // namespace earshot::run
