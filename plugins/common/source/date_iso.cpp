// ISO 8601 and W3CDTF: calendar, ordinal and week dates, basic and extended, and Unix times.
#include <chrono>

#include "common/source/date_parts.h"

namespace earshot::source {
namespace {

using namespace std::chrono;

bool iso_time(Cursor& c, Said& s) {
  if (c.done()) return true;
  if (c.peek() == 't' || ((c.peek() == ' ' || c.peek() == '_') && text::is_digit(c.peek(1)))) {
    ++c.at;
    const std::size_t n = c.digits();
    s.has_time = true;
    if (c.peek(n) == ':' && n <= 2 && n > 0) {
      if (!take_clock(c, s.time)) return false;
    } else if (n == 2 || n == 4 || n == 6) {
      s.time.hour = c.number(2);
      if (n > 2) s.time.minute = c.number(2);
      if (n > 4) s.time.second = c.number(2);
      take_fraction(c, s.time);
    } else {
      return false;
    }
    if (c.peek() == ' ') ++c.at;
  } else if (c.peek() != 'z' && !((c.peek() == '-' || c.peek() == '+') && c.peek(3) == ':')) {
    return false;
  }
  if ((c.peek() == '+' || c.peek() == '-') && !take_offset(c, s.zone)) return false;
  if (c.take('z') && !s.zone) s.zone = 0;
  return c.done();
}

void ordinal(Said& s, int day_of_year) {
  const sys_days date = sys_days(year{s.year} / January / 1) + days{day_of_year - 1};
  const year_month_day ymd{date};
  s.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  s.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
}

bool iso_week(Cursor& c, Said& s) {
  if (c.digits() < 2) return false;
  const int week = c.number(2);
  int weekday = 1;
  if (c.peek() == '-' && text::is_digit(c.peek(1))) ++c.at;
  if (c.digits() == 1) weekday = c.number(1);
  const sys_days fourth = sys_days(year{s.year} / January / 4);  // always in week 1
  const int iso = static_cast<int>(std::chrono::weekday{fourth}.iso_encoding());
  const year_month_day ymd{fourth + days{(week - 1) * 7 + weekday - iso}};
  s.year = static_cast<int>(ymd.year());
  s.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  s.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
  return week >= 1 && week <= 53 && weekday >= 1 && weekday <= 7;
}

// Seconds, with a fraction or without, or milliseconds.
std::optional<std::int64_t> unix_time(std::string_view text, std::size_t digits) {
  Cursor c{text};
  std::int64_t v = 0;
  while (c.at < digits) v = v * 10 + (text[c.at++] - '0');
  Clock rest;
  if (digits < 13) take_fraction(c, rest);
  if (!c.done()) return std::nullopt;
  return digits == 13 ? v : v * 1000 + rest.ms;
}

}  // namespace

std::optional<std::int64_t> iso_date(std::string_view text) {
  Cursor c{text};
  Said s;
  if (c.take('-')) {  // -yymm, -yy-mm: a century left out
    const std::size_t n = c.digits();
    if (n != 4 && n != 2) return std::nullopt;
    s.year = full_year(c.number(2), 2);
    if (n == 2 && !c.take('-')) return std::nullopt;
    if (c.digits() != 2) return std::nullopt;
    s.month = c.number(2);
    return c.done() ? instant(s) : std::nullopt;
  }
  const std::size_t n = c.digits();
  switch (n) {
    case 9:
    case 10:
    case 13: return unix_time(text, n);
    case 12:
    case 14:
    case 8:
      s.year = c.number(4);
      s.month = c.number(2);
      s.day = c.number(2);
      if (n > 8) {
        s.time.hour = c.number(2);
        s.time.minute = c.number(2);
        if (n > 12) s.time.second = c.number(2);
      }
      return iso_time(c, s) ? instant(s) : std::nullopt;
    case 7:
      s.year = c.number(4);
      ordinal(s, c.number(3));
      return iso_time(c, s) ? instant(s) : std::nullopt;
    case 6:
      s.year = full_year(c.number(2), 2);
      s.month = c.number(2);
      s.day = c.number(2);
      return iso_time(c, s) ? instant(s) : std::nullopt;
    case 5:
      s.year = full_year(c.number(2), 2);
      ordinal(s, c.number(3));
      return iso_time(c, s) ? instant(s) : std::nullopt;
    case 4: break;
    case 2:
      if (c.peek(2) != '-' || !text::is_digit(c.peek(4)) || c.peek(5) != '-') return std::nullopt;
      break;
    default: return std::nullopt;
  }
  s.year = full_year(c.number(n), n);
  if (c.take('w')) return iso_week(c, s) && iso_time(c, s) ? instant(s) : std::nullopt;
  if (c.peek() == '-' && c.peek(1) == 'w') {
    c.at += 2;
    return iso_week(c, s) && iso_time(c, s) ? instant(s) : std::nullopt;
  }
  if (c.peek() == '-' && text::is_digit(c.peek(1))) {
    ++c.at;
    const std::size_t m = c.digits();
    if (m == 3 && c.peek(3) != '-') {
      ordinal(s, c.number(3));
      return iso_time(c, s) ? instant(s) : std::nullopt;
    }
    if (m > 3) return std::nullopt;  // a month of three digits is Google's
    s.month = c.number(m);
    if (c.peek() == '-' && text::is_digit(c.peek(1)) && c.peek(3) != ':') {
      ++c.at;
      if (c.digits() > 2) return std::nullopt;
      s.day = c.number(c.digits());
    }
  }
  return iso_time(c, s) ? instant(s) : std::nullopt;
}

}  // namespace earshot::source
