// A claim: somebody takes a mention, and with it its story, so that nobody else need be called; later it is done, or it
// was not relevant to its topics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace earshot::route {

struct Claim {
  enum class State : std::uint8_t { taken, done, not_relevant };
  std::string mention;  // its id
  std::string story;    // as it was when it was claimed
  std::vector<std::string> topics;
  State state = State::taken;
  std::string by;             // who was the last to say something
  Time taken{};               // when it was claimed first
  std::optional<Time> ended;  // when it was done or found not relevant
};

std::string_view to_string(Claim::State state);

// What a claim is stored under: this and the mention's id.
inline constexpr std::string_view kClaimPrefix = "route/claim/";

std::string encode(const Claim& claim);
// Nothing: these bytes are no claim.
std::optional<Claim> decode_claim(std::string_view bytes);

}  // namespace earshot::route
