#include "core/report/period.h"

#include "core/route/timing.h"

namespace earshot::report {
namespace {

using std::chrono::days;
using std::chrono::local_days;

// The last moment that is not after `now`.
std::optional<Time> last_moment(const config::At& at, const route::Zone& zone, Time now) {
  const local_days today = zone.wall(now).day;
  for (local_days day = today; day >= today - days{7}; day -= days{1}) {
    const Time time = zone.instant(day, at.minute);
    if ((at.days >> std::chrono::weekday{day}.c_encoding() & 1) != 0 && time <= now) return time;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Time> next_moment(const config::At& at, const route::Zone& zone, Time after) {
  config::Digest moments;
  moments.at = {at};
  return route::next_digest(moments, zone, after);
}

std::optional<Period> last_period(const config::At& at, const route::Zone& zone, Time now) {
  const auto to = last_moment(at, zone, now);
  if (!to) return std::nullopt;
  return Period{*last_moment(at, zone, *to - Duration{1}), *to};
}

}  // namespace earshot::report
