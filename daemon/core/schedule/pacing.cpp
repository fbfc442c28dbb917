#include "core/schedule/pacing.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/schedule/backoff.h"

namespace earshot::schedule {
namespace {

using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Duration kRetryAfterCap = std::chrono::days{7};
constexpr Duration kWordCap = std::chrono::hours{24};  // max-age and ttl of years are mistakes
constexpr std::uint16_t kMostFailures = 1000;

double seconds(Duration d) { return static_cast<double>(d.count()) / 1000; }
Duration from_seconds(double s) { return Duration{static_cast<std::int64_t>(s * 1000)}; }
double fraction(std::uint64_t random) { return static_cast<double>(random >> 11) * 0x1p-53; }

// The moment at which ∫ √(rate/2·price) from `now` on is 1: polling with that density makes the sum of waiting and of
// what requests cost the least (∂/∂T of λT²/2 + price per cycle T; Sia, Cho & Cho 2007, §4).
Duration own_interval(const Arrivals& arrivals, const Policy& policy, Time now) {
  double left = 1;
  const Time end = now + policy.max;
  for (Time at = now; at < end;) {
    const Time hour_end = floor<hours>(at) + hours{1};  // within it only a burst changes the rate
    const Time next = std::min({arrivals.in_burst(at) ? at + minutes{10} : hour_end, hour_end, end});
    const double density = std::sqrt(arrivals.rate(at + (next - at) / 2) / (2 * policy.price));
    const double covered = density * seconds(next - at);
    if (covered >= left) return std::clamp(at + from_seconds(left / density) - now, policy.min, policy.max);
    left -= covered;
    at = next;
  }
  return policy.max;
}

// What the poll showed, in order of time. An item that is new to us came to light since the last poll, whatever its
// date says; on the first poll the dates are all there is.
void learn(Arrivals& arrivals, const Outcome& outcome, Time last_poll, Time now) {
  std::vector<Time> times;
  times.reserve(outcome.new_items.size());
  const bool first = last_poll == Time{};
  for (const auto& published : outcome.new_items) {
    if (first && (!published || *published > now)) continue;
    times.push_back(first ? *published
                          : std::clamp(published.value_or(last_poll + (now - last_poll) / 2), last_poll, now));
  }
  std::ranges::sort(times);
  Time at = first ? (times.empty() ? now : times.front()) : last_poll;
  for (const Time time : times) {
    arrivals.watched(at, time);
    arrivals.published(time);
    at = time;
  }
  arrivals.watched(at, now);
}

bool skipped(const DocumentWord& document, Time at) {
  const auto day = floor<std::chrono::days>(at);
  const auto hour = static_cast<unsigned>(floor<hours>(at - day).count());
  return (document.skip_hours >> hour & 1) != 0 ||
         (document.skip_days >> std::chrono::weekday{day}.c_encoding() & 1) != 0;
}

// The first moment at or after `due` that the document does not ask to leave out; `due` itself where it leaves out all.
Time after_skips(const DocumentWord& document, Time due) {
  if (!skipped(document, due)) return due;
  const Duration into = due - floor<hours>(due);  // kept, so that not everybody comes on the hour
  for (Time at = due; at < due + std::chrono::days{7}; at += hours{1})
    if (!skipped(document, at)) return floor<hours>(at) + into;
  return due;
}

// How long the document asks to wait at `now`.
Duration asked_for(const DocumentWord& document, Time now) {
  const Duration period = document.ttl;
  if (!document.update_base || period <= Duration{0}) return period;
  const auto into = [&](Time at) {  // its period; both are reduced first, so that no base is too far away
    const Duration rest = at.time_since_epoch() % period;
    return rest < Duration{0} ? rest + period : rest;
  };
  const Duration passed = into(now) - into(*document.update_base);
  return passed < Duration{0} ? -passed : period - passed;
}

// After an answer: own pace, budget, manners.
Time after_answer(State& state, const Outcome& outcome, const Policy& policy, Time now, std::uint64_t random) {
  const Duration cap = std::max<Duration>(kWordCap, policy.max);
  const Duration fresh = outcome.fresh_for.value_or(Duration{0});
  const Duration asked = std::min(asked_for(state.document, now), cap);
  const Duration own = own_interval(state.arrivals, policy, now);
  state.wish = std::max(own, std::min(std::max(fresh, state.document.ttl), cap));
  double wait = seconds(own) * std::max(1.0, policy.stretch);
  wait = std::max(wait, std::min(wait * std::exp2(state.slowdown), seconds(policy.max)));
  wait *= 0.95 + 0.1 * fraction(random);
  Duration interval = std::max({from_seconds(wait), policy.min, std::min(fresh, cap), asked});
  if (state.document.update_base) {
    const Duration spread = std::clamp(state.document.ttl / 10, Duration{0}, policy.min);
    interval = std::max(interval, asked + from_seconds(seconds(spread) * fraction(random)));
  }
  if (outcome.retry_after)
    interval = std::max(interval, std::clamp(*outcome.retry_after, Duration{0}, kRetryAfterCap) +
                                      from_seconds(seconds(policy.min) * fraction(random)));
  return after_skips(state.document, now + interval);
}

}  // namespace

Time next_due(State& state, const Outcome& outcome, const Policy& policy, Time now, std::uint64_t random) {
  using Kind = Outcome::Kind;
  state.ended = state.ended || outcome.kind == Kind::gone;
  if (state.ended) return state.next_due = kNever;
  if (outcome.kind == Kind::failed) {
    if (state.failures < kMostFailures) ++state.failures;
    const Backoff retry{policy.min * 2, std::max(policy.max, policy.min * 2), kRetryAfterCap};
    return state.next_due = now + backoff(retry, state.failures, outcome.retry_after, random);
  }
  if (outcome.kind == Kind::throttled) {
    if (state.slowdown < kMostSlowdown) ++state.slowdown;
    return state.next_due = after_answer(state, outcome, policy, now, random);
  }
  if (outcome.document) state.document = *outcome.document;
  learn(state.arrivals, outcome, std::min(state.last_poll, now), now);
  state.last_poll = now;
  state.failures = 0;
  state.next_due = after_answer(state, outcome, policy, now, random);
  if (state.slowdown > 0) --state.slowdown;
  return state.next_due;
}

Time first_due(std::uint64_t name_hash, Time now, std::size_t batch) {
  constexpr std::size_t kAtOnce = 20;  // a second
  if (batch <= kAtOnce) return now;
  return now + from_seconds(fraction(name_hash) * static_cast<double>(batch) / kAtOnce);
}

Time resume_due(Time stored, std::uint64_t name_hash, Time now, std::size_t overdue, double per_second, Duration max) {
  if (stored > now) return stored;
  const double all = per_second > 0 ? static_cast<double>(overdue) / per_second : 0;
  return now + from_seconds(fraction(name_hash) * std::min(all, seconds(max)));
}

}  // namespace earshot::schedule
