// The stretch of time that a report is about: from the one before it to its own moment.
#pragma once

#include <optional>

#include "core/config/model.h"
#include "core/route/zone.h"
#include "core/time.h"

namespace earshot::report {

// Half-open: [from, to).
struct Period {
  Time from{}, to{};

  bool holds(Time t) const { return from <= t && t < to; }
  // As long, and right before it: what the figures are compared with.
  Period before() const { return {from - (to - from), from}; }
};

// The first moment after `after` at which the report is due; nothing: on no day of the week.
std::optional<Time> next_moment(const config::At& at, const route::Zone& zone, Time after);
// The latest period that is over at `now`, both its ends moments of the report: a week for `mon 09:00`, whatever
// daylight saving time makes of its length. Nothing: on no day of the week.
std::optional<Period> last_period(const config::At& at, const route::Zone& zone, Time now);

}  // namespace earshot::report
