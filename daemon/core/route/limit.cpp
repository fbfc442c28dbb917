#include "core/route/limit.h"

#include <utility>

namespace earshot::route {

bool admit(LimitState& state, const config::Limit& limit, Time now) {
  if (limit.alerts == 0 || limit.per <= Duration{0}) return true;
  const bool over = state.began == Time{} || now >= state.began + limit.per || now < state.began;
  if (over && state.held == 0) state = {now, 0, 0};  // with some held the roll-up goes first
  if (state.held == 0 && state.sent < limit.alerts) {
    ++state.sent;
    return true;
  }
  ++state.held;
  return false;
}

std::optional<Time> rollup_due(const LimitState& state, const config::Limit& limit) {
  return state.held == 0 ? std::nullopt : std::optional{state.began + limit.per};
}

std::uint64_t take_rollup(LimitState& state, Time now) { return std::exchange(state, {now, 1, 0}).held; }

}  // namespace earshot::route
