// What becomes of a delivery after one try.
#pragma once

#include <cstdint>
#include <string>

#include "run/channel.h"
#include "store/delivery.h"

namespace earshot::run {

// How long a delivery is tried before it becomes a dead letter. Standard Webhooks' schedule spans about that long.
inline constexpr Duration kGiveUp = std::chrono::days{3};
// And how often at least: what waited behind others for days has had no chance yet.
inline constexpr std::uint32_t kLeastTries = 10;
// A channel that is gone is asked again this much later: somebody may have mended it.
inline constexpr Duration kParked = std::chrono::hours{1};
// How often an alert is given to a plugin that lets an exception through on it, each time to an instance made anew,
// before it becomes a dead letter: what no instance can render must not hold up the channel.
inline constexpr std::uint32_t kBrokenTries = 3;

struct Settled {
  store::Settlement settlement;
  Time quiet_until{};  // nothing further to this channel before: it is gone, or asked for a pause
  bool gone = false;   // confirmed by a second try; the alert stays owed
};

// Says in the log what it decided. `random` is 64 fresh random bits.
Settled settle(const std::string& channel, const store::Delivery& delivery, const Attempt& made, Time now,
               std::uint64_t random);

}  // namespace earshot::run
