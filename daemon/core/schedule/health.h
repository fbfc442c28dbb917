// How a source is doing, for the people who rely on it: since when, and why, in words. Pure: what a poll came to goes
// in, a change of state comes out, once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/schedule/arrivals.h"
#include "core/time.h"

namespace earshot::schedule {

// The numbers are stored.
enum class Health : std::uint8_t {
  ok = 0,
  late = 1,     // silent for longer than its own history makes likely
  empty = 2,    // answers, but with nothing that can be read as an item
  blocked = 3,  // 401, 403, 429 or a page that asks who we are
  gone = 4,     // 410, or 404 for days
  moved = 5,    // works, but at another address that should be put into the configuration
  broken = 6,   // DNS, connection, TLS, 5xx, or a document nobody can parse
};

std::string_view name(Health health);  // "ok", "late" …

// What a poll came to, as far as health is concerned.
struct Observation {
  enum class Kind : std::uint8_t {
    fine = 0,       // items, or 304
    moved = 1,      // fine, but at `detail`, a URL to which the configured one has moved for good
    no_items = 2,   // a document without a single item
    blocked = 3,    // `detail`: "HTTP 403", "a page that asks for a captcha"
    not_found = 4,  // 404
    gone = 5,       // 410
    broken = 6,     // `detail`: the error in words
  };
  Kind kind = Kind::fine;
  std::string detail;  // without secrets
};

struct HealthChange {
  Health before = Health::ok, after = Health::ok;
  std::string reason;  // for people; of a recovery what is over
};

// Kept by the store as opaque bytes.
struct HealthState {
  Health health = Health::ok;
  Time since{};        // when `health` began; the epoch: no poll yet
  std::string reason;  // empty when ok
  // The trouble that the last polls had in a row, whether it counts already or not.
  Observation::Kind trouble = Observation::Kind::fine;
  Time trouble_since{};
  std::uint16_t trouble_count = 0;

  std::string encode() const;
  static Result<HealthState> decode(std::string_view bytes);
};

// One bad poll is an accident: `blocked` needs 2 in a row, `broken` and `empty` 3, `gone` one 410 or 404s for 3 days
// (3 polls at least); `moved` and recovery come at once. `late` when such a silence has a probability below 1 in 1,000
// by the source's own history, of 5 items at least, and is half as long again as any it had before. A source that never
// brought an item may be empty from the start: that is no trouble, but new.
std::optional<HealthChange> observe(HealthState& state, const Observation& seen, const Arrivals& arrivals, Time now);

}  // namespace earshot::schedule
