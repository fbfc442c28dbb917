// A loaded plugin: its table, checked and copied, and the shared object that keeps its code in memory.
#pragma once

#include <earshot/plugin.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace earshot::host {

enum class Kind : std::uint8_t { source = EARSHOT_SOURCE, sink = EARSHOT_SINK };

constexpr std::string_view to_string(Kind kind) { return kind == Kind::source ? "source" : "sink"; }

// Immutable once loaded, so it may be used from any thread. Every instance made from it holds it; its code is unloaded
// only after the last of them is gone.
class Plugin {
 public:
  // Loads a shared object. Refused with a message that names the file and the remedy: a path that somebody other than
  // root or the running user could change (file and every directory above it; a sticky directory such as /tmp is
  // no way in), a file that is no shared object or lacks a symbol it needs, one without `earshot_plugin_v1`, a newer
  // ABI than this host has, a table without its required functions, texts that break the contract. `user_agent` is what
  // the plugin is told the host sends.
  static Result<std::shared_ptr<const Plugin>> load(const std::filesystem::path& path,
                                                    std::string user_agent = "Earshot");

  // The same checks for a table of this program: tests need no shared object. `where` stands in messages instead of a
  // path. The table's functions must outlive the plugin; the table itself and its texts are copied.
  static Result<std::shared_ptr<const Plugin>> from_table(const earshot_plugin& table, std::string where = "built-in",
                                                          std::string user_agent = "Earshot");

  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  Kind kind() const { return static_cast<Kind>(table_.kind); }
  const std::string& name() const { return name_; }  // [a-z][a-z0-9-]*: what `type:` says
  const std::string& version() const { return version_; }
  const std::string& summary() const { return summary_; }             // one line
  const std::string& schema() const { return schema_; }               // JSON Schema of its settings: an object
  const std::string& sample() const { return sample_; }               // YAML, commented
  std::uint32_t capabilities() const { return table_.capabilities; }  // EARSHOT_NEEDS_… | EARSHOT_STREAMS
  bool can(std::uint32_t capability) const { return (table_.capabilities & capability) == capability; }
  const std::filesystem::path& path() const { return path_; }  // symbolic links resolved

  // For the instances of this room only: the functions, and the host as the plugin sees it.
  const earshot_plugin& table() const { return table_; }
  const earshot_host& host() const { return host_; }

 private:
  Plugin() = default;
  static Result<std::shared_ptr<const Plugin>> make(const earshot_plugin* table, std::filesystem::path path,
                                                    std::string user_agent, void* handle);

  void* handle_ = nullptr;  // of dlopen; null for a table of this program
  earshot_plugin table_{};  // its texts are replaced by ours below
  earshot_host host_{};
  std::filesystem::path path_;
  std::string name_, version_, summary_, schema_, sample_, user_agent_;
};

}  // namespace earshot::host
