#include "core/config/formats.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <vector>

#include "core/config/suggest.h"
#include "core/url/ip.h"
#include "core/url/url.h"

namespace earshot::config {
namespace {

using Wrong = std::optional<std::string>;

constexpr Wrong kGood = std::nullopt;
const Wrong kBad = "";

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

template <class Int>
std::optional<Int> number(std::string_view text) {
  Int value{};
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Wrong duration(std::string_view text) {
  if (parse_duration(text)) return kGood;
  if (!text.empty() && std::ranges::all_of(text, digit))
    return fmt::format("{} of what? Write {}s or {}m", text, text, text);
  return kBad;
}

Wrong size(std::string_view text) { return parse_size(text) ? kGood : kBad; }
Wrong minute(std::string_view text) { return parse_minute(text) ? kGood : kBad; }
Wrong at(std::string_view text) { return parse_at(text) ? kGood : kBad; }
Wrong time(std::string_view text) { return parse_time(text) ? kGood : kBad; }
Wrong day(std::string_view text) { return parse_day(text) ? kGood : kBad; }

Wrong uri(std::string_view text) {
  const std::size_t colon = text.find_first_of(":/?#");
  const bool schemed = colon != std::string_view::npos && colon > 0 && text[colon] == ':' && letter(text[0]) &&
                       std::ranges::all_of(text.substr(0, colon), [](char c) {
                         return letter(c) || digit(c) || c == '+' || c == '-' || c == '.';
                       });
  if (!schemed || (colon + 1 < text.size() && digit(text[colon + 1]))) {  // "host:8080/path" has no scheme either
    if (url::parse(fmt::format("https://{}", text))) return "it does not say how: put https:// before it";
    return "it does not begin with https:// or another scheme";
  }
  std::string scheme(text.substr(0, colon));
  std::ranges::transform(scheme, scheme.begin(), lower);
  if (scheme != "http" && scheme != "https" && scheme != "ws" && scheme != "wss") return kGood;
  const auto parsed = url::parse(text);
  if (!parsed) return parsed.error().message;
  return kGood;
}

Wrong regex(std::string_view text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 compiled(re2::StringPiece(text.data(), text.size()), options);
  return compiled.ok() ? kGood : Wrong(compiled.error());
}

Wrong timezone(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  UBool known = false;
  icu::UnicodeString canonical;
  const auto id =
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(std::min<std::size_t>(text.size(), 100))});
  icu::TimeZone::getCanonicalID(id, canonical, known, status);
  if (U_SUCCESS(status) && known && text != "Etc/Unknown") return kGood;
  status = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> all(icu::TimeZone::createEnumeration());
  std::vector<std::string> names;
  while (const icu::UnicodeString* name = all ? all->snext(status) : nullptr) name->toUTF8String(names.emplace_back());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = nearest(text, views);
  return near ? fmt::format("did you mean {}?", *near) : std::string{};
}

Wrong cidr(std::string_view text) {
  const auto network = url::parse_network(text);
  return network ? kGood : Wrong(network.error().message);
}

// Names go into keys of the store, metrics and URLs.
Wrong name(std::string_view text) {
  const auto good = [](char c) { return letter(c) || digit(c) || c == '-' || c == '_' || c == '.'; };
  if (text.size() > 64) return fmt::format("it has {} characters", text.size());
  if (text.empty() || (!letter(text[0]) && !digit(text[0])) || !std::ranges::all_of(text, good)) return kBad;
  return kGood;
}

Wrong listen(std::string_view text) {
  if (text.starts_with("unix:")) return text.size() > 6 && text[5] == '/' ? kGood : Wrong("the path must be absolute");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return "the port is missing";
  const auto port = number<std::uint16_t>(text.substr(colon + 1));
  if (!port) return "the port must be 0 to 65535";
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    const auto ip = url::parse_ip(host.substr(1, host.size() - 2));
    return ip && ip->v6 ? kGood : Wrong("between [ and ] stands an IPv6 address");
  }
  if (host.find(':') != std::string_view::npos) return "an IPv6 address stands between [ and ]";
  if (host == "localhost" || url::parse_ip(host)) return kGood;
  return "the host must be an address or localhost";
}

Wrong hostname(std::string_view text) {
  if (text.empty() || text.find_first_of("/:?#@ *") != std::string_view::npos) return kBad;
  const auto host = url::normalise_host(text);
  return host ? kGood : Wrong(host.error().message);
}

