// Any bytes as a configuration: load() must come back, and must not show a secret.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/config/config.h"

namespace {

using namespace earshot;

constexpr std::string_view kSecret = "s3cr3t-sauce-of-the-house";

class Plugins final : public config::PluginSchemas {
 public:
  std::optional<std::string_view> schema(config::PluginKind, std::string_view type) const override {
    if (type != "feed" && type != "slack") return std::nullopt;
    return R"({"type": "object", "additionalProperties": false, "required": ["url"], "properties": {
      "url": {"type": "string", "format": "uri", "x-secret": true}, "n": {"type": "integer", "minimum": 1},
      "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}, "uniqueItems": true},
      "extra": {"type": "object"}, "key": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}}})";
  }
  std::vector<std::string> types(config::PluginKind) const override { return {"feed", "slack"}; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<config::File> files{{"earshot.yaml", std::string(data, data + size)}};
  const config::Loaded loaded = config::load(files, Plugins(), [](std::string_view, std::string_view name) {
    return name.size() % 2 == 0 ? Result<std::string>(std::string(kSecret)) : Result<std::string>(fail("not there"));
  });
  if (files[0].text.find(kSecret) != std::string::npos) return 0;
  for (const config::Problem& problem : loaded.problems)
    if (config::format(problem).find(kSecret) != std::string::npos) std::abort();
  return 0;
}
