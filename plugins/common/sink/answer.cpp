#include "common/sink/answer.h"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include "common/sink/clean.h"
#include "common/sink/unicode.h"

namespace earshot::sink {
namespace {

using plugin::Outcome;

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kConfirmAfter = 60'000;

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

std::optional<double> decimal(std::string_view s) {
  s = trim(s);
  double value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != s.data() + s.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// The three forms of RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
// "Sun Nov  6 08:49:37 1994". → ms since the epoch.
std::optional<std::int64_t> http_date(std::string_view s) {
  std::array<std::string_view, 10> word;
  std::size_t n = 0;
  for (std::size_t at = 0; n < word.size();) {
    at = s.find_first_not_of(" ,-:\t", at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(s.find_first_of(" ,-:\t", at), s.size());
    word[n++] = s.substr(at, end - at);
    at = end;
  }
  if (n < 7) return std::nullopt;
  const bool asctime = !word[1].empty() && (word[1][0] < '0' || word[1][0] > '9');
  const std::array<std::string_view, 6> f =
      asctime ? std::array{word[2], word[1], word[6], word[3], word[4], word[5]}
              : std::array{word[1], word[2], word[3], word[4], word[5], word[6]};  // day month year h m s
  const auto integer = [](std::string_view t) {
    int v = -1;
    const auto [end, error] = std::from_chars(t.data(), t.data() + t.size(), v);
    return error == std::errc{} && end == t.data() + t.size() ? v : -1;
  };
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t month = f[1].size() == 3 ? months.find(f[1]) : std::string_view::npos;
  int year = integer(f[2]);
  const int day = integer(f[0]), h = integer(f[3]), m = integer(f[4]), sec = integer(f[5]);
  if (month == std::string_view::npos || month % 3 != 0 || year < 0 || h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 ||
      sec > 60 || day < 1)
    return std::nullopt;
  if (f[2].size() == 2) year += year < 70 ? 2000 : 1900;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{unsigned(month / 3 + 1)},
                                         std::chrono::day{unsigned(day)}};
  if (!date.ok() || year > 9999) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return ((days * 24 + h) * 60 + m) * 60'000 + std::int64_t{sec} * 1000;
}

std::optional<double> number_header(const plugin::Response& r, std::string_view name) {
  const auto value = r.header(name);
  return value ? decimal(*value) : std::nullopt;
}

std::string sentence(const Answer& a, std::string_view why) {
  std::string out(a.service);
  out += " answered ";
  out += std::to_string(a.response.status);
  const std::string said = a.excerpt();
  if (!said.empty()) out += " (" + said + ")";
  if (!why.empty()) out.append(": ").append(why);
  return a.secrets.redact(std::move(out));
}

}  // namespace

void Secrets::add(std::string_view secret) {
  if (secret.size() < 4) return;
  values_.emplace_back(secret);
  std::ranges::stable_sort(values_, std::ranges::greater{}, &std::string::size);
}

void Secrets::add_url(std::string_view url) {
  add(url);
  const std::size_t host = url.find("://");
  if (host == std::string_view::npos) return;
  const std::size_t path = url.find_first_of("/?#", host + 3);
  if (path == std::string_view::npos || path + 1 == url.size()) return;
  std::string_view rest = url.substr(path);
  if (rest.size() >= 8) add(rest);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("/?#&="), rest.size());
    if (end >= 8) add(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

std::string Secrets::redact(std::string text) const {
  for (const std::string& secret : values_)
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;) {
      text.replace(at, secret.size(), "[secret]");
      at += 8;
    }
  return text;
}

std::string Answer::excerpt() const {
  // Redact before the cut, or half a secret would stay; 4 KiB hold more than is shown.
  return truncate(clean_line(secrets.redact(std::string(response.body.substr(0, 4096)))), 160, Unit::graphemes);
}

std::int64_t seconds_to_ms(double seconds) {
  if (!(seconds > 0)) return 0;
  return seconds >= 86400 ? kDay : static_cast<std::int64_t>(std::ceil(seconds * 1000));
}

std::int64_t longer(std::int64_t wait_ms, const boost::json::object& said, std::string_view key, double ms_per_unit) {
  const boost::json::value* v = said.if_contains(key);
  if (!v || !v->is_number()) return wait_ms;
  return std::max(wait_ms, seconds_to_ms(v->to_number<double>() * ms_per_unit / 1000));
}

std::string_view trimmed(std::string_view body) {
  while (!body.empty() && (body.back() == '\n' || body.back() == '\r' || body.back() == ' ')) body.remove_suffix(1);
  while (!body.empty() && (body.front() == '\n' || body.front() == ' ')) body.remove_prefix(1);
  return body;
}

std::int64_t parse_retry_after(std::string_view value, std::int64_t now) {
  if (const auto seconds = decimal(value)) return seconds_to_ms(*seconds);
  if (const auto date = http_date(trim(value))) return std::clamp<std::int64_t>(*date - now, 0, kDay);
  return 0;
}

std::int64_t Answer::wait() const {
  if (const auto after = response.header("retry-after"))
    if (const std::int64_t ms = parse_retry_after(*after, call.now)) return ms;
  const auto remaining = number_header(response, "x-ratelimit-remaining");
  if (response.status != 429 && (!remaining || *remaining > 0)) return 0;
  if (const auto after = number_header(response, "x-ratelimit-reset-after")) return seconds_to_ms(*after);
  const auto reset = number_header(response, "x-ratelimit-reset");
  if (!reset) return 0;
  const double now_s = static_cast<double>(call.now) / 1000;
  return seconds_to_ms(*reset > 1e11 ? *reset / 1000 - now_s : *reset > 1e9 ? *reset - now_s : *reset);
}

Outcome delivered(const Answer& answer, std::string remote_id) {
  return {EARSHOT_DELIVERED, answer.wait(), {}, std::move(remote_id)};
}

Outcome retry(const Answer& answer, std::string_view why, std::int64_t wait_ms) {
  return {EARSHOT_RETRY, wait_ms > 0 ? std::min(wait_ms, kDay) : answer.wait(), sentence(answer, why), {}};
}

Outcome rejected(const Answer& answer, std::string_view why) {
  return {EARSHOT_REJECTED, 0, sentence(answer, why), {}};
}

Outcome gone(const Answer& answer, std::string_view why) {
  return {EARSHOT_CHANNEL_GONE, 0, sentence(answer, why), {}};
}

Outcome gone_if_confirmed(const Answer& answer, std::string_view why) {
  if (answer.alert.attempt >= 2) return gone(answer, why);
  return retry(answer, std::string(why) + "; one more try will tell", std::max(answer.wait(), kConfirmAfter));
}

Outcome by_status(const Answer& answer) {
  const std::uint32_t status = answer.response.status;
  if (status >= 200 && status < 300) return delivered(answer);
  if (status >= 300 && status < 400)
    return rejected(answer, "it redirects, which is not followed for channels; put the final URL into the settings");
  switch (status) {
    case 408:
    case 425: return retry(answer, "it was too slow");
    case 429: return retry(answer, "too many alerts for now");
    case 401:
    case 403:
      return gone_if_confirmed(answer, "it does not accept the credentials; renew them in the channel's settings");
    case 404: return gone_if_confirmed(answer, "there is nothing at this address; check the channel's settings");
    case 410: return gone(answer, "the receiver has been removed for good; make a new one or delete the channel");
    case 413: return rejected(answer, "the alert is too large for it");
    default: break;
  }
  if (status >= 400 && status < 500) return rejected(answer, "it does not accept this alert");
  return retry(answer, status >= 500 ? "it is in trouble" : "that is no final answer");
}

}  // namespace earshot::sink
