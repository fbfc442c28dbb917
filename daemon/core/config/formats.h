// The words of "format": what a text must look like beyond being text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/config/model.h"

namespace earshot::config {

// What a text defines or uses by name, beside having a form.
enum class Use : std::uint8_t { none, topic, source, channel, query };

struct Format {
  std::string_view name;     // "duration"
  std::string_view expects;  // "a duration such as 90s, 15m, 6h or 7d"
  // Nothing when the text is good; else what is wrong with it, to stand after "`key` must be <expects>"; may be empty.
  std::optional<std::string> (*wrong)(std::string_view text);
  std::string_view pattern;  // for editors: a regular expression of its form; empty: none
  Use use = Use::none;
};

// Null when there is no such format.
const Format* find_format(std::string_view name);

// "16MiB", "1GB", "500 kB", "4096": bytes. IEC 80000-13 prefixes are powers of 1024, SI ones of 1000.
std::optional<std::uint64_t> parse_size(std::string_view text);
// "09:00" → 540.
std::optional<std::uint16_t> parse_minute(std::string_view text);
// "mon", "Monday" → 1.
std::optional<unsigned> parse_day(std::string_view text);
// "09:00", "mon 09:00", "mon-fri 09:00", "tue,thu 16:30".
std::optional<At> parse_at(std::string_view text);
// RFC 3339 with a zone: "2026-12-01T09:00:00Z", "2026-12-01T09:00+01:00"; a date alone is its beginning in UTC.
std::optional<Time> parse_time(std::string_view text);

}  // namespace earshot::config
