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
  // What one request is worth, in seconds that one item waits unseen. 50: a source of an item an hour is asked every
  // ten minutes, one of an item a day every 50, one of an item a month every 4½ hours.
  double price = 50;
  // All intervals are stretched by this when a request budget is set (Budget::stretch()); at least 1.
  double stretch = 1;
};

// What a document asks of those who poll it: it holds until the next document says otherwise, over any number of 304s.
struct DocumentWord {
  Duration ttl{0};                  // RSS ttl, sy:updatePeriod; 0: nothing
  std::uint32_t skip_hours = 0;     // bit h: not in GMT hour h (FeedInfo)
  std::uint32_t skip_days = 0;      // bit d: not on GMT day d, 0 = Sunday
  std::optional<Time> update_base;  // sy:updateBase: what is new comes at update_base + n·ttl, any n
};

// What a poll came to.
struct Outcome {
  enum class Kind : std::uint8_t {
    ok,         // answered and readable: new items, none, or 304
    throttled,  // 429
    failed,     // everything that may mend itself: network, TLS, 401 403 404, 5xx, a document nobody can read
    gone,       // 410: polling ends
  };
  Kind kind = Kind::ok;
  std::optional<Duration> fresh_for;     // Cache-Control, Expires, Age (http_cache.h)
  std::optional<Duration> retry_after;   // on any status
  std::optional<DocumentWord> document;  // of a document that was read; nothing on 304
  // One entry for each item that is new to the store, its publication date or nothing; on the first poll the whole
  // document, which is how a new source has a pace from the start. Order does not matter. Borrowed: they outlive the
  // Outcome.
  std::span<const std::optional<Time>> new_items;
};

// All that is remembered of a source's pace; kept by the store as opaque bytes.
struct State {
  Time next_due{};             // the epoch: never polled
  Time last_poll{};            // the last that was answered
  Duration wish{0};            // the interval it would have without a budget: what it adds to Budget
  std::uint16_t failures = 0;  // in a row
  std::uint16_t slowdown = 0;  // 429s not yet forgiven: each doubles the interval, each good poll forgives one
  bool ended = false;          // 410
  DocumentWord document;
  Arrivals arrivals;

  // About 140 bytes, versioned. The hundredths of an item that encoding rounds away do not matter.
  std::string encode() const;
  static Result<State> decode(std::string_view bytes);
};

inline constexpr Time kNever = Time::max();
inline constexpr std::uint16_t kMostSlowdown = 8;  // an interval is at most 256-fold, and never above max for it

// Takes in what the poll at `now` came to and says when the next is due (also in state.next_due); kNever after 410.
// `random` is 64 fresh random bits. The rules, in this order:
//   410 ends it. What failed is tried again after policy.min at the earliest, with back-off up to policy.max.
//   Otherwise the source's own interval from its history, within [min, max], times the budget's stretch, times two for
//   each 429 not yet forgiven, ±5 %; never sooner than the answer is fresh or the document's ttl, as far as these are
//   believable (a day, or policy.max); a ttl with an update base ends at the next of its instants, and a little later,
//   so that not everybody comes at once; never sooner than Retry-After (up to 7 days); not in skipped hours and days.
// A clock that was set back does no harm.
Time next_due(State& state, const Outcome& outcome, const Policy& policy, Time now, std::uint64_t random);

// When a source that was never polled is due: now; when `batch` of them are added at once, spread at no more than 20 a
// second. `name_hash` decides the place.
Time first_due(std::uint64_t name_hash, Time now, std::size_t batch);

// When a source with a stored time is due after a start of the daemon. A time in the future stands. The `overdue` ones
// are spread by name over as long as `per_second` requests a second take, at most `policy.max`.
Time resume_due(Time stored, std::uint64_t name_hash, Time now, std::size_t overdue, double per_second, Duration max);

}  // namespace earshot::schedule
