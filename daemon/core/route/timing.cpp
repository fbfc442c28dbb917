#include "core/route/timing.h"

#include <fmt/format.h>

#include <algorithm>

namespace earshot::route {
namespace {

using std::chrono::days;
using std::chrono::local_days;

bool on(config::Days set, unsigned weekday) { return (set >> weekday & 1) != 0; }

// The end of the quiet that begins on `day` and covers `now`.
std::optional<Time> end_on(const config::Quiet& quiet, const Zone& zone, local_days day, Time now) {
  if (!on(quiet.days, std::chrono::weekday{day}.c_encoding())) return std::nullopt;
  const Time end = zone.instant(quiet.to <= quiet.from ? day + days{1} : day, quiet.to);
  if (now < zone.instant(day, quiet.from) || now >= end) return std::nullopt;
  return end;
}

std::optional<Time> next_at(const config::At& at, const Zone& zone, Time after) {
  const local_days today = zone.wall(after).day;
  for (local_days day = today; day <= today + days{7}; day += days{1}) {
    const Time time = zone.instant(day, at.minute);
    if (on(at.days, std::chrono::weekday{day}.c_encoding()) && time > after) return time;
  }
  return std::nullopt;
}

Time next_every(Duration every, const Zone& zone, Time after) {
  // Every zone's offset is whole minutes, so less than one is the same on any wall.
  if (every > Duration{0} && every < std::chrono::minutes{1})
    return Time{(after.time_since_epoch() / every + 1) * every};
  using std::chrono::minutes;
  constexpr local_days monday{days{4}};  // 1970-01-05
  const minutes step = std::max(minutes{1}, std::chrono::floor<minutes>(every));
  const WallTime wall = zone.wall(after);
  minutes next = (wall.day - monday + minutes{wall.minute}) / step * step;
  while (true) {  // twice at most, or as often as an hour that comes twice holds steps
    next += step;
    const auto day = std::chrono::floor<days>(next);
    const Time time = zone.instant(monday + day, static_cast<int>((next - day).count()));
    if (time > after) return time;
  }
}

}  // namespace

std::optional<Time> quiet_until(const config::Quiet& quiet, const Zone& zone, Time now) {
  std::optional<Time> end;
  for (int joined = 0; joined < 7; ++joined) {
    const local_days today = zone.wall(end.value_or(now)).day;
    auto further = end_on(quiet, zone, today, end.value_or(now));
    if (!further) further = end_on(quiet, zone, today - days{1}, end.value_or(now));
    if (!further) break;
    end = further;
  }
  return end;
}

std::optional<Time> next_digest(const config::Digest& digest, const Zone& zone, Time after) {
  std::optional<Time> first;
  const auto take = [&](std::optional<Time> time) {
    if (time && (!first || *time < *first)) first = time;
  };
  for (const config::At& at : digest.at) take(next_at(at, zone, after));
  if (digest.every) take(next_every(*digest.every, zone, after));
  return first;
}

Plan plan(const config::Route& route, Severity severity, const Zone& zone, Time now) {
  const bool disturbs = route.quiet && std::ranges::find(route.quiet->except, severity) != route.quiet->except.end();
  const auto quiet_end = [&](Time at) {
    return route.quiet && !disturbs ? quiet_until(*route.quiet, zone, at) : std::nullopt;
  };
  if (const auto end = quiet_end(now)) {
    const std::string until = fmt::format("quiet until {}", rfc3339(*end));
    switch (route.quiet->then) {
      case config::AfterQuiet::drop: return {Plan::Fate::drop, now, until + ", and dropped then"};
      case config::AfterQuiet::digest: return {Plan::Fate::digest, *end, until};
      case config::AfterQuiet::send:
        if (!route.digest) return {Plan::Fate::send, *end, until};
    }
  }
  if (route.digest)
    if (const auto at = next_digest(*route.digest, zone, now)) {
      const Time time = quiet_end(*at).value_or(*at);
      return {Plan::Fate::digest, time, fmt::format("digest of {}", rfc3339(time))};
    }
  return {Plan::Fate::send, now, {}};
}

}  // namespace earshot::route
