// What the ways of writing a date share: what one says, a cursor over its text, clocks and offsets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/text/space.h"

namespace earshot::source {

struct Clock {
  int hour = 0, minute = 0, second = 0, ms = 0;
};

// Everything a date may say; -1: not said.
struct Said {
  int year = -1, month = -1, day = -1, weekday = -1;  // weekday: 0 is Sunday
  bool has_time = false, pm = false, am = false, korean = false;
  Clock time;
  std::optional<int> zone;  // minutes east
  std::string region;       // Europe/Brussels
};

// What was said as milliseconds since the epoch; nothing when there is no such day, time or zone.
std::optional<std::int64_t> instant(Said said);

// Two digits are 1970–2069; three count from 1900 (RFC 5322 §4.3).
int full_year(int year, std::size_t digits);

// A prepared text (see date.cpp: lower case, ASCII digits and punctuation) and how far it was read.
struct Cursor {
  std::string_view s;
  std::size_t at = 0;

  bool done() const { return at >= s.size(); }
  char peek(std::size_t ahead = 0) const { return at + ahead < s.size() ? s[at + ahead] : '\0'; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at;
    return true;
  }
  // How many digits stand `ahead`.
  std::size_t digits(std::size_t ahead = 0) const {
    std::size_t n = 0;
    while (text::is_digit(peek(ahead + n))) ++n;
    return n;
  }
  int number(std::size_t n);
};

// +hh +hhmm +hh:mm, standing on the sign.
bool take_offset(Cursor& c, std::optional<int>& zone);
// .fff or ,fff where it stands.
void take_fraction(Cursor& c, Clock& time);
// h:mm[:ss[.fff]], standing on the hour; the sign between is whatever stands behind the hour, ':', '.' or 'h'.
bool take_clock(Cursor& c, Clock& time);

// "Mon, 23 Nov 2026 10:20:00 GMT" (or +hhmm) and "2026-11-23T10:20:00Z" (or +hh:mm), letter for letter and since 1970:
// the same instants as the other two give, sooner.
std::optional<std::int64_t> plain_date(std::string_view text);
// W3CDTF and all of ISO 8601 that instants can be made of, Unix times too.
std::optional<std::int64_t> iso_date(std::string_view prepared);
// Every other way; `original` is the text before it was prepared, as zones of the tz database are told by case.
std::optional<std::int64_t> worded_date(std::string_view prepared, std::string_view original);

}  // namespace earshot::source
