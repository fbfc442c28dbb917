// ${file:…} ${env:…} ${credential:…} inside texts: where secrets come in without standing in the configuration.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/config/findings.h"
#include "core/config/yaml.h"

namespace earshot::config {

struct Resolved {
  std::string text;
  bool referred = false;  // something of it came from a reference: it must not be shown
  bool good = true;       // false: an error was reported and the text is not complete
};

class References {
 public:
  explicit References(const SecretReader& read) : read_(read) {}

  // The node's text with every reference replaced and `$${` made `${`. Each reference is read once.
  Resolved resolve(const Node& node, Findings& findings);

  // Also to be hidden: a secret that stands in the file itself.
  void hide(const std::string& value);

  // Everything to be hidden, each once.
  std::vector<std::string> secrets() const;

 private:
  const Result<std::string>& value(const std::string& scheme, const std::string& name);

  const SecretReader& read_;
  std::map<std::string, Result<std::string>> known_;  // "scheme:name" → what came of it
  std::vector<std::string> hidden_;
};

}  // namespace earshot::config
