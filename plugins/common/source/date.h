// Dates as feeds write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace earshot::source {

// Milliseconds since 1970-01-01T00:00:00Z, or nothing when the text is no date. Reads
//   RFC 822 / 2822 / 5322 with their usual errors: two-digit years, no seconds, no or foreign day names, zones by name;
//   W3CDTF and ISO 8601: calendar, ordinal and week dates, basic and extended, truncated ones;
//   ctime, US and European forms with / . -, "22nd December 2017 at 3:09pm", Unix seconds and milliseconds;
//   month and day names in some twenty languages, Korean, Japanese and Chinese dates.
// A date without a zone is UTC (Korean ones KST). Years below 100 are 1970–2069. 24:00 is the next day's midnight,
// 24:05 the day's own first hour. Where day and month cannot be told apart (03/04/2005): the one that fits the day
// name, else month first with am/pm, else day first.
std::optional<std::int64_t> parse_date(std::string_view text);

}  // namespace earshot::source
