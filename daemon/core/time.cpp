#include "core/time.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace earshot {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};

constexpr std::array units{Unit{"w", 604'800'000}, Unit{"d", 86'400'000}, Unit{"h", 3'600'000},
                           Unit{"m", 60'000},      Unit{"s", 1'000},      Unit{"ms", 1}};

}  // namespace

std::string rfc3339(Time t) {
  const auto days = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{days};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(t - days)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [rest, bad] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (bad != std::errc{} || count < 0) return std::nullopt;
  const std::string_view name{rest, static_cast<std::size_t>(text.data() + text.size() - rest)};
  for (const Unit& unit : units)
    if (name == unit.name) {
      if (count > std::numeric_limits<std::int64_t>::max() / unit.ms / 1000) return std::nullopt;
      return Duration{count * unit.ms};
    }
  return std::nullopt;
}

std::string format_duration(Duration d) {
  if (d.count() == 0) return "0s";
  for (const Unit& unit : units)
    if (unit.name != "w" && d.count() % unit.ms == 0) return fmt::format("{}{}", d.count() / unit.ms, unit.name);
  return fmt::format("{}ms", d.count());
}

}  // namespace earshot
