// Links that act: who holds one may act on that one mention, until it expires. Signed, so that nobody can make one up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace earshot::web {

inline constexpr Duration kTicketLife = std::chrono::days{30};

enum class Act : std::uint8_t { take, done, not_relevant };

// "take", "done", "no": in links and forms.
std::string_view to_string(Act act);
std::optional<Act> parse_act(std::string_view text);

struct Ticket {
  Act act = Act::take;    // what the link was made for; its page offers the others as well
  std::string mention;    // its id
  std::string language;   // of the page: "nl"
  std::uint32_t day = 0;  // the last one, counted from 1970-01-01 UTC, on which it is good
};

// "take/nl/MENTION/DAY/SIGNATURE", to stand behind /a/: letters, digits, - and _ only beside the slashes, if the id is
// so. The signature is HMAC-SHA256 with `key`, cut to 128 bits (RFC 2104, section 5), in base64url.
std::string sign(const Ticket& ticket, std::string_view key);

enum class TicketFault : std::uint8_t { none, forged, expired };

struct Checked {
  Ticket ticket;
  TicketFault fault = TicketFault::forged;
};

// What stands behind /a/, checked in constant time. Expired ones were good once: the page may say what they were for.
Checked check(std::string_view path, std::string_view key, Time now);

}  // namespace earshot::web
