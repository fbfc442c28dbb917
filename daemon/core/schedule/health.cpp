#include "core/schedule/health.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "common/text/utf8.h"
#include "core/schedule/bytes.h"

namespace earshot::schedule {
namespace {

using Kind = Observation::Kind;

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kLongestReason = 500;  // bytes kept
constexpr Duration kNotFoundLimit = std::chrono::days{3};
constexpr double kUnlikely = 0.001, kEvidence = 5;

// "4m", "3h", "12d": the largest unit that says it well enough.
std::string roughly(Duration d) {
  using namespace std::chrono;
  if (d >= days{2}) return fmt::format("{}d", floor<days>(d).count());
  if (d >= hours{2}) return fmt::format("{}h", floor<hours>(d).count());
  return fmt::format("{}m", std::max<std::int64_t>(1, floor<minutes>(d).count()));
}

bool is_late(const Arrivals& arrivals, Time now) {
  return arrivals.evidence() >= kEvidence && now - arrivals.last() > arrivals.longest_gap() * 3 / 2 &&
         arrivals.silence_probability(now) < kUnlikely;
}

struct Verdict {
  Health health;
  std::string reason;
};

// What the observation means, or nothing while it may still be an accident.
std::optional<Verdict> judge(const HealthState& state, const Observation& seen, const Arrivals& arrivals, Time now) {
  const auto in_a_row = [&] { return fmt::format("{}, {} times in a row", seen.detail, state.trouble_count); };
  switch (seen.kind) {
    case Kind::fine:
      if (!is_late(arrivals, now)) return Verdict{Health::ok, {}};
      return Verdict{Health::late, fmt::format("nothing new since {}, where something comes every {} or so",
                                               rfc3339(arrivals.last()), roughly(arrivals.usual_gap()))};
    case Kind::moved:
      return Verdict{Health::moved,
                     fmt::format("it has moved for good to {}: put that into the configuration", seen.detail)};
    case Kind::no_items:
      if (arrivals.evidence() == 0) return Verdict{Health::ok, {}};
      if (state.trouble_count < 3) return std::nullopt;
      return Verdict{Health::empty, "it answers, but with nothing that can be read as an item"};
    case Kind::blocked:
      if (state.trouble_count < 2) return std::nullopt;
      return Verdict{Health::blocked, in_a_row()};
    case Kind::gone:
      return Verdict{Health::gone, "HTTP 410: its owner took it away for good; it is not asked any more"};
    case Kind::not_found:
      if (state.trouble_count < 3 || now - state.trouble_since < kNotFoundLimit) return std::nullopt;
      return Verdict{Health::gone, fmt::format("HTTP 404 since {}", rfc3339(state.trouble_since))};
    case Kind::broken:
      if (state.trouble_count < 3) return std::nullopt;
      return Verdict{Health::broken, in_a_row()};
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(Health health) {
  switch (health) {
    case Health::ok: return "ok";
    case Health::late: return "late";
    case Health::empty: return "empty";
    case Health::blocked: return "blocked";
    case Health::gone: return "gone";
    case Health::moved: return "moved";
    case Health::broken: return "broken";
  }
  return "?";
}

std::optional<HealthChange> observe(HealthState& state, const Observation& seen, const Arrivals& arrivals, Time now) {
  if (state.since == Time{}) state.since = now;
  if (seen.kind != state.trouble || state.trouble_count == 0) {
    state.trouble = seen.kind;
    state.trouble_since = now;
    state.trouble_count = 0;
  }
  if (state.trouble_count < std::numeric_limits<std::uint16_t>::max()) ++state.trouble_count;
  auto verdict = judge(state, seen, arrivals, now);
  if (!verdict || verdict->health == state.health) return std::nullopt;

  HealthChange change{state.health, verdict->health, verdict->reason};
  if (verdict->health == Health::ok)
    change.reason =
        fmt::format("works again; it was {} for {}: {}", name(state.health), roughly(now - state.since), state.reason);
  state.health = verdict->health;
  state.reason = std::move(verdict->reason);
  // The trouble began with the first poll that had it, not with the one that made it certain.
  state.since = state.health == Health::ok ? now : state.health == Health::late ? arrivals.last() : state.trouble_since;
  return change;
}

std::string HealthState::encode() const {
  Writer out;
  out.put(kVersion);
  out.put(static_cast<std::uint8_t>(health));
  out.put(static_cast<std::uint8_t>(trouble));
  out.put(trouble_count);
  out.put(since);
  out.put(trouble_since);
  const std::string_view start = std::string_view(reason).substr(0, kLongestReason);
  out.put(start.substr(0, text::valid_prefix(start)));  // not in the middle of a character
  return out.take();
}

Result<HealthState> HealthState::decode(std::string_view bytes) {
  HealthState state;
  Reader in(bytes);
  std::uint8_t version = 0, health_byte = 0, trouble_byte = 0;
  in.get(version);
  if (version != kVersion) return fail("the stored health of a source is of a version this earshot does not know");
  in.get(health_byte);
  in.get(trouble_byte);
  in.get(state.trouble_count);
  in.get(state.since);
  in.get(state.trouble_since);
  in.get(state.reason);
  if (!in.good() || !in.at_end() || health_byte > static_cast<std::uint8_t>(Health::broken) ||
      trouble_byte > static_cast<std::uint8_t>(Kind::broken))
    return fail("the stored health of a source is damaged; it is judged anew");
  state.health = static_cast<Health>(health_byte);
  state.trouble = static_cast<Kind>(trouble_byte);
  return state;
}

}  // namespace earshot::schedule
