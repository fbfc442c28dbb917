// What a poll says of a source's health, and who is told when that changes.
#pragma once

#include <string>
#include <vector>

#include "core/config/model.h"
#include "core/mention/mention.h"
#include "core/schedule/health.h"
#include "run/poll.h"

namespace earshot::run {

// `items` is how many items the poll brought, known ones included. The poll was not cancelled.
schedule::Observation observation(const Polled& polled, std::size_t items);

// One alert for each channel that `health.channels` names. Their delivery ids are the same whenever they are made again
// for the same change: source, state and since when make it.
std::vector<Alert> health_alerts(const schedule::HealthChange& change, const std::string& source, Time since,
                                 const config::Config& config, Time now);

}  // namespace earshot::run
