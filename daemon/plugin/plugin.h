// A loaded plugin: its table, checked and copied, and the shared object that keeps its code in memory.
#pragma once

#include <earshot/plugin.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace earshot::host {

enum class Kind : std::uint8_t { source = EARSHOT_SOURCE, sink = EARSHOT_SINK };

constexpr std::string_view to_string(Kind kind) { return kind == Kind::source ? "source" : "sink"; }

struct Table;

// Immutable once loaded, so it may be used from any thread. Every instance made from it holds it; its code is unloaded
// only after the last of them is gone.
class Plugin {
 public:
  // Loads a shared object. Refused with a message that names the file and the remedy: a path that somebody other than
  // root or the running user could change (trust.h), a file that is no shared object or lacks a symbol it needs, one
  // without `earshot_plugin_v1`, a newer ABI than this host has, a table without its required functions, texts that
  // break the contract. `user_agent` is what the plugin is told the host sends.
  static Result<std::shared_ptr<const Plugin>> load(const std::filesystem::path& path,
                                                    std::string user_agent = "Earshot");

  // The same checks for a table of this program, so that tests need no shared object. `where` stands for its path. The
  // table's functions must outlive the plugin; the table itself and its texts are copied.
  static Result<std::shared_ptr<const Plugin>> from_table(const earshot_plugin& table, std::string where = "built-in",
                                                          std::string user_agent = "Earshot");

  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  Kind kind() const { return static_cast<Kind>(table().kind); }
  const std::string& name() const;                                     // [a-z][a-z0-9-]*: what `type:` says
  const std::string& version() const;                                  // may be empty
  const std::string& summary() const;                                  // one line
  const std::string& schema() const;                                   // JSON Schema of its settings: a JSON object
  const std::string& sample() const;                                   // YAML, commented
  std::uint32_t capabilities() const { return table().capabilities; }  // EARSHOT_NEEDS_… | EARSHOT_STREAMS
  bool can(std::uint32_t capability) const { return (capabilities() & capability) == capability; }
  const std::vector<earshot_rate>& rates() const;              // sinks: all of them are to be kept
  const std::filesystem::path& path() const { return path_; }  // symbolic links resolved

  // For the instances in this room: the functions, and the host as the plugin sees it.
  const earshot_plugin& table() const;
  const earshot_host& host() const { return host_; }

 private:
  struct Library;  // what dlopen gave
  Plugin(std::unique_ptr<Library> library, Table table, std::filesystem::path path, std::string user_agent);

  std::unique_ptr<Library> library_;  // null for a table of this program
  std::unique_ptr<const Table> table_;
  std::filesystem::path path_;
  std::string user_agent_;
  earshot_host host_{};
};

}  // namespace earshot::host
