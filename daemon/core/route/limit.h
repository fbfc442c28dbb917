// A channel's `limit`: so many alerts in a period, and what is too much in one alert at its end.
#pragma once

#include <cstdint>
#include <optional>

#include "core/config/model.h"
#include "core/time.h"

namespace earshot::route {

// What is remembered of one channel under one route's limit.
struct LimitState {
  Time began{};            // of the period that runs; the epoch: none
  std::uint32_t sent = 0;  // in it
  std::uint64_t held = 0;  // in it, too much
};

// May one more alert go out at `now`? If not, it is counted as held. A period begins with the first alert after the
// last one ended. A limit of 0 alerts or without a period limits nothing.
bool admit(LimitState& state, const config::Limit& limit, Time now);

// When the roll-up of what is held is due; nothing while nothing is held.
std::optional<Time> rollup_due(const LimitState& state, const config::Limit& limit);

// At its time: how many alerts the roll-up stands for. It opens the next period and is its first alert.
std::uint64_t take_rollup(LimitState& state, Time now);

}  // namespace earshot::route
