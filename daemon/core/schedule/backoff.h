// The one retry policy of the house: for polls that fail and for deliveries.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.h"

namespace earshot::schedule {

struct Backoff {
  Duration first;            // mean-ish wait after the first failure
  Duration cap;              // no own wait is longer
  Duration retry_after_cap;  // nor one the other side asked for
};

// A chat channel wants its alert within moments; an hour is as long as a repaired one should wait.
inline constexpr Backoff kDelivery{std::chrono::seconds{5}, std::chrono::hours{1}, std::chrono::hours{24}};

// How long to wait after failure number `failures` (1, 2, …) in a row: first·2^(failures-1) up to the cap, of which the
// upper half is random ("equal jitter", M. Brooker, AWS Architecture Blog 2015: never too soon, never in step).
// `retry_after` is obeyed in full and gets up to a tenth on top, so that a whole crowd does not come back in one
// second. `random` is 64 fresh random bits.
Duration backoff(const Backoff& policy, unsigned failures, std::optional<Duration> retry_after, std::uint64_t random);

}  // namespace earshot::schedule
