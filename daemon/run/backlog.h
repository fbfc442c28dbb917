// A channel that could not be reached for long gets its backlog as digests, not as a flood.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/config/model.h"
#include "core/texts/texts.h"
#include "store/delivery.h"

namespace earshot::run {

// Mentions in one digest: as many as are remembered to have arrived with it.
inline constexpr std::size_t kFolded = 50;

struct Fold {
  std::vector<std::uint64_t> numbers;  // of the deliveries it stands for, in order; at least two
  Alert digest;
};

// What of the head of a channel's line goes into one digest, if anything does: alerts that are about mentions and were
// never tried, one after the other. Reports, spikes, escalations and what concerns Earshot itself stay what they are,
// and keep their place between digests. `waiting` is how long the whole line is. The digest has the
// same id however often it is made.
std::optional<Fold> fold(std::span<const store::Delivery> head, std::uint64_t waiting, const config::Backlog& backlog,
                         const texts::Texts& texts, Time now);

}  // namespace earshot::run
