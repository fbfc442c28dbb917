// When a decided alert may go out: quiet hours and digests on the team's clock. Pure: the time is an argument.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/config/model.h"
#include "core/route/zone.h"
#include "core/time.h"

namespace earshot::route {

// The end of the quiet that covers `now`, quiet days that follow each other without a gap taken together; nothing when
// it is not quiet. A quiet that runs over midnight belongs to the day it began; `from` equal to `to` is a whole day.
// Where it is quiet all week long the end is that of the seventh day.
std::optional<Time> quiet_until(const config::Quiet& quiet, const Zone& zone, Time now);

// The first digest after `after`. `at` is wall time; `every` counts from Monday 00:00 on the wall, so that 6h is 00:00,
// 06:00, 12:00 and 18:00, and 7d Monday morning. Nothing where the digest has neither.
std::optional<Time> next_digest(const config::Digest& digest, const Zone& zone, Time after);

struct Plan {
  enum class Fate : std::uint8_t {
    send,    // by itself, at `at`
    digest,  // with others of its channel and route, at `at`
    drop,    // not at all
  };
  Fate fate = Fate::send;
  Time at{};           // now, or later
  std::string reason;  // for `earshot why`; empty when it goes out now
};

// What the route's `quiet` and `digest` make of an alert of that severity that is owed at `now`. A digest that falls
// into the quiet comes at its end.
Plan plan(const config::Route& route, Severity severity, const Zone& zone, Time now);

}  // namespace earshot::route
