#include "core/schedule/backoff.h"

#include <algorithm>

namespace earshot::schedule {
namespace {

// A part of `whole` between nothing and all of it, chosen by 64 random bits.
Duration part(Duration whole, std::uint64_t random) {
  const double fraction = static_cast<double>(random >> 11) * 0x1p-53;
  return Duration{static_cast<std::int64_t>(static_cast<double>(whole.count()) * fraction)};
}

}  // namespace

Duration backoff(const Backoff& policy, unsigned failures, std::optional<Duration> retry_after, std::uint64_t random) {
  Duration wait = policy.first;
  for (unsigned n = 1; n < failures && wait < policy.cap; ++n) wait *= 2;
  wait = std::min(wait, policy.cap);
  wait = wait / 2 + part(wait / 2, random);
  if (retry_after) {
    const Duration asked = std::clamp(*retry_after, Duration{0}, policy.retry_after_cap);
    wait = std::max(wait, asked + part(asked / 10, random));
  }
  return wait;
}

}  // namespace earshot::schedule
