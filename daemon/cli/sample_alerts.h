// An alert of each kind as a team would see it, so that a channel can be looked at before it matters.
#pragma once

#include <string>

#include "core/mention/mention.h"
#include "core/texts/texts.h"

namespace earshot::cli {

// In the words of the channel; what is told comes from made-up outlets. `id` makes delivery id and mentions; all of it
// happened just before `now`.
Alert sample_alert(AlertKind kind, const std::string& channel, const std::string& id, const texts::Texts& texts,
                   Time now);

}  // namespace earshot::cli
