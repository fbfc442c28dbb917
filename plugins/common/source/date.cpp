// A date is read as a row of tokens - numbers, words, punctuation - whose roles follow from their form and neighbours,
// not from a list of hundreds of formats: every field may stand anywhere.
#include "common/source/date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "common/source/date_names.h"
#include "common/text/space.h"

namespace earshot::source {
namespace {

using namespace std::chrono;

constexpr std::size_t longest = 100;

struct Clock {
  int hour = 0, minute = 0, second = 0, ms = 0;
};

// Everything a date may say; -1: not said.
struct Said {
  int year = -1, month = -1, day = -1, weekday = -1;
  bool has_time = false, pm = false, am = false, korean = false;
  Clock time;
  std::optional<int> zone;  // minutes east
  std::string region;       // Europe/Brussels
};

std::optional<std::int64_t> instant(Said s) {
  if (s.year < 0 || s.year > 9999) return std::nullopt;
  if (s.month < 0) s.month = 1;
  if (s.day < 0) s.day = 1;
  const year_month_day date{year{s.year}, month{static_cast<unsigned>(s.month)}, day{static_cast<unsigned>(s.day)}};
  if (!date.ok()) return std::nullopt;
  if (s.pm && s.time.hour < 12) s.time.hour += 12;
  if (s.am && s.time.hour == 12) s.time.hour = 0;
  const auto& [h, m, sec, ms] = s.time;
  if (h > 24 || m > 59 || sec > 60 || (h == 24 && (m || sec || ms))) return std::nullopt;
  std::int64_t t = sys_days(date).time_since_epoch().count() * std::int64_t{86'400'000} + h * std::int64_t{3'600'000} +
                   m * 60'000 + sec * 1000 + ms;
  if (!s.region.empty()) s.zone = zone_of_region(s.region, static_cast<double>(t));
  if (!s.region.empty() && !s.zone) return std::nullopt;
  if (!s.zone) s.zone = s.korean ? 540 : 0;
  t -= std::int64_t{*s.zone} * 60'000;
  constexpr std::int64_t first = -62'167'219'200'000, last = 253'402'300'799'999;  // years 0000–9999
  if (t < first || t > last) return std::nullopt;
  return t;
}

int full_year(int y, std::size_t digits) {
  if (digits > 2 || y >= 100) return y;
  return y < 70 ? 2000 + y : 1900 + y;
}

// ------------------------------------------------------------------------------------------------- cursor and time ---

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
  std::size_t digits() const {
    std::size_t n = 0;
    while (text::is_digit(peek(n))) ++n;
    return n;
  }
  int number(std::size_t n) {
    int v = 0;
    for (; n > 0; --n) v = std::min(v * 10 + (s[at++] - '0'), 100'000'000);
    return v;
  }
};

// +hh +hhmm +hh:mm, the sign already looked at.
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

// h:mm[:ss[.fff]], standing on the hour.
bool take_clock(Cursor& c, Clock& t) {
  t = {};
  t.hour = c.number(c.digits());
  ++c.at;
  if (c.digits() == 0 || c.digits() > 2) return false;
  t.minute = c.number(c.digits());
  if (c.peek() == ':' && text::is_digit(c.peek(1))) {
    ++c.at;
    if (c.digits() > 2) return false;
    t.second = c.number(c.digits());
    if (c.s.substr(c.at).starts_with(":00")) c.at += 3;
    if (c.peek() == ':' && (c.peek(1) == '+' || c.peek(1) == '-')) ++c.at;
  }
  take_fraction(c, t);
  return c.peek() != ':';
}

// ------------------------------------------------------------------------------------------------------- ISO 8601 ---

bool iso_time(Cursor& c, Said& s) {
  if (c.done()) return true;
  if (c.peek() == 't' || (c.peek() == ' ' && text::is_digit(c.peek(1)))) {
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

// W3CDTF and all of ISO 8601 that UTC instants can be made of.
std::optional<std::int64_t> iso(std::string_view text) {
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
  const bool alone = n == text.size();
  switch (n) {
    case 9:
    case 10:
    case 13: {
      if (!alone) return std::nullopt;
      std::int64_t v = 0;
      for (const char d : text) v = v * 10 + (d - '0');
      return n == 13 ? v : v * 1000;
    }
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

// ------------------------------------------------------------------------------------------- every other way ---

struct Number {
  int value;
  std::size_t digits;
};

// Which of two numbers is the day: the one over 12 is; else the day name decides; else the custom.
void day_and_month(Said& s, int a, int b, bool month_first) {
  if (a <= 12 && b <= 12 && s.weekday >= 0 && a != b && s.year >= 0) {
    const auto fits = [&](int m, int d) {
      const year_month_day date{year{s.year}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
      return date.ok() && static_cast<int>(weekday{sys_days(date)}.c_encoding()) == s.weekday;
    };
    if (fits(a, b) != fits(b, a)) month_first = fits(a, b);
  }
  if (a > 12) month_first = false;
  if (b > 12) month_first = true;
  s.month = month_first ? a : b;
  s.day = month_first ? b : a;
}

class Loose {
 public:
  Loose(std::string_view text, std::string_view original) : c_{text}, original_(original) {}

  std::optional<std::int64_t> read() {
    while (!c_.done())
      if (!token()) return std::nullopt;
    if (!settle()) return std::nullopt;
    return instant(s_);
  }

 private:
  bool token() {
    const char ch = c_.peek();
    if (text::is_digit(ch)) return number();
    if ((ch == '+' || ch == '-') && (s_.has_time || s_.year >= 0) && signed_number()) return take_offset(c_, s_.zone);
    if (text::is_alpha(ch) || static_cast<unsigned char>(ch) >= 0x80) return word();
    ++c_.at;  // a blank, comma, stop or dash
    return text::is_space(ch) || std::string_view(",.-/;:'()[]|+").find(ch) != std::string_view::npos;
  }

  bool signed_number() const {
    std::size_t i = 1;
    while (c_.peek(i) == '-') ++i;
    if (!text::is_digit(c_.peek(i))) return false;
    if (s_.has_time) return true;
    std::size_t n = 0;
    while (text::is_digit(c_.peek(i + n))) ++n;
    return n == 4 && c_.at > 0 && c_.s[c_.at - 1] == ' ';
  }

  bool number() {
    const std::size_t n = c_.digits();
    if (n > 4) return false;
    if (c_.peek(n) == ':' && n <= 2) {
      s_.has_time = true;
      return take_clock(c_, s_.time);
    }
    if ((c_.peek(n) == 'h') && text::is_digit(c_.peek(n + 1)) && n <= 2) {  // 15h04
      s_.has_time = true;
      return take_clock(c_, s_.time);
    }
    const Number first{c_.number(n), n};
    const char between = c_.peek();
    if ((between == '/' || between == '-' || between == '.') && text::is_digit(c_.peek(1)) && s_.month < 0)
      return group(first, between);
    for (const std::string_view ending : {"st", "nd", "rd", "th"})
      if (c_.s.substr(c_.at).starts_with(ending) && !text::is_alpha(c_.peek(2))) {
        c_.at += 2;
        break;
      }
    return cjk_unit(first) || loose(first);
  }

  // 2006/09/15, 15.9.2006, 09-15-06
  bool group(Number first, char between) {
    ++c_.at;
    std::size_t n = c_.digits();
    if (n > 4) return false;
    const Number second{c_.number(n), n};
    if (c_.peek() != between || !text::is_digit(c_.peek(1))) {
      if (second.digits == 4) {  // 09/2006
        s_.month = first.value;
        s_.year = second.value;
        return true;
      }
      return false;
    }
    ++c_.at;
    n = c_.digits();
    if (n > 4) return false;
    const Number third{c_.number(n), n};
    const bool year_first =
        first.digits > 2 || first.value > 31 || (between == '-' && third.digits <= 2 && third.value <= 31);
    if (year_first) {
      s_.year = full_year(first.value, first.digits);
      s_.month = second.value;
      s_.day = third.value;
      return third.digits <= 2;
    }
    s_.year = full_year(third.value, third.digits);
    first_ = first.value;
    second_ = second.value;
    dotted_ = between == '.';
    s_.month = 0;  // settled when the day name and am/pm are known
    return true;
  }

  bool loose(Number n) {
    if (n.digits == 4 && s_.year < 0) {
      s_.year = n.value;
      return true;
    }
    // "15:04:05 00": an offset that lost its sign.
    if (s_.has_time && s_.year >= 0 && (s_.day >= 0 || count_ > 0)) return n.value == 0;
    // "2013-01-27-01": the date is whole, and this is nothing that we know.
    if (!s_.has_time && s_.year >= 0 && s_.month > 0 && s_.day >= 0 && c_.at > n.digits &&
        c_.s[c_.at - n.digits - 1] == '-')
      return false;
    if (n.digits > 2 && s_.year >= 0) return false;
    if (count_ == numbers_.size()) return false;
    numbers_[count_++] = n;
    return true;
  }

  // 2004年 5月 28日, 2004년 05월 28일, 11시 23분
  bool cjk_unit(Number n) {
    struct Unit {
      std::string_view sign;
      int Said::*date;
      int Clock::*time;
    };
    static constexpr Unit units[] = {
        {"年", &Said::year, nullptr},    {"년", &Said::year, nullptr},    {"月", &Said::month, nullptr},
        {"월", &Said::month, nullptr},   {"日", &Said::day, nullptr},     {"일", &Said::day, nullptr},
        {"時", nullptr, &Clock::hour},   {"时", nullptr, &Clock::hour},   {"시", nullptr, &Clock::hour},
        {"点", nullptr, &Clock::hour},   {"分", nullptr, &Clock::minute}, {"분", nullptr, &Clock::minute},
        {"秒", nullptr, &Clock::second}, {"초", nullptr, &Clock::second},
    };
    std::size_t skip = 0;
    while (c_.peek(skip) == ' ') ++skip;
    const std::string_view rest = c_.s.substr(c_.at + skip);
    for (const Unit& u : units) {
      if (!rest.starts_with(u.sign)) continue;
      c_.at += skip + u.sign.size();
      if (u.sign == "년" || u.sign == "월" || u.sign == "시") s_.korean = true;
      if (u.date) s_.*u.date = n.value;
      if (u.time) s_.time.*u.time = n.value;
      if (u.time) s_.has_time = true;
      return true;
    }
    return false;
  }

  bool word() {
    const std::size_t from = c_.at;
    std::string_view w;
    const auto letter = [&](char c) { return text::is_alpha(c) || static_cast<unsigned char>(c) >= 0x80; };
    while (letter(c_.peek())) ++c_.at;
    if (c_.peek() == '/' && text::is_alpha(c_.peek(1))) {  // Europe/Brussels, Etc/GMT
      while (letter(c_.peek()) || c_.peek() == '/' || c_.peek() == '_' || (c_.peek() == '-' && letter(c_.peek(1))))
        ++c_.at;
      const std::string_view region = c_.s.substr(from, c_.at - from);
      if (region.ends_with("/gmt") || region.ends_with("/utc")) {
        s_.zone = 0;
        return true;
      }
      // The tz database tells upper from lower case: back to how it was written.
      const std::size_t at = text::find_same(original_, region);
      if (at == std::string_view::npos) return false;
      s_.region = std::string(original_.substr(at, region.size()));
      return true;
    }
    w = c_.s.substr(from, c_.at - from);
    for (const std::string_view sign : {"오전", "上午", "午前"})
      if (w.starts_with(sign)) return half_day(false, from + sign.size(), sign);
    for (const std::string_view sign : {"오후", "下午", "午後"})
      if (w.starts_with(sign)) return half_day(true, from + sign.size(), sign);
    if ((w == "a" || w == "p") && c_.peek() == '.' && c_.peek(1) == 'm') {
      c_.at += 2;
      (w == "a" ? s_.am : s_.pm) = true;
      return true;
    }
    if (w == "am" || w == "pm") {
      (w == "am" ? s_.am : s_.pm) = true;
      return true;
    }
    if (const auto zone = zone_of(w); zone && (s_.has_time || s_.year >= 0 || w.size() > 2)) {
      const bool sign = (c_.peek() == '+' || c_.peek() == '-') && text::is_digit(c_.peek(1));
      if (sign) return take_offset(c_, s_.zone);
      if (w == "at" && s_.zone == std::nullopt && !s_.has_time) return true;  // "2017 at 3:09pm"
      if (!s_.zone) s_.zone = zone;
      return true;
    }
    if (w.size() == 1 && text::is_alpha(w[0]) && s_.has_time) {  // military letters are worth nothing (RFC 5322 §4.3)
      s_.zone = s_.zone.value_or(0);
      return true;
    }
    if (const int m = month_of(w)) {
      if (s_.weekday < 0 && weekday_before_month(w, m)) return true;
      if (s_.month > 0 && !maybe_day_) return false;
      // "mar." may be mardi, "pazartesi" is Monday: another month may follow a word that stands before all numbers.
      maybe_day_ = count_ == 0 && s_.year < 0 && !s_.has_time;
      s_.month = m;
      return true;
    }
    if (const int d = weekday_of(w); d >= 0 && s_.weekday < 0) {
      s_.weekday = d;
      return true;
    }
    for (const std::string_view filler :
         {"t", "at", "um", "uhr", "de", "del", "the", "of", "le", "den", "a", "om", "à"})
      if (w == filler) return true;
    return first_word(from);
  }

  bool half_day(bool pm, std::size_t next, std::string_view sign) {
    c_.at = next;
    (pm ? s_.pm : s_.am) = true;
    if (sign.starts_with("오")) s_.korean = true;
    return true;
  }

  // "maandag" is a day, not March or May.
  bool weekday_before_month(std::string_view w, int) {
    for (const std::string_view day : {"maandag", "mardi", "martes", "martedi", "domingo", "domenica", "mandag"})
      if (w == day) {
        s_.weekday = weekday_of(w);
        if (w.starts_with("mart") || w == "mardi") s_.weekday = 2;
        return true;
      }
    return false;
  }

  // A first word nobody knows is the name of a day in a language that is not listed.
  bool first_word(std::size_t from) const {
    return count_ == 0 && s_.year < 0 && !s_.has_time &&
           std::none_of(c_.s.begin(), c_.s.begin() + static_cast<std::ptrdiff_t>(from),
                        [](char ch) { return text::is_alpha(ch) || text::is_digit(ch); });
  }

  // Gives the loose numbers their roles.
  bool settle() {
    std::size_t next = 0;
    if (first_ >= 0) day_and_month(s_, first_, second_, !dotted_ && (s_.am || s_.pm));
    if (s_.month < 0) {  // 11 04 2020
      if (s_.year < 0 || count_ < 2) return s_.year >= 0 && count_ == 0 && s_.day < 0;
      day_and_month(s_, numbers_[0].value, numbers_[1].value, s_.am || s_.pm);
      next = 2;
    }
    if (s_.day < 0 && next < count_ && s_.year < 0 && numbers_[next].value > 31) {  // 99 Jan 04
      s_.year = full_year(numbers_[next].value, numbers_[next].digits);
      ++next;
    }
    if (s_.day < 0 && next < count_) s_.day = numbers_[next++].value;
    if (s_.year < 0 && next < count_) {
      s_.year = full_year(numbers_[next].value, numbers_[next].digits);
      ++next;
    }
    if (next < count_ && !s_.has_time && numbers_[next].value <= 24) s_.time.hour = numbers_[next++].value;
    return next == count_ && s_.year >= 0;
  }

  Cursor c_;
  std::string_view original_;
  Said s_;
  std::array<Number, 4> numbers_{};
  std::size_t count_ = 0;
  int first_ = -1, second_ = -1;
  bool dotted_ = false, maybe_day_ = false;
};

// Lower case, one blank at a time, without what stands in round brackets.
std::string prepared(std::string_view text) {
  std::string plain = plain_word(text);
  std::string out;
  out.reserve(plain.size());
  int depth = 0;
  for (const char c : plain) {
    if (c == '(') ++depth;
    if (depth == 0 && !(text::is_space(c) && (out.empty() || out.back() == ' ')))
      out.push_back(text::is_space(c) ? ' ' : c);
    if (c == ')' && depth > 0) --depth;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::optional<std::int64_t> parse_date(std::string_view text) {
  text = text::trim_all(text);
  if (text.empty() || text.size() > longest) return std::nullopt;
  const std::string s = prepared(text);
  if (s.empty()) return std::nullopt;
  if (const auto t = iso(s)) return t;
  return Loose(s, text).read();
}

}  // namespace earshot::source
