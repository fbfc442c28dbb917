// The two spellings that nearly all feeds use, read without a look at any table: "Mon, 23 Nov 2026 10:20:00 GMT" and
// "2026-11-23T10:20:00Z". Whatever is in the least unusual is left to the others.
#include <array>
#include <chrono>
#include <cstddef>

#include "common/source/date_parts.h"
#include "common/text/space.h"

namespace earshot::source {
namespace {

// Takes digits and marks off the front; once something is not as it should be, all is.
class Strict {
 public:
  explicit Strict(std::string_view s) : s_(s) {}

  int number(std::size_t digits) {
    if (s_.size() < digits) return fail();
    int n = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!text::is_digit(s_[i])) return fail();
      n = n * 10 + (s_[i] - '0');
    }
    s_.remove_prefix(digits);
    return n;
  }
  void mark(char c) {
    if (!s_.starts_with(c)) {
      fail();
    } else {
      s_.remove_prefix(1);
    }
  }
  // The index of the name that comes next.
  template <std::size_t n>
  int name(const std::array<std::string_view, n>& names) {
    for (std::size_t i = 0; i < n; ++i)
      if (s_.starts_with(names[i])) {
        s_.remove_prefix(names[i].size());
        return static_cast<int>(i);
      }
    return fail();
  }
  int fail() {
    fine_ = false;
    return 0;
  }
  std::string_view rest() const { return s_; }
  bool fine() const { return fine_; }

 private:
  std::string_view s_;
  bool fine_ = true;
};

Clock clock(Strict& c) {
  Clock t;
  t.hour = c.number(2);
  c.mark(':');
  t.minute = c.number(2);
  c.mark(':');
  t.second = c.number(2);
  return t;
}

std::optional<std::int64_t> instant_of(std::chrono::year_month_day date, Clock t, int zone_minutes) {
  if (!date.ok() || date.year() < std::chrono::year{1970} || t.hour > 23 || t.minute > 59 || t.second > 59) return {};
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (((days * 24 + t.hour) * 60 + t.minute - zone_minutes) * 60 + t.second) * 1000;
}

// +hhmm, or +hh:mm with a colon; what is no zone makes the cursor fail.
int zone(Strict& c, bool colon) {
  const bool west = c.rest().starts_with('-');
  c.mark(west ? '-' : '+');
  const int hours = c.number(2);
  if (colon) c.mark(':');
  const int minutes = c.number(2);
  if (hours > 12 || minutes > 59) c.fail();
  return (west ? -1 : 1) * (hours * 60 + minutes);
}

std::optional<std::int64_t> atom_date(std::string_view s) {
  Strict c(s);
  const std::chrono::year year{c.number(4)};
  c.mark('-');
  const std::chrono::month month{static_cast<unsigned>(c.number(2))};
  c.mark('-');
  const std::chrono::day day{static_cast<unsigned>(c.number(2))};
  c.mark('T');
  const Clock t = clock(c);
  const int minutes = c.rest() == "Z" ? 0 : zone(c, true);
  if (!c.fine() || !(c.rest().empty() || c.rest() == "Z")) return std::nullopt;
  return instant_of(year / month / day, t, minutes);
}

std::optional<std::int64_t> rss_date(std::string_view s) {
  static constexpr std::array<std::string_view, 7> days = {"Sun, ", "Mon, ", "Tue, ", "Wed, ",
                                                           "Thu, ", "Fri, ", "Sat, "};
  static constexpr std::array<std::string_view, 12> months = {" Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ",
                                                              " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec "};
  Strict c(s);
  c.name(days);
  const std::chrono::day day{static_cast<unsigned>(c.number(s.size() > 6 && s[6] == ' ' ? 1 : 2))};
  const std::chrono::month month{static_cast<unsigned>(c.name(months) + 1)};
  const std::chrono::year year{c.number(4)};
  c.mark(' ');
  const Clock t = clock(c);
  c.mark(' ');
  const int minutes = c.rest() == "GMT" ? 0 : zone(c, false);
  if (!c.fine() || !(c.rest().empty() || c.rest() == "GMT")) return std::nullopt;
  return instant_of(year / month / day, t, minutes);
}

}  // namespace

std::optional<std::int64_t> plain_date(std::string_view s) {
  if (s.size() < 20 || s.size() > 31) return std::nullopt;
  return s[4] == '-' ? atom_date(s) : rss_date(s);
}

}  // namespace earshot::source