Wrong email(std::string_view text) {
  const std::size_t sign = text.find('@');
  const bool good = sign != std::string_view::npos && sign > 0 && sign + 1 < text.size() &&
                    text.find('@', sign + 1) == std::string_view::npos &&
                    text.find_first_of(" \t\r\n<>") == std::string_view::npos;
  return good ? kGood : kBad;
}

// Stands in a header: no control characters, and short. A mail address or a URL both do.
Wrong contact(std::string_view text) {
  const auto plain = [](char c) { return c >= 0x20 && c < 0x7F && c != '(' && c != ')'; };
  return text.size() <= 200 && std::ranges::all_of(text, plain) ? kGood : kBad;
}

// BCP 47 as far as routing looks: "en", "en-GB", "zh-Hant".
Wrong language(std::string_view text) {
  std::size_t part = 0;
  for (const char c : text) {
    if (c == '-' && part > 1 && part < 9)
      part = 0;
    else if ((letter(c) || digit(c)) && part < 8)
      ++part;
    else
      return kBad;
  }
  return part > 1 && letter(text[0]) && letter(text[1]) ? kGood : kBad;
}

// RFC 9110 §5.1 token; those that the daemon writes itself are refused.
Wrong header(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  const auto token = [&](char c) { return letter(c) || digit(c) || marks.find(c) != std::string_view::npos; };
  if (text.empty() || text.size() > 100 || !std::ranges::all_of(text, token)) return kBad;
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), lower);
  constexpr std::array own{
      "host",    "content-length", "transfer-encoding", "connection",    "upgrade",           "te",
      "trailer", "keep-alive",     "proxy-connection",  "if-none-match", "if-modified-since", "accept-encoding"};
  if (std::ranges::find(own, folded) != own.end()) return "Earshot writes that one itself";
  return kGood;
}

Wrong header_value(std::string_view text) {
  const auto plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; };
  return text.size() <= 8192 && std::ranges::all_of(text, plain) ? kGood : kBad;
}

// Checked in full when all topics are known (queries.cpp).
Wrong query(std::string_view) { return kGood; }

constexpr std::string_view kDurationPattern = "^[0-9]+(ms|s|m|h|d|w)$";
constexpr std::string_view kMinutePattern = "^([01]?[0-9]|2[0-3]):[0-5][0-9]$";
constexpr std::string_view kNamePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

constexpr std::array kFormats{
    Format{"duration", "a duration such as 90s, 15m, 6h or 7d", &duration, kDurationPattern},
    Format{"size", "a size such as 500kB or 16MiB", &size, "^[0-9]+ ?([kKMGT]i?)?B?$"},
    Format{"uri", "an absolute URL such as https://example.com/feed.xml", &uri, "^[A-Za-z][A-Za-z0-9+.-]*:"},
    Format{"regex", "a regular expression (RE2 syntax)", &regex, {}},
    Format{"timezone", "an IANA time zone such as Europe/Amsterdam or UTC", &timezone, "^[A-Za-z]"},
    Format{"cidr", "a block of addresses such as 10.0.0.0/8 or fd00::/8", &cidr, "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$"},
    Format{"name", "a name of 1 to 64 letters, digits, \".\", \"-\" and \"_\" that begins with a letter or digit",
           &name, kNamePattern},
    Format{"listen", "an address such as 127.0.0.1:7373, [::1]:7373 or unix:/run/earshot/earshot.sock", &listen, ":"},
    Format{"minute", "a time of day such as 09:00", &minute, kMinutePattern},
    Format{"at", "a time such as 09:00, `mon 09:00` or `mon-fri 09:00`", &at, "[0-9]:[0-5][0-9]$"},
    Format{"day", "a day: mon, tue, wed, thu, fri, sat or sun", &day, {}},
    Format{"date-time", "a time such as 2026-12-01T09:00:00Z or a date such as 2026-12-01", &time,
           "^[0-9]{4}-[0-9]{2}-[0-9]{2}"},
    Format{"hostname", "a host name such as news.example.com", &hostname, {}},
    Format{"email", "an e-mail address", &email, "^[^@ ]+@[^@ ]+$"},
    Format{"contact", "a mail address or URL in plain ASCII without brackets", &contact, {}},
    Format{"language", "a language such as en or pt-BR", &language, "^[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*$"},
    Format{"header", "the name of a header such as Authorization", &header, "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"},
    Format{"header-value", "one line of text", &header_value, {}},
    Format{"topic", "the name of a topic", &name, kNamePattern, Use::topic},
    Format{"source", "the name of a source", &name, kNamePattern, Use::source},
    Format{"channel", "the name of a channel", &name, kNamePattern, Use::channel},
    Format{"query", "a query", &query, {}, Use::query},
};

}  // namespace

