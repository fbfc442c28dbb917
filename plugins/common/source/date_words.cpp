// Dates with words, and all other ways of writing one. They are read as a row of tokens - numbers, words, punctuation -
// whose roles follow from their form and neighbours, not from a list of hundreds of formats: every field may stand
// anywhere.
#include <algorithm>
#include <array>
#include <chrono>

#include "common/source/date_names.h"
#include "common/source/date_parts.h"

namespace earshot::source {
namespace {

using namespace std::chrono;

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

bool letter(char c) { return text::is_alpha(c) || static_cast<unsigned char>(c) >= 0x80; }

// "5 de mayo a las 10", "10 Uhr", "2018 г.", "Eastern Standard Time": words that say nothing more.
constexpr std::string_view fillers[] = {"t",    "at",  "um",   "uhr", "uur",  "klo",  "de",       "del",
                                        "d",    "the", "of",   "le",  "den",  "a",    "om",       "as",
                                        "las",  "los", "ore",  "ora", "alle", "h",    "r",        "rok",
                                        "roku", "г",   "года", "р",   "року", "time", "standard", "feira"};

class Words {
 public:
  Words(std::string_view text, std::string_view original) : c_{text}, original_(original) {}

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
    return text::is_space(ch) || std::string_view(",.-/;:'\"()[]|+@_").find(ch) != std::string_view::npos;
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
    if (n <= 2 && clock_ahead(n)) {
      s_.has_time = true;
      return take_clock(c_, s_.time);
    }
    if (n <= 2 && french_hour(n)) return true;
    const Number first{c_.number(n), n};
    const char between = c_.peek();
    if ((between == '/' || between == '-' || between == '.') && text::is_digit(c_.peek(1)) && s_.month < 0)
      return group(first, between);
    for (const std::string_view ending : {"st", "nd", "rd", "th", "er", "re", "o", "a", "e"})
      if (c_.s.substr(c_.at).starts_with(ending) && !letter(c_.peek(ending.size()))) {
        c_.at += ending.size();
        break;
      }
    return cjk_unit(first) || loose(first);
  }

  // 15:04, and 15h04; 15.04 only once the date is whole, else it is one itself.
  bool clock_ahead(std::size_t n) const {
    if (c_.peek(n) == ':') return true;
    if (c_.peek(n) == 'h') return text::is_digit(c_.peek(n + 1));
    return c_.peek(n) == '.' && s_.month >= 0 && (s_.year >= 0 || count_ > 1) && !s_.has_time && c_.digits(n + 1) == 2;
  }

  // "18 h 30", "18h"
  bool french_hour(std::size_t n) {
    const std::size_t blank = c_.peek(n) == ' ' ? 1 : 0;
    if (c_.peek(n + blank) != 'h' || letter(c_.peek(n + blank + 1)) || s_.has_time) return false;
    s_.has_time = true;
    s_.time.hour = c_.number(n);
    c_.at += blank + 1;
    if (c_.peek() == ' ' && c_.digits(1) == 2) {
      ++c_.at;
      s_.time.minute = c_.number(2);
    }
    return true;
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
      year_first_ = count_ == 0;
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
      if (!s_.zone) named_zone_ = true;
      s_.zone = s_.zone.value_or(*zone);
      return true;
    }
    if (w == "daylight" && named_zone_ && s_.zone) {  // "Eastern Daylight Time"
      *s_.zone += 60;
      return true;
    }
    if (std::ranges::find(fillers, w) != std::end(fillers)) return true;
    const bool ascii = std::ranges::all_of(w, text::is_alpha);
    // A zone nobody knows is worth nothing, military letters are among them (RFC 5322 §4.3).
    if (ascii && s_.has_time && (w.size() == 1 || (w.size() >= 3 && w.size() <= 5 && name_of(w).none()))) {
      s_.zone = s_.zone.value_or(0);
      return true;
    }
    return named(name_of(w)) || first_word(from);
  }

  // "mar" is March and, in half the languages of Europe, Tuesday: where it stands first, the next month is the month.
  bool named(const DateName& name) {
    if (name.month > 0 && (s_.month < 0 || maybe_day_)) {
      if (maybe_day_) s_.weekday = maybe_weekday_;
      maybe_day_ = s_.month < 0 && count_ == 0 && s_.year < 0 && !s_.has_time && s_.weekday < 0;
      maybe_weekday_ = name.weekday;
      s_.month = name.month;
      return true;
    }
    if (name.weekday < 0 || s_.weekday >= 0) return false;
    s_.weekday = name.weekday;
    return true;
  }

  bool half_day(bool pm, std::size_t next, std::string_view sign) {
    c_.at = next;
    (pm ? s_.pm : s_.am) = true;
    if (sign.starts_with("오")) s_.korean = true;
    return true;
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
      day_and_month(s_, numbers_[0].value, numbers_[1].value, s_.am || s_.pm || year_first_);
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
  bool dotted_ = false, year_first_ = false, maybe_day_ = false, named_zone_ = false;
  int maybe_weekday_ = -1;
};

}  // namespace

std::optional<std::int64_t> worded_date(std::string_view prepared, std::string_view original) {
  return Words(prepared, original).read();
}

}  // namespace earshot::source
