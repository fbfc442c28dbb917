// An alert as a Slack message: Block Kit, and its text for notifications. Foreign text stands only in rich_text and
// plain_text, which Slack never parses.
#pragma once

#include <boost/json.hpp>

#include "common/sink/card.h"

namespace earshot {

// {"text","blocks"}.
boost::json::object slack_message(const sink::Card& card);

}  // namespace earshot
