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

enum class Health : std::uint8_t {
  ok = 0,
  late,     // silent for longer than its own history makes likely
  empty,    // answers, but with nothing that can be read as an item
  blocked,  // 401, 403, 429 or a page that asks who we are
  gone,     // 410, or 404 for days
  moved,    // works, but at another address that should be put into the configuration
  broken,   // DNS, connection, TLS, 5xx, or a document nobody can parse
};

std::string_view name(Health health);  // "ok", "late" …

// What a poll came to, as far as health is concerned.
struct Observation {
  enum class Kind : std::uint8_t { items, not_modified, no_items, blocked, gone, not_found, moved, broken };
  Kind kind = Kind::items;
  std::string detail;  // broken: the error; blocked: "HTTP 403"; moved: the new URL. Without secrets
};

struct HealthChange {
  Health before = Health::ok, after = Health::ok;
  std::string reason;  // a sentence for people
};

// Kept by the store as opaque bytes.
struct HealthState {
  Health health = Health::ok;
  Time since{};                                          // when `health` began; the epoch: no poll yet
  std::string reason;                                    // empty when ok
  Observation::Kind suspect = Observation::Kind::items;  // the trouble under observation
  Time suspect_since{};
  std::uint16_t suspect_count = 0;

  std::string encode() const;
  static Result<HealthState> decode(std::string_view bytes);
};

// One bad poll is an accident: `blocked` needs 2 in a row, `broken` 3, `empty` 3, `gone` one 410 or 404s for 3 days;
// `moved` and recovery are immediate. `arrivals` and `last_item` decide about `late`.
std::optional<HealthChange> observe(HealthState& state, const Observation& seen, const Arrivals& arrivals,
                                    std::optional<Time> last_item, Time now);

}  // namespace earshot::schedule
