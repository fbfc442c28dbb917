// The configuration from the machine it is on: files, environment, credentials. What core/config must not know.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/result.h"
#include "plugin/catalogue.h"

namespace earshot::cli {

inline constexpr const char* kDefaultConfig = "/etc/earshot/earshot.yaml";

// What core/config asks of plugins, answered by those installed. The catalogue must outlive it.
class InstalledPlugins final : public config::PluginSchemas {
 public:
  explicit InstalledPlugins(const host::Catalogue& catalogue) : catalogue_(catalogue) {}
  std::optional<std::string_view> schema(config::PluginKind kind, std::string_view type) const override;
  std::vector<std::string> types(config::PluginKind kind) const override;

 private:
  const host::Catalogue& catalogue_;
};

// `main` and sources.d/*.yaml (and *.yml) in the folder beside it, by name. What cannot be read is a problem without a
// line. `secrets` resolve as read_secret says.
config::Loaded load_config(const std::filesystem::path& main, const host::Catalogue& catalogue);

// ${file:/path} — a regular file of at most 64 KiB; a relative path starts at `folder`;
// ${env:NAME} — of this process; ${credential:name} — a file in $CREDENTIALS_DIRECTORY (systemd.exec(5),
// LoadCredential=). One newline at the end is cut off: editors and `echo` leave it there.
Result<std::string> read_secret(std::string_view scheme, std::string_view name, const std::filesystem::path& folder);

// Where the store is: storage.path (a relative one starts at `folder`, that of the configuration), else
// $STATE_DIRECTORY (systemd.exec(5), the first of several), else $XDG_STATE_HOME/earshot, else ~/.local/state/earshot
// (XDG Base Directory Specification).
Result<std::filesystem::path> store_path(const config::Storage& storage, const std::filesystem::path& folder);

// Every problem as `earshot check` prints it, a line each; for those who refuse a configuration.
std::string describe(const config::Loaded& loaded);

}  // namespace earshot::cli
