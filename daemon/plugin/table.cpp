#include "plugin/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "core/config/schema.h"
#include "core/utf8.h"

namespace earshot::host {
namespace {

constexpr std::size_t kMaxName = 64, kMaxLine = 1024, kMaxText = std::size_t{1} << 20, kMaxRates = 8;

// Everything up to `create` was there in the first version of the contract.
constexpr std::size_t kLeastSize = offsetof(earshot_plugin, source_begin);

Result<std::string> text(earshot_str from, std::string_view what, std::size_t max) {
  if (from.len == 0) return std::string{};
  if (!from.data) return fail(fmt::format("its {} is null with a length of {}", what, from.len));
  if (from.len > max) return fail(fmt::format("its {} has {} bytes; {} are allowed", what, from.len, max));
  const std::string_view seen{from.data, from.len};
  if (!is_valid_utf8(seen)) return fail(fmt::format("its {} is not UTF-8", what));
  return std::string{seen};
}

bool is_plain_line(std::string_view s) {
  return std::ranges::none_of(s, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// [a-z][a-z0-9-]*, what `type:` may say.
bool is_plugin_name(std::string_view s) {
  return !s.empty() && s.front() >= 'a' && s.front() <= 'z' &&
         std::ranges::all_of(s, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// Compiled here as the configuration will: a schema that cannot be used is told when the plugin is installed.
Status check_schema(const std::string& schema) {
  const auto compiled = config::SchemaDocument::compile(schema);
  if (!compiled) return fail(fmt::format("its config_schema cannot be used: {}", compiled.error().message));
  if ((*compiled)->root().types != config::kObject)
    return fail(R"(its config_schema must be a JSON Schema that says {"type": "object"})");
  return {};
}

// The first function that this kind of plugin lacks.
std::string_view missing_function(const earshot_plugin& t) {
  if (!t.create) return "create";
  if (!t.destroy) return "destroy";
  if (t.kind == EARSHOT_SOURCE) {
    if (!t.source_begin) return "source_begin";
    if (!t.source_response) return "source_response";
    if ((t.capabilities & EARSHOT_STREAMS) && !t.source_frame) return "source_frame";
  } else if (!t.sink_request) {
    return "sink_request";
  }
  return {};
}

}  // namespace

Result<Table> check_table(const earshot_plugin* from) {
  std::uint32_t size = 0;
  std::memcpy(&size, from, sizeof size);
  if (size < kLeastSize) return fail(fmt::format("its table says size {}; set `size` to sizeof(earshot_plugin)", size));
  Table out;
  earshot_plugin& t = out.functions;
  std::memcpy(static_cast<void*>(&t), from, std::min<std::size_t>(size, sizeof t));

  if (t.needs_minor > EARSHOT_ABI_MINOR)
    return fail(
        fmt::format("it needs plugin ABI {}.{} and this Earshot has {}.{}: update Earshot, or install an older "
                    "version of the plugin",
                    EARSHOT_ABI_MAJOR, t.needs_minor, EARSHOT_ABI_MAJOR, EARSHOT_ABI_MINOR));
  if (t.kind != EARSHOT_SOURCE && t.kind != EARSHOT_SINK)
    return fail(fmt::format("its kind {} is neither EARSHOT_SOURCE nor EARSHOT_SINK", t.kind));
  constexpr std::uint32_t kKnown =
      EARSHOT_NEEDS_FILES | EARSHOT_NEEDS_CONSOLE | EARSHOT_STREAMS | EARSHOT_NEEDS_SMTP | EARSHOT_EDITS;
  if (const std::uint32_t unknown = t.capabilities & ~kKnown)
    return fail(
        fmt::format("it asks for capabilities that this Earshot does not have (bits {:#x}): update Earshot", unknown));

  const std::pair<std::string*, Result<std::string>> texts[] = {
      {&out.name, text(t.name, "name", kMaxName)},
      {&out.version, text(t.version, "version", kMaxName)},
      {&out.summary, text(t.summary, "summary", kMaxLine)},
      {&out.schema, text(t.config_schema, "config_schema", kMaxText)},
      {&out.sample, text(t.sample, "sample", kMaxText)}};
  for (const auto& [to, value] : texts) {
    if (!value) return tl::unexpected{value.error()};
    *to = *value;
  }
  t.name = t.version = t.summary = t.config_schema = t.sample = {};
  if (t.n_rates > kMaxRates || (t.n_rates > 0 && t.rates == nullptr))
    return fail(fmt::format("its table says {} rates; give none, or at most {}", t.n_rates, kMaxRates));
  for (const earshot_rate& rate : std::span(t.rates, t.n_rates)) {
    if (rate.count == 0 || rate.period_ms == 0) return fail("one of its rates allows nothing");
    out.rates.push_back(rate);
  }
  t.rates = nullptr;
  t.n_rates = 0;
  if (!is_plugin_name(out.name))
    return fail(fmt::format("its name \"{}\" must be lower-case letters, digits and hyphens, and begin with a letter",
                            is_plain_line(out.name) ? out.name : "?"));
  if (!is_plain_line(out.version) || !is_plain_line(out.summary))
    return fail("its version and summary must be one line each");
  if (const std::string_view missing = missing_function(t); !missing.empty())
    return fail(fmt::format("its table has no {}, which every {}{} needs", missing,
                            missing == "source_frame" ? "streaming " : "",
                            t.kind == EARSHOT_SOURCE ? "source" : "sink"));
  if (auto status = check_schema(out.schema); !status) return tl::unexpected{status.error()};
  return out;
}

}  // namespace earshot::host