const Format* find_format(std::string_view name) {
  const auto* found = std::ranges::find(kFormats, name, &Format::name);
  return found == kFormats.end() ? nullptr : found;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = number<std::uint64_t>(text.substr(0, end));
  if (!count) return std::nullopt;
  std::string_view unit = text.substr(end);
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.ends_with('B')) unit.remove_suffix(1);
  constexpr std::string_view prefixes = "kMGT";
  std::uint64_t factor = 1;
  if (!unit.empty()) {
    const std::size_t power = prefixes.find(unit[0] == 'K' ? 'k' : unit[0]);
    if (power == std::string_view::npos || (unit.size() > 1 && unit.substr(1) != "i")) return std::nullopt;
    for (std::size_t i = 0; i <= power; ++i) factor *= unit.size() > 1 ? 1024 : 1000;
  }
  if (*count > std::uint64_t{1} << 62U || *count > (std::uint64_t{1} << 62U) / factor) return std::nullopt;
  return *count * factor;
}

std::optional<std::uint16_t> parse_minute(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 2 || text.size() != colon + 3) return std::nullopt;
  const auto hour = number<std::uint16_t>(text.substr(0, colon));
  const auto rest = number<std::uint16_t>(text.substr(colon + 1));
  if (!hour || !rest || *hour > 23 || *rest > 59) return std::nullopt;
  return static_cast<std::uint16_t>(*hour * 60 + *rest);
}

std::optional<unsigned> parse_day(std::string_view text) {
  constexpr std::array<std::string_view, 7> names{"sunday",   "monday", "tuesday", "wednesday",
                                                  "thursday", "friday", "saturday"};
  std::string folded(text.substr(0, 10));
  std::ranges::transform(folded, folded.begin(), lower);
  for (unsigned d = 0; d < names.size(); ++d)
    if (folded == names[d] || folded == names[d].substr(0, 3)) return d;
  return std::nullopt;
}

std::optional<At> parse_at(std::string_view text) {
  At result;
  const std::size_t space = text.rfind(' ');
  const auto minute = parse_minute(space == std::string_view::npos ? text : text.substr(space + 1));
  if (!minute) return std::nullopt;
  result.minute = *minute;
  if (space == std::string_view::npos) return result;
  result.days = 0;
  for (std::string_view days = text.substr(0, space); !days.empty();) {
    const std::size_t comma = std::min(days.find(','), days.size());
    const std::string_view one = days.substr(0, comma);
    days.remove_prefix(std::min(comma + 1, days.size()));
    const std::size_t dash = std::min(one.find('-'), one.size());
    const auto first = parse_day(one.substr(0, dash));
    const auto last = dash < one.size() ? parse_day(one.substr(dash + 1)) : first;
    if (!first || !last) return std::nullopt;
    for (unsigned d = *first;; d = (d + 1) % 7) {  // fri-mon runs over the weekend
      result.days = static_cast<Days>(result.days | 1U << d);
      if (d == *last) break;
    }
  }
  if (result.days == 0) return std::nullopt;
  return result;
}

std::optional<Time> parse_time(std::string_view text) {
  static const re2::RE2 form(
      R"((\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d))?)");
  int year = 0;
  unsigned month = 0, day = 0;
  std::string hour, minute, second, zone;
  if (!re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), form, &year, &month, &day, &hour, &minute,
                           &second, &zone))
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  const auto of = [](const std::string& part) { return part.empty() ? 0 : *number<int>(part); };
  if (of(hour) > 23 || of(minute) > 59 || of(second) > 60) return std::nullopt;
  std::chrono::minutes ahead{0};
  if (zone.size() == 6) {
    ahead = std::chrono::minutes{of(zone.substr(1, 2)) * 60 + of(zone.substr(4, 2))};
    if (zone[0] == '-') ahead = -ahead;
  }
  return Time{std::chrono::sys_days{date}} + std::chrono::hours{of(hour)} + std::chrono::minutes{of(minute)} +
         std::chrono::seconds{of(second)} - ahead;
}

}  // namespace earshot::config
