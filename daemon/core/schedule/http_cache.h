// What a server's response headers say of when to come back: a pure reading of them, without deciding anything.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/time.h"

namespace earshot::schedule {

struct HeaderView {
  std::string_view name, value;
};

struct ServerWord {
  std::optional<Duration> fresh_for;    // how much longer this answer is fresh; absent: not said. Never negative
  std::optional<Duration> retry_after;  // from now. Never negative
};

// Cache-Control max-age over Expires, less Age (RFC 9111 §4.2.1, §4.2.3; s-maxage is for shared caches and not ours);
// no-cache, no-store and max-age=0 say nothing about when to ask again. Expires counts from the server's own Date where
// there is one, so its clock may be wrong. Retry-After in seconds or as a date (RFC 9110 §10.2.3). Of contradictory
// max-age values the least counts (RFC 9111 §4.2.1). Malformed values are as if not sent.
ServerWord server_word(std::span<const HeaderView> headers, Time now);

// The three forms of RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
// "Sun Nov  6 08:49:37 1994". A two-digit year more than 50 years ahead of `now` is in the past.
std::optional<Time> parse_http_date(std::string_view text, Time now);

}  // namespace earshot::schedule
