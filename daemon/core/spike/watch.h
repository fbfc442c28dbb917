// One topic, watched for spikes hour by hour.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/spike/baseline.h"
#include "core/time.h"

namespace earshot::spike {

// A spike is over after so many hours below the bound.
inline constexpr std::uint32_t kCalmHours = 3;

struct Spike {
  Time hour{};                // when its hour began
  std::uint32_t stories = 0;  // in that hour so far
  double usual = 0;
  std::uint32_t number = 0;  // 0: it began; 1: it has doubled since, and so on
};

// Immutable hours: an hour is judged while it lasts (a bound that is passed is passed) and taken into the baseline when
// it is over.
class Watch {
 public:
  // The hour that begins at `hour` has brought `stories` so far. What is to be told of it; nothing: it is ordinary, or
  // has been told.
  std::optional<Spike> look(Time hour, HourOfWeek at, std::uint32_t stories);
  // That hour is over. An hour that was not watched as a whole is `partly`: it is judged and forgotten.
  void finish(Time hour, HourOfWeek at, std::uint32_t stories, bool partly);
  // The last hour that is finished; nothing: none yet.
  std::optional<Time> finished() const { return finished_; }
  bool on() const { return on_; }
  const Baseline& baseline() const { return baseline_; }

  std::string encode() const;
  static std::optional<Watch> decode(std::string_view bytes);

 private:
  Baseline baseline_;
  std::optional<Time> finished_;
  bool on_ = false;
  std::uint32_t told_ = 0;  // stories in an hour when it was told last
  std::uint32_t number_ = 0, calm_ = 0;
  // Of the hour before, if it was watched as a whole.
  struct Before {
    HourOfWeek at;
    std::uint32_t stories = 0;
  };
  bool passes(Time hour, HourOfWeek at, std::uint32_t stories) const;
  std::optional<Before> before_;
};

}  // namespace earshot::spike
