// Where plugins are looked for: the one place of this room that asks the environment and /proc.
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "plugin/catalogue.h"

namespace earshot::host {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> split(std::string_view list) {
  std::vector<fs::path> out;
  while (!list.empty()) {
    const std::size_t colon = list.find(':');
    if (const auto part = list.substr(0, colon); !part.empty()) out.emplace_back(part);
    list.remove_prefix(colon == std::string_view::npos ? list.size() : colon + 1);
  }
  return out;
}

}  // namespace

std::vector<fs::path> default_plugin_dirs() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in the daemon sets the environment.
  if (const char* path = std::getenv("EARSHOT_PLUGIN_PATH"); path && *path) return split(path);

  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path prefix = program.parent_path().parent_path();
  std::vector<fs::path> out;
  // lib, lib64 or lib/x86_64-linux-gnu: what GNUInstallDirs chose when this was built.
  const fs::path installed = prefix / EARSHOT_LIBDIR / "earshot";
  return {fs::is_directory(installed, error) ? installed : prefix / "plugins"};
}

}  // namespace earshot::host
