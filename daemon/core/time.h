// Time in this house: UTC instants of millisecond precision, handed in, never read from a clock in core/.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace earshot {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

constexpr Time from_ms(std::int64_t ms) { return Time{Duration{ms}}; }
constexpr std::int64_t to_ms(Time t) { return t.time_since_epoch().count(); }

// RFC 3339 in UTC, whole seconds: "2026-11-23T21:10:00Z".
std::string rfc3339(Time t);
// RFC 3339 §5.6 with any offset, `T` or `t` or a space, fractions cut to milliseconds, a leap second taken as the one
// before; nothing when the text is anything else or names a day that does not exist.
std::optional<Time> parse_rfc3339(std::string_view text);

// `90s` `15m` `6h` `7d` (and `250ms`, `2w`); nothing when the text is no duration or does not fit.
std::optional<Duration> parse_duration(std::string_view text);
// The shortest such form: "90s", "6h".
std::string format_duration(Duration d);

}  // namespace earshot
