#include "cli/load_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace earshot::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxSecret = 64U << 10U;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Why a file could not be opened or read, and what to do.
std::string why(const fs::path& path, int error) {
  switch (error) {
    case ENOENT: return fmt::format("{} does not exist", path.string());
    case EACCES:
      return fmt::format("{} may not be read by this user; give it read permission (chown, chmod or a group)",
                         path.string());
    case EISDIR: return fmt::format("{} is a folder; name a file in it", path.string());
    default: return fmt::format("{} cannot be read: {}", path.string(), std::strerror(error));
  }
}

// At most `limit` bytes and one more, so that the caller sees that there was more.
Result<std::string> read_file(const fs::path& path, std::size_t limit) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return fail(why(path, errno));
  std::string text;
  char buffer[16384];
  while (text.size() <= limit) {
    const std::size_t n = std::fread(buffer, 1, std::min(sizeof buffer, limit + 1 - text.size()), file.get());
    if (n == 0) break;
    text.append(buffer, n);
  }
  if (std::ferror(file.get())) return fail(why(path, errno));
  return text;
}

Result<std::string> read_secret_file(const fs::path& path) {
  std::error_code bad;
  const fs::file_status status = fs::status(path, bad);
  // A pipe or a device would be waited for, perhaps for ever.
  if (fs::exists(status) && !fs::is_regular_file(status))
    return fail(fmt::format("{} is no regular file", path.string()));
  if (status.type() == fs::file_type::not_found)
    return fail(fmt::format("{} does not exist; put the secret there", path.string()));
  auto text = read_file(path, kMaxSecret);
  if (!text) return text;
  if (text->size() > kMaxSecret)
    return fail(fmt::format("{} is larger than {} KiB, which is no secret", path.string(), kMaxSecret >> 10U));
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  return text;
}

}  // namespace

std::optional<std::string_view> InstalledPlugins::schema(config::PluginKind kind, std::string_view type) const {
  const host::Kind wanted = kind == config::PluginKind::source ? host::Kind::source : host::Kind::sink;
  for (const auto& plugin : catalogue_.plugins())
    if (plugin->kind() == wanted && plugin->name() == type) return plugin->schema();
  return std::nullopt;
}

std::vector<std::string> InstalledPlugins::types(config::PluginKind kind) const {
  const host::Kind wanted = kind == config::PluginKind::source ? host::Kind::source : host::Kind::sink;
  std::vector<std::string> out;
  for (const auto& plugin : catalogue_.plugins())
    if (plugin->kind() == wanted) out.push_back(plugin->name());
  return out;
}

Result<std::string> read_secret(std::string_view scheme, std::string_view name, const fs::path& folder) {
  const std::string text(name);
  if (text.find('\0') != std::string::npos) return fail("the name has a NUL in it");
  if (scheme == "file") return read_secret_file(folder / text);
  if (scheme == "env") {
    const char* value = std::getenv(text.c_str());
    if (!value)
      return fail(
          fmt::format("the environment has no {}; set it (for the service: Environment= or EnvironmentFile=)", text));
    return std::string(value);
  }
  const std::string where = environment("CREDENTIALS_DIRECTORY");
  if (text.find('/') != std::string::npos || text == "." || text == "..") return fail("a credential's name has no `/`");
  if (where.empty())
    return fail(
        fmt::format("there are no credentials here: systemd passes them to the service (LoadCredential={}:/path); "
                    "to check by hand, set CREDENTIALS_DIRECTORY to their folder",
                    text));
  auto value = read_secret_file(fs::path(where) / text);
  if (!value)
    return fail(fmt::format("{}; give it to the service: LoadCredential={}:/path", value.error().message, text));
  return value;
}

config::Loaded load_config(const fs::path& main, const host::Catalogue& catalogue) {
  std::vector<fs::path> paths{main};
  const fs::path folder = main.parent_path();
  std::vector<config::Problem> unreadable;
  std::error_code bad;
  const fs::path more = folder / "sources.d";
  if (fs::is_directory(more, bad)) {
    fs::directory_iterator entries(more, bad);
    if (bad) unreadable.push_back({{more.string(), 0, 0}, config::Gravity::error, why(more, bad.value()), {}});
    for (; !bad && entries != fs::directory_iterator(); entries.increment(bad)) {
      const fs::path& path = entries->path();
      if (path.filename().string().starts_with('.')) continue;
      if (path.extension() == ".yaml" || path.extension() == ".yml") paths.push_back(path);
    }
    std::sort(paths.begin() + 1, paths.end());
  }
  std::vector<config::File> files;
  for (const fs::path& path : paths) {
    auto text = fs::is_directory(path, bad) ? Result<std::string>(fail(why(path, EISDIR)))
                                            : read_file(path, config::kMaxFileBytes);
    if (text) {
      files.push_back({path.string(), std::move(*text)});
      continue;
    }
    const bool none = path == main && !fs::exists(path, bad);
    unreadable.push_back({{path.string(), 0, 0},
                          config::Gravity::error,
                          text.error().message + (none ? "; name the file with --config" : ""),
                          {}});
  }
  const config::SecretReader secrets = [&](std::string_view scheme, std::string_view name) {
    return read_secret(scheme, name, folder);
  };
  // What is missing because a file is, would only hide the one thing to mend.
  if (!unreadable.empty()) return {{}, std::move(unreadable)};
  return config::load(files, InstalledPlugins(catalogue), secrets);
}

Result<fs::path> store_path(const config::Storage& storage, const fs::path& folder) {
  if (!storage.path.empty()) return folder / storage.path;
  const std::string state = environment("STATE_DIRECTORY");
  if (!state.empty()) return fs::path(state.substr(0, state.find(':')));
  const std::string xdg = environment("XDG_STATE_HOME");
  if (xdg.starts_with('/')) return fs::path(xdg) / "earshot";
  const std::string home = environment("HOME");
  if (home.starts_with('/')) return fs::path(home) / ".local/state/earshot";
  return fail(
      "there is no place for the store: say `storage: {path: /var/lib/earshot}` in the configuration, or set HOME");
}

std::string describe(const config::Loaded& loaded) {
  std::string out;
  for (const config::Problem& problem : loaded.problems) {
    if (!out.empty()) out += '\n';
    out += config::format(problem);
  }
  return out;
}

}  // namespace earshot::cli
