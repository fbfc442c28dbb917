// A route's `group`: mentions that belong together make one alert, and later ones of their growth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/model.h"
#include "core/mention/mention.h"
#include "core/time.h"

namespace earshot::route {

// What is remembered of one group.
struct GroupState {
  Time opened{};            // when its first mention came; the epoch: it has none
  Time alerted{};           // its last alert; the epoch: none yet
  std::uint64_t total = 0;  // mentions
  std::uint64_t told = 0;   // those that alerts stood for
};

// The groups that a mention joins, as keys that name route and channel too: one for each of its topics when topics part
// them, else one. `story` is the id of its story, empty when it is in none: then it is a story of its own.
std::vector<std::string> group_keys(const config::Group& group, std::string_view route, std::string_view channel,
                                    const Mention& mention, std::string_view story);

// A mention joins at `now`.
void join(GroupState& state, Time now);

// When the group's next alert is due: `wait` after its first mention; from then on when mentions have come that no
// alert told of, `repeat` after the last alert, or at once when the group has doubled since. With repeat 0 there is no
// further alert. Nothing when none is due.
std::optional<Time> group_due(const GroupState& state, const config::Group& group);

struct GroupAlert {
  AlertKind kind = AlertKind::story;  // growth from the second alert on
  std::uint64_t fresh = 0;            // mentions that no alert told of
  std::uint64_t total = 0;
};

// At its time.
GroupAlert take_group(GroupState& state, Time now);

}  // namespace earshot::route
