// An alert of each kind as a team would see it, so that a channel can be looked at before it matters.
#pragma once

#include <string>

#include "core/mention/mention.h"

namespace earshot::cli {

// `id` makes delivery id and mentions; all that is told happened just before `now`.
Alert sample_alert(AlertKind kind, const std::string& channel, const std::string& id, Time now);

}  // namespace earshot::cli
