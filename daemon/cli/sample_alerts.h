// An alert of each kind as a team would see it, so that a channel can be looked at before it matters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mention/mention.h"

namespace earshot::cli {

// "mention" … "edit", in the order of the contract.
std::vector<std::string_view> alert_kinds();

std::string_view kind_name(AlertKind kind);

// `kind` is one of them. `id` makes delivery id and mentions; all that is told happened just before `now`.
Alert sample_alert(std::string_view kind, const std::string& channel, const std::string& id, Time now);

}  // namespace earshot::cli
