#include "core/schedule/http_cache.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "common/text/space.h"

namespace earshot::schedule {
namespace {

using text::same;
using text::trim;

// "If a cache receives a delta-seconds value greater than the greatest integer it can represent, it MUST consider the
// value to be 2147483648 (2^31) or the greatest positive integer" — RFC 9111 §1.2.2.
constexpr std::int64_t kMostSeconds = 2'147'483'648;

// A run of digits and nothing else; what is too large becomes kMostSeconds.
std::optional<std::int64_t> delta_seconds(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return kMostSeconds;
  return std::min(value, kMostSeconds);
}

// The date's parts as the three formats give them, separators skipped.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  // The next run of letters or digits; `:` ends one too.
  std::string_view next() {
    const auto first = rest_.find_first_not_of(" ,-:\t");
    if (first == rest_.npos) return {};
    rest_.remove_prefix(first);
    const auto end = std::min(rest_.find_first_of(" ,-:\t"), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }
  std::optional<int> number(int least, int most) {
    const std::string_view word = next();
    if (word.size() > 4) return std::nullopt;
    const auto value = delta_seconds(word);
    if (!value || *value < least || *value > most) return std::nullopt;
    return static_cast<int>(*value);
  }
  std::optional<unsigned> month() {
    constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
    const std::string_view word = next();
    for (unsigned i = 0; i < names.size(); ++i)
      if (same(word, names[i])) return i + 1;
    return std::nullopt;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

std::optional<Time> instant(int year, unsigned month, int day, int hour, int minute, int second) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return Time{sys_days{date}} + hours{hour} + minutes{minute} + seconds{std::min(second, 59)};  // a leap second is 59
}

int full_year(int two_digits, Time now) {
  const int current = static_cast<int>(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(now)}.year());
  const int year = current / 100 * 100 + two_digits;
  return year > current + 50 ? year - 100 : year;
}

}  // namespace

std::optional<Time> parse_http_date(std::string_view text, Time now) {
  text = trim(text);
  if (text.size() > 64) return std::nullopt;
  Words words(text);
  const bool asctime = text.find(',') == text.npos;
  words.next();  // the day's name: redundant, and wrong often enough
  std::optional<int> day, year, hour, minute, second;
  std::optional<unsigned> month;
  if (asctime) {
    month = words.month();
    day = words.number(1, 31);
  } else {
    day = words.number(1, 31);
    month = words.month();
    const std::string_view before = words.rest();
    year = words.number(0, 9999);
    if (year && *year < 100 && before.substr(0, 1) == "-") year = full_year(*year, now);
  }
  hour = words.number(0, 23);
  minute = words.number(0, 59);
  second = words.number(0, 60);
  if (asctime) year = words.number(0, 9999);
  const std::string_view zone = words.next();
  if (!(asctime ? zone.empty() : same(zone, "GMT") || same(zone, "UTC"))) return std::nullopt;
  if (!words.next().empty() || !day || !month || !year || !hour || !minute || !second) return std::nullopt;
  return instant(*year, *month, *day, *hour, *minute, *second);
}

namespace {

// What the headers say, before it is put together.
struct Reading {
  std::optional<std::int64_t> max_age, age;  // seconds
  bool no_word = false;                      // no-cache, no-store
  std::optional<Time> expires, date;
  bool expired = false;  // an Expires that is no date "is in the past" (RFC 9111 §5.3)
};

void read_cache_control(std::string_view value, Reading& out) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    const std::string_view directive = trim(value.substr(0, comma));
    value.remove_prefix(std::min(comma + 1, value.size()));
    const auto equals = std::min(directive.find('='), directive.size());
    const std::string_view name = trim(directive.substr(0, equals));
    if (same(name, "no-cache") || same(name, "no-store")) out.no_word = true;
    if (!same(name, "max-age") || equals == directive.size()) continue;
    std::string_view argument = trim(directive.substr(equals + 1));
    if (argument.size() >= 2 && argument.front() == '"' && argument.back() == '"')
      argument = argument.substr(1, argument.size() - 2);  // recipients take both forms (RFC 9111 §5.2)
    if (const auto seconds = delta_seconds(argument)) out.max_age = std::min(out.max_age.value_or(*seconds), *seconds);
  }
}

std::optional<Duration> freshness(const Reading& read, Time now) {
  if (read.no_word) return std::nullopt;
  Duration lifetime{0};
  if (read.max_age) {
    lifetime = std::chrono::seconds{*read.max_age};
  } else if (read.expires && !read.expired) {
    lifetime = *read.expires - read.date.value_or(now);
  }
  lifetime -= std::chrono::seconds{read.age.value_or(0)};
  return lifetime > Duration{0} ? std::optional{lifetime} : std::nullopt;
}

}  // namespace

ServerWord server_word(std::span<const HeaderView> headers, Time now) {
  Reading read;
  ServerWord word;
  for (const HeaderView& header : headers) {
    const std::string_view value = trim(header.value);
    if (same(header.name, "cache-control")) {
      read_cache_control(value, read);
    } else if (same(header.name, "age")) {
      if (!read.age) read.age = delta_seconds(value);
    } else if (same(header.name, "date")) {
      if (!read.date) read.date = parse_http_date(value, now);
    } else if (same(header.name, "expires")) {
      const auto expires = parse_http_date(value, now);
      if (!expires) read.expired = true;
      if (expires && (!read.expires || *expires < *read.expires)) read.expires = expires;
    } else if (same(header.name, "retry-after")) {
      std::optional<Duration> wait;
      if (const auto seconds = delta_seconds(value)) {
        wait = std::chrono::seconds{*seconds};
      } else if (const auto date = parse_http_date(value, now)) {
        wait = std::max(Duration{0}, *date - now);
      }
      if (wait && (!word.retry_after || *wait > *word.retry_after)) word.retry_after = wait;
    }
  }
  word.fresh_for = freshness(read, now);
  return word;
}

}  // namespace earshot::schedule
