// YAML text → a typed, validated Config, or every problem at once, each with file:line:column. Pure: files, secrets
// and plugins' schemas are handed in. Any number of threads may call these at once.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/model.h"
#include "core/config/problem.h"
#include "core/result.h"

namespace earshot::config {

// One file as it was read. `name` is what messages call it; `text` should be UTF-8 (a BOM is skipped).
struct File {
  std::string name, text;
};

enum class PluginKind { source, sink };

// Which plugins there are and what settings they take. Answers must stay the same, and what they point to alive,
// during a call that was given this.
class PluginSchemas {
 public:
  virtual ~PluginSchemas() = default;
  // The JSON Schema (one object) of that plugin's settings; nothing when there is no such plugin.
  virtual std::optional<std::string_view> schema(PluginKind kind, std::string_view type) const = 0;
  // All types of that kind.
  virtual std::vector<std::string> types(PluginKind kind) const = 0;
};

// The value behind ${scheme:name}, scheme being `file`, `env` or `credential`. The error says why it cannot be had
// and what to do, without the value. A final newline is the reader's to cut off.
using SecretReader = std::function<Result<std::string>(std::string_view scheme, std::string_view name)>;

struct Loaded {
  Config config;                  // to be used only when ok()
  std::vector<Problem> problems;  // in the order of files and lines

  bool ok() const { return errors(problems) == 0; }
};

// Bounds on what is read; beyond them is an error, not a crawl.
inline constexpr std::size_t kMaxFileBytes = 16U << 20;
inline constexpr std::size_t kMaxDepth = 64;
inline constexpr std::size_t kMaxNodes = 4'000'000;  // of all files together, aliases counted as often as used
inline constexpr std::size_t kMaxProblems = 1'000;   // further ones are counted in a last one

// All files together are one configuration: lists of later files are appended, a section or value given twice is an
// error. Files in the order given; the first is the one that messages about the whole point to.
Loaded load(std::span<const File> files, const PluginSchemas& plugins, const SecretReader& secrets);

// The JSON Schema (draft-07) of the whole configuration with every plugin's settings merged in, for editors; pretty-
// printed with a final newline, and byte for byte the same for the same plugins.
std::string editor_schema(const PluginSchemas& plugins);

}  // namespace earshot::config
