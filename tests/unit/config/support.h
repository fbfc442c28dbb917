// What the tests of the configuration share: plugins' schemas from files, secrets from a table.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "core/config/config.h"

namespace earshot::config {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The schemas in <folder>/sources/*.json and <folder>/sinks/*.json, called as the files are.
class FolderPlugins final : public PluginSchemas {
 public:
  explicit FolderPlugins(const std::filesystem::path& folder) {
    for (const auto& [kind, name] : {std::pair{PluginKind::source, "sources"}, std::pair{PluginKind::sink, "sinks"}})
      for (const auto& entry : std::filesystem::directory_iterator(folder / name))
        schemas_[{kind, entry.path().stem().string()}] = read_file(entry.path());
  }
  std::optional<std::string_view> schema(PluginKind kind, std::string_view type) const override {
    const auto found = schemas_.find({kind, std::string(type)});
    if (found == schemas_.end()) return std::nullopt;
    return found->second;
  }
  std::vector<std::string> types(PluginKind kind) const override {
    std::vector<std::string> out;
    for (const auto& [key, text] : schemas_)
      if (key.first == kind) out.push_back(key.second);
    return out;
  }

 private:
  std::map<std::pair<PluginKind, std::string>, std::string> schemas_;
};

inline const FolderPlugins& plugins() {
  static const FolderPlugins all(std::filesystem::path(CONFIG_TESTS) / "plugins");
  return all;
}

// "scheme:name" → value; what is not in it cannot be read.
inline const std::map<std::string, std::string>& secrets() {
  static const std::map<std::string, std::string> all{
      {"env:TOKEN", "hush-hush-0123456789"},
      {"env:PORT", "8080"},
      {"env:BAD", "sesame open: not a thing"},
      {"env:EMPTY", ""},
      {"env:BINARY", std::string("\x01\xFF", 2)},
      {"file:/etc/earshot/slack-pr", "https://hooks.slack.example/services/T0/B0/keepmequiet"},
      {"credential:care", "https://care.example/hook/nobodyknows"},
  };
  return all;
}

inline Result<std::string> secret(std::string_view scheme, std::string_view name) {
  const auto found = secrets().find(std::string(scheme) + ":" + std::string(name));
  if (found == secrets().end()) return fail(std::string(name) + " is not there; put it there");
  return found->second;
}

inline Loaded load_text(std::string text) {
  const std::vector<File> files{{"earshot.yaml", std::move(text)}};
  return load(files, plugins(), secret);
}

// The problems as they are printed, a line each.
inline std::string printed(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) out += format(problem) + "\n";
  return out;
}

}  // namespace earshot::config
