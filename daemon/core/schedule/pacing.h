// When a source is due next: its own pace from its publishing history, never faster than its server allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/schedule/arrivals.h"
#include "core/time.h"

namespace earshot::schedule {

// From the configuration: `fetch.interval`, a source's own `interval`, the request budget.
struct Policy {
  Duration min = std::chrono::minutes{5};
  Duration max = std::chrono::hours{24};
  // A source's own `interval:`: polled at that pace; the server's word may only make it slower.
  std::optional<Duration> fixed;
  // What one request is worth, in seconds that one item waits unseen. 50: a source of an item an hour is asked every
  // ten minutes, one of an item a day every 50, one of an item a month every 4½ hours.
  double price = 50;
  // All intervals are stretched by this when a request budget is set (Budget::stretch()); at least 1.
  double stretch = 1;
};

// What a poll came to.
struct Outcome {
  enum class Kind : std::uint8_t {
    ok,         // answered and readable: new items, none, or 304
    throttled,  // 429
    failed,     // everything that may mend itself: network, TLS, 404, 5xx, unreadable document
    gone,       // 410: polling ends
  };
  Kind kind = Kind::ok;
  std::optional<Duration> fresh_for;    // Cache-Control, Expires, Age (http_cache.h)
  std::optional<Duration> retry_after;  // on any status
  Duration ttl{0};                      // what the document asks for: ttl, sy:updatePeriod; 0: nothing
  std::uint32_t skip_hours = 0;         // bit h: not in GMT hour h (FeedInfo)
  std::uint32_t skip_days = 0;          // bit d: not on GMT day d, 0 = Sunday
  // One entry for each item that is new to the store, its publication date or nothing; on the first poll the whole
  // document, which is how a new source has a pace from the start. Order does not matter.
  std::span<const std::optional<Time>> new_items;
};

// All that is remembered of a source's pace; kept by the store as opaque bytes.
struct State {
  Time next_due{};             // the epoch: never polled
  Time last_poll{};            // the last that was answered
  std::uint16_t failures = 0;  // in a row
  std::uint16_t slowdown = 0;  // 429s not yet forgiven: each doubles the interval, each good poll in time forgives one
  bool ended = false;          // 410
  Arrivals arrivals;

  // A few hundred bytes at most, versioned; small for a source with little history.
  std::string encode() const;
  static Result<State> decode(std::string_view bytes);
};

inline constexpr Time kNever = Time::max();

// Takes in what the poll at `now` came to and says when the next is due (also in state.next_due); kNever after 410.
// `random` is 64 fresh random bits.
Time next_due(State& state, const Outcome& outcome, const Policy& policy, Time now, std::uint64_t random);

// The interval that the history alone asks for at `now`, within [min, max], before stretch, jitter and server's word:
// what this source adds to Budget.
Duration natural_interval(const State& state, const Policy& policy, Time now);

// When a source that was never polled is due: now; when `batch` of them are added at once, spread at no more than 20 a
// second. `name_hash` decides the place.
Time first_due(std::uint64_t name_hash, Time now, std::size_t batch);

// When a source with a stored time is due after a start of the daemon. A time in the future stands. The `overdue` ones
// are spread by name over as long as `per_second` requests a second take, at most `policy.max`.
Time resume_due(Time stored, std::uint64_t name_hash, Time now, std::size_t overdue, double per_second, Duration max);

}  // namespace earshot::schedule
