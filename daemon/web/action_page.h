// The page behind an alert's buttons. Chat services look at every link, so looking does nothing: the page asks, and a
// click on it acts.
#pragma once

#include <optional>
#include <string>

#include "web/message.h"
#include "web/ticket.h"

namespace earshot::web {

// What there is to see of a mention.
struct Seen {
  std::string title, url, where, when;  // foreign text, as it is; the time in the team's zone
  struct Claim {
    Act act = Act::take;
    std::string by, when;
  };
  std::optional<Claim> claim;
};

// HTML without scripts, for a phone as for a desk. `name` stands in the field: who acted last time from there.
Answer action_page(const Ticket& ticket, const Seen& seen, std::string_view name);
// Instead of it: a sentence.
Answer action_refused(const Ticket& ticket, TicketFault fault);

}  // namespace earshot::web
