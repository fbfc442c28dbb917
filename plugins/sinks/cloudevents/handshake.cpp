#include "handshake.h"

#include <algorithm>
#include <charconv>

#include "common/sink/clean.h"
#include "common/sink/unicode.h"
#include "common/text/space.h"

namespace earshot {
namespace {

using plugin::Outcome;

constexpr std::int64_t kMinute = 60'000;

std::int64_t pace(std::uint64_t rate) {  // rate > 0
  const auto n = static_cast<std::int64_t>(std::min<std::uint64_t>(rate, kMinute));
  return (kMinute + n - 1) / n;
}

// What a header said, for people.
std::string shown(const sink::Answer& answer, std::string_view value) {
  return sink::truncate(sink::clean_line(answer.secrets.redact(std::string(value.substr(0, 1024)))), 80,
                        sink::Unit::graphemes);
}

}  // namespace

std::optional<std::int64_t> pace_of(std::string_view rate) {
  if (rate == "*") return 0;
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(rate.data(), rate.data() + rate.size(), n);
  if (end != rate.data() + rate.size() || rate.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return 1;  // more than anybody sends
  if (error != std::errc{} || n == 0) return std::nullopt;
  return pace(n);
}

Tries Tries::read(std::string_view state, std::uint32_t attempt) {
  Tries tries;
  const char *at = state.data(), *end = at + state.size();
  at = std::from_chars(at, end, tries.asked).ptr;
  if (at != end && *at == ' ') std::from_chars(at + 1, end, tries.refused);
  tries.asked = std::min(tries.asked, std::max(attempt, 1U) - 1);
  tries.refused = std::min(tries.refused, tries.asked);
  return tries;
}

std::string Tries::written() const {
  if (asked == 0) return {};
  return std::to_string(asked) + (refused > 0 ? ' ' + std::to_string(refused) : "");
}

void Handshake::prepare(std::int64_t now, plugin::Request& request) const {
  request.headers.push_back({"WebHook-Request-Origin", origin_});
  if (permitted(now)) return;
  request.method = "OPTIONS";
  request.body.clear();
  std::erase_if(request.headers, [](const plugin::Header& h) { return h.name == "Content-Type"; });
  if (rate_ > 0) request.headers.push_back({"WebHook-Request-Rate", std::to_string(rate_)});
  request.tag = kTag;
}

Outcome Handshake::judge(const sink::Answer& answer, Tries& tries) {
  ++tries.asked;
  const auto refused = [&](std::string_view why) {
    earshot_alert alert = answer.alert;  // whose attempt says how often this was seen
    alert.attempt = ++tries.refused;
    return sink::gone_if_confirmed({answer.service, answer.call, alert, answer.response, answer.secrets}, why);
  };
  const std::uint32_t status = answer.response.status;
  const std::string wanted = "it must answer OPTIONS with \"WebHook-Allowed-Origin: " + origin_ + "\" (or *)";
  // 4.2: a status alone is never consent, since many a server answers OPTIONS of its own accord. An error is none
  // either, whatever headers a gateway put on it.
  if (status == 410 || status == 408 || status == 425 || status == 429 || status < 200 ||
      (status >= 500 && status != 501))
    return sink::by_status(answer);
  if (status == 401)
    return refused(
        "it does not accept the credentials, not even to ask for permission; renew them in the "
        "channel's settings");
  if (status == 405 || status == 501)
    return refused("it does not know OPTIONS and so permits nothing: " + wanted +
                   ", or handshake goes out of the channel's settings");
  if (status == 404) return refused("there is nothing at this address; check the channel's settings");
  if (status >= 300 && status < 400)
    return refused("it redirects, which is not followed for channels; put the final URL into the settings");
  const auto origin = answer.response.header("WebHook-Allowed-Origin");
  if (status >= 400 || !origin) return refused("it does not permit deliveries: " + wanted);
  const std::string_view allowed = sink::trimmed(*origin);
  if (allowed != "*" && text::to_lower(allowed) != text::to_lower(origin_))
    return refused("it permits deliveries of \"" + shown(answer, allowed) + "\" only: " + wanted);
  // The rate must be there when one was asked for (4.2.2), but receivers that send the origin alone are common: their
  // consent is clear. A rate that says nothing is not: 0 may well mean "none".
  std::int64_t theirs = 0;
  if (const auto rate = answer.response.header("WebHook-Allowed-Rate")) {
    const auto read = pace_of(sink::trimmed(*rate));
    if (!read)
      return refused("its WebHook-Allowed-Rate \"" + shown(answer, *rate) +
                     "\" is neither * nor a positive number of requests a minute");
    theirs = *read;
  }
  granted_ = answer.call.now;
  pace_ms_ = std::max(theirs, rate_ > 0 ? pace(static_cast<std::uint64_t>(rate_)) : 0);
  tries.refused = 0;
  return sink::retry(answer, "it permits deliveries; the alert itself goes with the next try", 1);
}

}  // namespace earshot
