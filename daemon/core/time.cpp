#include "core/time.h"

#include <fmt/format.h>

#include <algorithm>
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

std::optional<Time> parse_rfc3339(std::string_view text) {
  // Takes digits or one of some characters from the front; false once anything was not as it must be.
  bool good = true;
  const auto number = [&](std::size_t digits) {
    unsigned value = 0;
    good = good && text.size() >= digits;
    for (std::size_t i = 0; good && i < digits; ++i) {
      good = text[i] >= '0' && text[i] <= '9';
      value = value * 10 + static_cast<unsigned>(text[i] - '0');
    }
    if (good) text.remove_prefix(digits);
    return value;
  };
  const auto one_of = [&](std::string_view allowed) {
    good = good && !text.empty() && allowed.find(text.front()) != std::string_view::npos;
    if (!good) return '\0';
    const char c = text.front();
    text.remove_prefix(1);
    return c;
  };
  using namespace std::chrono;
  const year y{static_cast<int>(number(4))};
  one_of("-");
  const month m{number(2)};
  one_of("-");
  const day d{number(2)};
  one_of("Tt ");
  const unsigned hour = number(2);
  one_of(":");
  const unsigned minute = number(2);
  one_of(":");
  const unsigned second = number(2);
  milliseconds fraction{0};
  if (good && text.starts_with('.')) {
    text.remove_prefix(1);
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    good = digits > 0;
    int unit = 100;
    for (std::size_t i = 0; i < digits && unit > 0; ++i, unit /= 10) fraction += milliseconds{(text[i] - '0') * unit};
    text.remove_prefix(digits);
  }
  minutes offset{0};
  if (const char sign = one_of("Zz+-"); sign == '+' || sign == '-') {
    const unsigned hours_off = number(2);
    one_of(":");
    const unsigned minutes_off = number(2);
    good = good && hours_off < 24 && minutes_off < 60;
    offset = hours{hours_off} + minutes{minutes_off};
    if (sign == '-') offset = -offset;
  }
  const year_month_day date = y / m / d;
  if (!good || !text.empty() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return sys_days{date} + hours{hour} + minutes{minute} + seconds{std::min(second, 59U)} + fraction - offset;
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
