// Checked JSON → the typed Config.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/model.h"
#include "core/config/yaml.h"

namespace earshot::config {

// What the files say, section by section, after the walk. Values that were wrong are null.
struct Sections {
  struct Entry {
    const Node* node;
    boost::json::value value;
  };
  std::map<std::string, Entry, std::less<>> single;              // server storage fetch timezone
  std::map<std::string, std::vector<Entry>, std::less<>> lists;  // topics sources channels routes reports

  // The node under that key of a single section; null when it was not written.
  const Node* find(std::string_view section, std::string_view key) const;
  const std::vector<Entry>& list(std::string_view section) const;
};

// Takes what is there and leaves the rest as it is by default: it also runs on what has errors, so that further checks
// can be made. Entries stand in the same order as in `sections`.
Config read(const Sections& sections);

}  // namespace earshot::config
