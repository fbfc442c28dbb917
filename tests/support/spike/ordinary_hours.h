// Nine weeks in which nothing happened.
#pragma once

#include <chrono>
#include <cstdint>

#include "core/spike/baseline.h"
#include "core/time.h"

namespace earshot::spike {

inline constexpr std::chrono::hours kOrdinary{24 * 63};

// Each hour of the nine weeks before `end`, the beginning of an hour, with its place in the week (UTC) and two to four
// stories: `take(hour, at, stories)`.
template <class Take>
void ordinary_hours(Time end, Take take) {
  using std::chrono::hours;
  for (auto left = kOrdinary.count(); left > 0; --left) {
    const Time hour = end - hours(left);
    const auto day = std::chrono::floor<std::chrono::days>(hour);
    const HourOfWeek at{static_cast<unsigned>(std::chrono::floor<hours>(hour - day).count()),
                        std::chrono::weekday(day).c_encoding()};
    take(hour, at, static_cast<std::uint32_t>(2 + left % 3));
  }
}

}  // namespace earshot::spike
