// One topic, watched hour by hour for a story that spreads: how many mentions the biggest story of an hour usually has,
// by the hour of the week, and when one has far more.
//
// Method. How often stories are taken up follows a power law: most never, a few everywhere (J. Leskovec et al.,
// "Patterns of cascading behavior in large blog graphs", SDM 2007). No bound by mean and variance holds for such a
// tail. So an hour must be above the bound of spike/baseline and above every hour of eight weeks besides: of hours that
// are alike, that is true of one in 1,344, 0.54 times a month, whatever their distribution. An hour far above what was
// known raises that record to twice what it was at most, so that one storm does not hide the next.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/spike/baseline.h"
#include "core/time.h"

namespace earshot::spike {

// A story of fewer mentions in an hour is not told of, however small the others are.
inline constexpr std::uint32_t kLeastOfStory = 10;
// So long after a story was told it may be told as news again; before, only when it has doubled.
inline constexpr Duration kStoryTold = std::chrono::hours{24};

struct Wave {
  Time hour{};                 // when its hour began
  std::string story;           // its id
  std::uint32_t mentions = 0;  // in that hour so far
  double usual = 0;            // of the biggest story of such an hour
  std::uint32_t number = 0;    // 0: told first; 1: it has doubled since, and so on
};

class StoryWatch {
 public:
  // The hour that begins at `hour` has brought so many mentions of its biggest story so far. Nothing: that is ordinary,
  // or has been told.
  std::optional<Wave> look(Time hour, HourOfWeek at, std::string_view story, std::uint32_t mentions);
  // The hour that began at `hour` is over, and was watched as a whole.
  void finish(Time hour, HourOfWeek at, std::uint32_t mentions);
  const Baseline& baseline() const { return baseline_; }

  std::string encode() const;
  static std::optional<StoryWatch> decode(std::string_view bytes);

 private:
  struct Told {
    std::string story;
    Time hour{};
    std::uint32_t mentions = 0, number = 0;
  };
  // From how many mentions on it is told.
  std::optional<std::uint32_t> bound(HourOfWeek at) const;

  Baseline baseline_;
  std::array<std::uint32_t, 8> most_{};  // of an hour, in each of eight weeks, by their number modulo eight
  std::int64_t week_ = 0;                // the last of them, since the epoch
  std::vector<Told> told_;               // the newest last
};

}  // namespace earshot::spike
