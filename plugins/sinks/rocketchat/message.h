// An alert as a Rocket.Chat message: a line of text and one attachment with the severity's colour.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "common/sink/card.h"

namespace earshot {

// {"text","parseUrls","attachments"}, for an incoming integration.
boost::json::object rocketchat_message(const sink::Card& card);

// The same for a bot, whose text also says what became of the alert: an edit replaces the text alone.
boost::json::object rocketchat_bot_message(sink::Card card);
// That text: first what became of the alert, then the status.
std::string rocketchat_bot_text(const sink::Card& card);

}  // namespace earshot
