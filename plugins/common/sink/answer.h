// What an answer of the far side means for the delivery. One set of rules; each sink adds the words of its service.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <earshot/plugin.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::sink {

// What must never be shown: whole secrets and the parts of secret URLs, longest first.
class Secrets {
 public:
  void add(std::string_view secret);           // shorter than 4 bytes: not a secret, would blot out common letters
  void add_url(std::string_view url);          // the URL, its path, its segments and query values of 8 bytes and more
  std::string redact(std::string text) const;  // each becomes "[secret]"

 private:
  std::vector<std::string> values_;
};

// One answer with all that is needed to judge it. Borrows everything.
struct Answer {
  std::string_view service;  // for people: "Slack"
  const plugin::Call& call;
  const earshot_alert& alert;
  const plugin::Response& response;
  const Secrets& secrets;

  // The start of the body for people: one clean line of at most 160 characters, without secrets.
  std::string excerpt() const;
  // How long the far side asks us to wait, in ms; 0 when it does not say. Retry-After in seconds, as a decimal number
  // or an HTTP date (RFC 9110, 10.2.3 and 5.6.7); X-RateLimit-Reset-After; else X-RateLimit-Reset of an exhausted
  // bucket in seconds to go, epoch seconds or epoch milliseconds. At most a day: nobody may silence a channel for a
  // year.
  std::int64_t wait() const;
};

plugin::Outcome delivered(const Answer& answer, std::string remote_id = {});
// `wait_ms` 0: what the answer's headers say.
plugin::Outcome retry(const Answer& answer, std::string_view why, std::int64_t wait_ms = 0);
plugin::Outcome rejected(const Answer& answer, std::string_view why);
plugin::Outcome gone(const Answer& answer, std::string_view why);
// The channel looks gone, but a restarting server or a proxy may say so too: a second try a minute later confirms it.
plugin::Outcome gone_if_confirmed(const Answer& answer, std::string_view why);

// 2xx delivered; 408 425 429 5xx retry; 410 gone; 401 403 404 gone when confirmed; 3xx (never followed: the operator
// named the URL) and every other 4xx rejected.
plugin::Outcome by_status(const Answer& answer);

// The longer of `wait_ms` and the number under `key` of a JSON answer, which counts units of `ms_per_unit`.
std::int64_t longer(std::int64_t wait_ms, const boost::json::object& said, std::string_view key, double ms_per_unit);
// Without white space at its ends: short text answers come with a line break or without.
std::string_view trimmed(std::string_view body);

// Seconds as the far side wrote them ("3", "0.75") → ms, rounded up, at most a day; 0 when it is no such number.
std::int64_t seconds_to_ms(double seconds);
std::int64_t parse_retry_after(std::string_view value, std::int64_t now);

}  // namespace earshot::sink
