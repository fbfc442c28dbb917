#include "core/route/group.h"

#include <algorithm>

namespace earshot::route {
namespace {

// Told apart from any other by a separator that no name may hold.
void append(std::string& key, std::string_view part) { key.append(1, '\x1f').append(part); }

}  // namespace

std::vector<std::string> group_keys(const config::Group& group, std::string_view route, std::string_view channel,
                                    const Mention& mention, std::string_view story) {
  const auto by = [&](config::GroupBy what) { return std::ranges::find(group.by, what) != group.by.end(); };
  std::string key(route);
  append(key, channel);
  append(key, by(config::GroupBy::story) ? (story.empty() ? std::string_view(mention.id) : story) : std::string_view{});
  append(key, by(config::GroupBy::source) ? std::string_view(mention.source) : std::string_view{});
  if (!by(config::GroupBy::topic)) return {key};
  std::vector<std::string> keys;
  for (const TopicMatch& match : mention.matches) {
    keys.push_back(key);
    append(keys.back(), match.topic);
  }
  return keys;
}

void join(GroupState& state, Time now) {
  if (state.opened == Time{}) state.opened = now;
  ++state.total;
}

std::optional<Time> group_due(const GroupState& state, const config::Group& group) {
  if (state.total == state.told) return std::nullopt;
  if (state.alerted == Time{}) return state.opened + group.wait;
  if (group.repeat <= Duration{0}) return std::nullopt;
  return state.total >= 2 * state.told ? state.alerted : state.alerted + group.repeat;
}

GroupAlert take_group(GroupState& state, Time now) {
  const GroupAlert alert{state.alerted == Time{} ? AlertKind::story : AlertKind::growth, state.total - state.told,
                         state.total};
  state.alerted = now;
  state.told = state.total;
  return alert;
}

}  // namespace earshot::route
