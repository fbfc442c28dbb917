#include "core/query/values.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <charconv>

namespace earshot::query {
namespace {

bool all_digits(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t n) {
  if (at + n > text.size() || !all_digits(text.substr(at, n))) return std::nullopt;
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + n, value);
  return value;
}

bool label_char(char c) {
  return c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool host_like(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos)
    return false;
  return std::ranges::all_of(text, [](char c) { return label_char(c) || c == '.'; });
}

// `host` is `suffix` or a name below it.
bool below(std::string_view host, std::string_view suffix) {
  if (!host.ends_with(suffix)) return false;
  return host.size() == suffix.size() || host[host.size() - suffix.size() - 1] == '.';
}

bool whole(std::string_view wanted, std::string_view have) {
  if (wanted.ends_with('*')) return have.starts_with(wanted.substr(0, wanted.size() - 1));
  return have == wanted;
}

}  // namespace

bool read_compare(std::string_view& operand, Compare& compare) {
  struct Spelling {
    std::string_view text;
    Compare compare;
  };
  static constexpr Spelling kSpellings[] = {{">=", Compare::greater_equal}, {"<=", Compare::less_equal},
                                            {"≥", Compare::greater_equal},  {"≤", Compare::less_equal},
                                            {">", Compare::greater},        {"<", Compare::less},
                                            {"=", Compare::equal}};
  for (const Spelling& s : kSpellings)
    if (operand.starts_with(s.text)) {
      operand.remove_prefix(s.text.size());
      compare = s.compare;
      return false;
    }
  compare = Compare::equal;
  return true;
}

std::optional<std::string> read_number(std::string_view text, double& number) {
  const char* const takes = "a number, as in >=100 or >2.5k";
  double scale = 1;
  if (text.ends_with('k') || text.ends_with('K')) scale = 1e3;
  if (text.ends_with('m') || text.ends_with('M')) scale = 1e6;
  if (scale > 1) text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !(number > -1e15 && number < 1e15)) return takes;
  number *= scale;
  return std::nullopt;
}

std::optional<std::string> read_length(std::string_view text, std::int64_t& ms) {
  const auto duration = parse_duration(text);
  if (!duration || duration->count() <= 0) return "a length of time: 90s, 15m, 24h or 7d";
  ms = duration->count();
  return std::nullopt;
}

std::optional<std::string> read_time(std::string_view text, std::int64_t& low, std::int64_t& high) {
  const char* const takes = "a day or an instant in UTC, as in >=2026-11-01 or <2026-11-01T12:00:00Z";
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return takes;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return takes;
  low = to_ms(std::chrono::sys_days{date});
  high = low + 86'400'000;
  if (text.size() == 10) return std::nullopt;
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2);
  if (text[10] != 'T' || !hour || !minute || text[13] != ':' || *hour > 23 || *minute > 59) return takes;
  low += (*hour * 60 + *minute) * std::int64_t{60'000};
  high = low + 60'000;
  std::size_t at = 16;
  if (text.size() > at && text[at] == ':') {
    const auto second = digits(text, 17, 2);
    if (!second || *second > 59) return takes;
    low += *second * std::int64_t{1000};
    high = low + 1000;
    at = 19;
  }
  if (text.substr(at) != "Z") return takes;
  return std::nullopt;
}

std::optional<std::string> check_value(ValueField field, std::string_view text) {
  const std::size_t star = text.find('*');
  if (star != std::string_view::npos && star + 1 != text.size())
    return std::string(name(field)) + ": takes a * at the end only";
  switch (field) {
    case ValueField::site:
    case ValueField::domain:
      if (!host_like(text))
        return std::string(name(field)) + ": takes a host, as in " + name(field) +
               ":example.com (no https://, no path, no *; names below it are included)";
      break;
    case ValueField::lang:
      if (text.size() < 2 || text.size() > 35 || !std::ranges::all_of(text, label_char))
        return "lang: takes a language code, as in lang:en or lang:pt-br";
      break;
    default:
      if (text.empty() || text == "*") return std::string(name(field)) + ": needs a value";
  }
  return std::nullopt;
}

std::string fold_value(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    std::string out(text);
    for (char& c : out)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
  }
  UErrorCode status = U_ZERO_ERROR;
  const auto* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
  std::string out;
  normalizer->normalize(icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), status)
      .toUTF8String(out);
  return out;
}

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  if (!rest.starts_with('[')) rest = rest.substr(0, rest.find(':'));
  if (rest.ends_with('.')) rest.remove_suffix(1);
  return fold_value(rest);
}

bool value_holds(ValueField field, std::string_view wanted, const Document& document) {
  switch (field) {
    case ValueField::site:
      return below(document.site.empty() ? host_of(document.url) : fold_value(document.site), wanted);
    case ValueField::domain: return below(host_of(document.url), wanted);
    case ValueField::lang: {
      std::string have = fold_value(document.lang);
      std::ranges::replace(have, '_', '-');
      return whole(wanted, have) || (have.starts_with(wanted) && have[wanted.size()] == '-');
    }
    case ValueField::source: return !document.source.empty() && whole(wanted, fold_value(document.source));
    case ValueField::type: return !document.type.empty() && whole(wanted, fold_value(document.type));
    case ValueField::tag:
      return std::ranges::any_of(document.tags, [&](const std::string& tag) {
        std::string_view have = tag;
        if (have.starts_with('#')) have.remove_prefix(1);
        return whole(wanted, fold_value(have));
      });
    case ValueField::label:
      return std::ranges::any_of(document.labels, [&](const auto& label) {
        const std::string key = fold_value(label.first);
        return key == wanted || whole(wanted, key + "=" + fold_value(label.second));
      });
  }
  return false;
}

bool compare_holds(Compare compare, double have, double number) {
  switch (compare) {
    case Compare::less: return have < number;
    case Compare::less_equal: return have <= number;
    case Compare::equal: return have == number;
    case Compare::greater_equal: return have >= number;
    case Compare::greater: return have > number;
  }
  return false;
}

bool time_holds(Compare compare, std::int64_t have, std::int64_t low, std::int64_t high) {
  switch (compare) {
    case Compare::less: return have < low;
    case Compare::less_equal: return have < high;
    case Compare::equal: return have >= low && have < high;
    case Compare::greater_equal: return have >= low;
    case Compare::greater: return have >= high;
  }
  return false;
}

re2::RE2::Options regex_options(bool ignore_case) {
  re2::RE2::Options options;
  options.set_case_sensitive(!ignore_case);
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  return options;
}

}  // namespace earshot::query
