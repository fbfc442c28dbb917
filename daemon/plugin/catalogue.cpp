#include "plugin/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "core/config/suggest.h"

namespace earshot::host {
namespace {

namespace fs = std::filesystem;

// Every *.so of one directory, sorted by name. A folder that is not there has none.
std::vector<fs::path> shared_objects(const fs::path& dir, std::error_code& error) {
  std::vector<fs::path> out;
  for (fs::directory_iterator it{dir, error}, end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".so") out.push_back(it->path());
  std::ranges::sort(out);
  return out;
}

}  // namespace

Catalogue Catalogue::scan(std::span<const fs::path> dirs, std::string user_agent) {
  Catalogue out;
  const auto take = [&](const fs::path& path) {
    auto plugin = Plugin::load(path, user_agent);
    if (!plugin) {
      out.problems_.push_back(plugin.error().message);
      return;
    }
    const auto same = [&](const auto& p) { return p->kind() == (*plugin)->kind() && p->name() == (*plugin)->name(); };
    if (const auto first = std::ranges::find_if(out.plugins_, same); first == out.plugins_.end())
      out.plugins_.push_back(*std::move(plugin));
    else if ((*first)->path() != (*plugin)->path())
      out.problems_.push_back(fmt::format("{}: not used, because {} is the {} {} already", (*plugin)->path().string(),
                                          (*first)->path().string(), to_string((*first)->kind()), (*first)->name()));
  };
  for (const fs::path& dir : dirs) {
    std::error_code error, none;
    const std::vector<fs::path> here = shared_objects(dir, error);
    if (error) {
      out.problems_.push_back(fmt::format("{}: {}", dir.string(), error.message()));
      continue;
    }
    for (const fs::path& path : here) take(path);
    for (const char* folder : {"sources", "sinks"})
      if (fs::is_directory(dir / folder, none))
        for (const fs::path& path : shared_objects(dir / folder, error)) take(path);
    if (error) out.problems_.push_back(fmt::format("{}: {}", dir.string(), error.message()));
  }
  std::ranges::sort(out.plugins_, [](const auto& a, const auto& b) {
    return std::pair{a->kind(), a->name()} < std::pair{b->kind(), b->name()};
  });
  return out;
}

Result<std::shared_ptr<const Plugin>> Catalogue::find(Kind kind, std::string_view type) const {
  std::vector<std::string_view> names;
  for (const auto& plugin : plugins_) {
    if (plugin->kind() != kind) continue;
    if (plugin->name() == type) return plugin;
    names.push_back(plugin->name());
  }
  if (names.empty()) return fail(fmt::format("no {} plugin \"{}\": none is installed", to_string(kind), type));
  return fail(fmt::format("no {} plugin \"{}\"{}", to_string(kind), type, config::hint(type, names)));
}

}  // namespace earshot::host
