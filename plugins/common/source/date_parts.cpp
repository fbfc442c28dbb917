#include "common/source/date_parts.h"

#include <algorithm>
#include <chrono>

#include "common/source/date_names.h"

namespace earshot::source {

using namespace std::chrono;

std::optional<std::int64_t> instant(Said s) {
  if (s.year < 0 || s.year > 9999) return std::nullopt;
  if (s.month < 0) s.month = 1;
  if (s.day < 0) s.day = 1;
  const year_month_day date{year{s.year}, month{static_cast<unsigned>(s.month)}, day{static_cast<unsigned>(s.day)}};
  if (!date.ok()) return std::nullopt;
  if (s.pm && s.time.hour < 12) s.time.hour += 12;
  if (s.am && s.time.hour == 12) s.time.hour = 0;
  const auto& [h, m, sec, ms] = s.time;
  if (h > 24 || m > 59 || sec > 60) return std::nullopt;
  // 24:00 is the end of the day (ISO 8601); 24:05 is the first hour of it, from clocks that count 1 to 24.
  const int hours = h == 24 && (m || sec || ms) ? 0 : h;
  std::int64_t t = sys_days(date).time_since_epoch().count() * std::int64_t{86'400'000} +
                   hours * std::int64_t{3'600'000} + m * 60'000 + sec * 1000 + ms;
  if (!s.region.empty()) s.zone = zone_of_region(s.region, static_cast<double>(t));
  if (!s.region.empty() && !s.zone) return std::nullopt;
  if (!s.zone) s.zone = s.korean ? 540 : 0;
  t -= std::int64_t{*s.zone} * 60'000;
  constexpr std::int64_t first = -62'167'219'200'000, last = 253'402'300'799'999;  // years 0000–9999
  if (t < first || t > last) return std::nullopt;
  return t;
}

int full_year(int year, std::size_t digits) {
  if (digits > 3 || year >= 1000) return year;
  return digits == 3 || year >= 70 ? 1900 + year : 2000 + year;
}

int Cursor::number(std::size_t n) {
  int v = 0;
  for (; n > 0; --n) v = std::min(v * 10 + (s[at++] - '0'), 100'000'000);
  return v;
}

bool take_offset(Cursor& c, std::optional<int>& zone) {
  const int sign = c.peek() == '-' ? -1 : 1;
  while (c.peek() == '-' || c.peek() == '+') ++c.at;
  const std::size_t n = c.digits();
  if (n == 0 || n > 4) return false;
  int hours = c.number(n), minutes = 0;
  if (n > 2) {
    minutes = hours % 100;
    hours /= 100;
  } else if (c.peek() == ':') {
    ++c.at;
    if (c.digits() != 2) return false;
    minutes = c.number(2);
    if (c.peek() == ':' && text::is_digit(c.peek(1))) {  // seconds of an offset are history
      ++c.at;
      c.number(c.digits());
    }
  }
  if (hours > 23 || minutes > 59) return false;
  zone = sign * (hours * 60 + minutes);
  return true;
}

void take_fraction(Cursor& c, Clock& t) {
  if ((c.peek() != '.' && c.peek() != ',') || !text::is_digit(c.peek(1))) return;
  ++c.at;
  int scale = 100;
  for (std::size_t n = c.digits(); n > 0; --n, scale /= 10) t.ms += (c.s[c.at++] - '0') * scale;
}

bool take_clock(Cursor& c, Clock& t) {
  t = {};
  t.hour = c.number(c.digits());
  const char between = c.peek() == '.' ? '.' : ':';
  ++c.at;
  if (c.digits() == 0 || c.digits() > 2) return false;
  t.minute = c.number(c.digits());
  if (c.peek() == between && text::is_digit(c.peek(1))) {
    ++c.at;
    if (c.digits() > 2) return false;
    t.second = c.number(c.digits());
    if (c.s.substr(c.at).starts_with(":00")) c.at += 3;
    if (c.peek() == ':' && (c.peek(1) == '+' || c.peek(1) == '-')) ++c.at;
  }
  take_fraction(c, t);
  return c.peek() != ':';
}

}  // namespace earshot::source
