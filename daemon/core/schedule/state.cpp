// The pace of a source as the store keeps it: about 140 bytes.
#include <algorithm>
#include <cmath>

#include "core/schedule/bytes.h"
#include "core/schedule/pacing.h"

namespace earshot::schedule {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kWithBase = 2;  // the same, and the document's update base at the end
constexpr float kUnit = 100;           // cells are kept in hundredths of an item: they stay below 655 (kPatternMemory)

std::uint16_t cell(float items) {
  return static_cast<std::uint16_t>(std::lround(std::clamp(items * kUnit, 0.0F, 65'535.0F)));
}

// What cannot be, whoever wrote it, becomes nothing.
void keep_sane(float& value) {
  if (!std::isfinite(value) || value < 0) value = 0;
}

}  // namespace

std::string State::encode() const {
  Writer out;
  out.put(document.update_base ? kWithBase : kVersion);
  out.put(static_cast<std::uint8_t>(ended));
  out.put(next_due);
  out.put(last_poll);
  out.put(wish);
  out.put(failures);
  out.put(slowdown);
  out.put(document.ttl);
  out.put(document.skip_hours);
  out.put(document.skip_days);
  out.put(arrivals.count_);
  out.put(arrivals.exposure_);
  out.put(arrivals.echoes_);
  out.put(arrivals.all_);
  out.put(arrivals.excited_);
  out.put(arrivals.last_);
  out.put(arrivals.longest_gap_);
  for (const float hour : arrivals.hours_) out.put(cell(hour));
  for (const float day : arrivals.days_) out.put(cell(day));
  if (document.update_base) out.put(*document.update_base);
  return out.take();
}

Result<State> State::decode(std::string_view bytes) {
  State state;
  Reader in(bytes);
  std::uint8_t version = 0, ended_byte = 0;
  in.get(version);
  if (version != kVersion && version != kWithBase)
    return fail("the stored pace of a source is of version " + std::to_string(version) +
                ", which this earshot does not know; it is learnt anew");
  in.get(ended_byte);
  state.ended = ended_byte != 0;
  in.get(state.next_due);
  in.get(state.last_poll);
  in.get(state.wish);
  in.get(state.failures);
  in.get(state.slowdown);
  state.slowdown = std::min(state.slowdown, kMostSlowdown);
  in.get(state.document.ttl);
  in.get(state.document.skip_hours);
  in.get(state.document.skip_days);
  for (float* value : {&state.arrivals.count_, &state.arrivals.exposure_, &state.arrivals.echoes_, &state.arrivals.all_,
                       &state.arrivals.excited_}) {
    in.get(*value);
    keep_sane(*value);
  }
  in.get(state.arrivals.last_);
  in.get(state.arrivals.longest_gap_);
  std::uint16_t items = 0;
  for (float& hour : state.arrivals.hours_) {
    in.get(items);
    hour = static_cast<float>(items) / kUnit;
  }
  for (float& day : state.arrivals.days_) {
    in.get(items);
    day = static_cast<float>(items) / kUnit;
  }
  if (version == kWithBase) in.get(state.document.update_base.emplace());
  if (!in.good() || !in.at_end()) return fail("the stored pace of a source is damaged; it is learnt anew");
  return state;
}

}  // namespace earshot::schedule
