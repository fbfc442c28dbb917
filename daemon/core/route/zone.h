// The team's clock: a time zone by its IANA name, right about daylight saving time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace earshot::route {

// What the clock on the wall shows.
struct WallTime {
  std::chrono::local_days day{};
  std::uint16_t minute = 0;  // of the day

  unsigned weekday() const { return std::chrono::weekday{day}.c_encoding(); }  // 0 = Sunday
};

// Immutable; any thread. Rules come from ICU's copy of the tz database.
class Zone {
 public:
  // "Europe/Amsterdam", "UTC". The error names the zone.
  static Result<Zone> open(const std::string& name);

  WallTime wall(Time at) const;
  // The first instant at which the clock shows this time or has just passed it: a time that is skipped in spring is the
  // moment of the jump, one that comes twice in autumn is the first.
  Time instant(std::chrono::local_days day, int minute) const;

  Zone(Zone&&) noexcept;
  Zone& operator=(Zone&&) noexcept;
  ~Zone();

 private:
  struct Rules;
  explicit Zone(std::unique_ptr<const Rules> rules);

  std::unique_ptr<const Rules> rules_;
};

}  // namespace earshot::route
