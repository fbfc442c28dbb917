// A channel that is gone, and who is told: once when nothing can be written to it any more, and once when it works
// again. What is owed to it is kept meanwhile.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/model.h"
#include "core/mention/mention.h"

namespace earshot::run {

// The notes that say who was told: this and the channel's name; the value is since when, in ms.
inline constexpr std::string_view kGonePrefix = "channel-gone/";

// Those of `health.channels`, or else those that share a route with it; never itself.
std::vector<std::string> others_of_the_team(const config::Config& config, std::string_view channel);

// One health alert for each of them. `since` is when it was first found gone, and makes the delivery ids: the same
// however often the alerts are made.
std::vector<Alert> gone_alerts(const config::Config& config, const std::string& channel, std::string_view reason,
                               Time since);
std::vector<Alert> back_alerts(const config::Config& config, const std::string& channel, Time since, Time now);

}  // namespace earshot::run
