// An alert as a Mattermost attachment with the severity's colour: the same for a webhook and for a bot.
#pragma once

#include <boost/json.hpp>

#include "common/sink/card.h"

namespace earshot {

// {"fallback","color","pretext","title","title_link","text"}.
boost::json::object mattermost_attachment(const sink::Card& card);

}  // namespace earshot
