// Which plugins are installed. One that cannot be loaded is a line in problems() and spoils none of the others.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "plugin/plugin.h"

namespace earshot::host {

// Where plugins are looked for: the directories of $EARSHOT_PLUGIN_PATH (separated by colons) where that is set, else
// beside the running program: the library directory it was installed with (../lib/x86_64-linux-gnu/earshot) where there
// is one, else ../plugins, as in the build tree.
std::vector<std::filesystem::path> default_plugin_dirs();

// Immutable once scanned; may be shared between threads.
class Catalogue {
 public:
  // Loads every *.so of each directory and of its folders sources/ and sinks/, in alphabetical order. Where two have
  // the same kind and name, the first stays and the second is a problem: an earlier directory goes before a later one.
  // A directory that is not there is a problem too.
  static Catalogue scan(std::span<const std::filesystem::path> dirs, std::string user_agent = "Earshot");

  // Sources first, then by name.
  const std::vector<std::shared_ptr<const Plugin>>& plugins() const { return plugins_; }
  // What could not be loaded, and why, each with its path.
  const std::vector<std::string>& problems() const { return problems_; }

  // The plugin that `type:` names. The error lists what there is and, where one is close, what may have been meant.
  Result<std::shared_ptr<const Plugin>> find(Kind kind, std::string_view type) const;

 private:
  std::vector<std::shared_ptr<const Plugin>> plugins_;
  std::vector<std::string> problems_;
};

}  // namespace earshot::host
