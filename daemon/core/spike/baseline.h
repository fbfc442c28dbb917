// How many stories an hour usually brings, by the hour and the day of the week, and from how many on an hour is out of
// the ordinary.
//
// Method. The mean follows level · hour of day · day of week, with exponential forgetting; hours and days are shrunk
// towards 1 as long as little is known of them. The bound is a quantile of the negative binomial distribution with that
// mean, the observed overdispersion and the uncertainty of the mean itself: C. P. Farrington et al., "A statistical
// algorithm for the early detection of outbreaks of infectious disease", J. R. Statist. Soc. A 159(3), 1996, with the
// negative binomial bound of A. Noufaily et al., "An improved algorithm for outbreak detection in multiple surveillance
// systems", Statistics in Medicine 32(7), 2013. As there, past outbreaks do not raise the baseline (counts above the
// bound are taken in as the bound), and few counts are never an alarm.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace earshot::spike {

// The hour on the team's wall.
struct HourOfWeek {
  unsigned hour = 0;     // 0 … 23
  unsigned weekday = 0;  // 0 = Sunday
};

// The chance that an ordinary hour, and that an hour together with the one before, is taken for a spike: 720 hours a
// month make 0.36 false alarms at most; up to one a month is left for topics that keep to no model.
inline constexpr double kFalseAlarm = 2.5e-4;
// Fewer stories in an hour are never a spike.
inline constexpr std::uint32_t kLeast = 5;
// A baseline rests on at least a week of hours that were watched.
inline constexpr double kLeastHours = 168;

class Baseline {
 public:
  // An hour that was watched as a whole brought `stories`. Hours in which nobody listened are not taken in at all.
  void watched(HourOfWeek at, std::uint32_t stories);

  // What such an hour usually brings.
  double usual(HourOfWeek at) const;
  // From how many stories on it is a spike; nothing while too little is known.
  std::optional<std::uint32_t> bound(HourOfWeek at) const;
  // The same of an hour and the one before it together: where an hour brings few, two tell a burst from chance sooner.
  std::optional<std::uint32_t> bound(HourOfWeek before, HourOfWeek at) const;
  // Hours it rests on, those long ago counting less.
  double hours() const { return exposure_; }

  std::string encode() const;
  // Nothing: these bytes are no baseline.
  static std::optional<Baseline> decode(std::string_view bytes);

 private:
  double level() const;
  double by_hour(unsigned hour) const;
  double by_day(unsigned day) const;
  double variance(HourOfWeek at) const;

  double count_ = 0, exposure_ = 0;                       // stories and hours, forgetting
  double spread_ = 0, spread_n_ = 0;                      // Σ (n - mean)² / mean and its weight, forgetting
  std::array<float, 24> hour_count_{}, hour_expected_{};  // stories, and what the level alone would have brought
  std::array<float, 7> day_count_{}, day_expected_{};
};

// The smallest n with P(N ≥ n) ≤ alpha of a negative binomial distribution with this mean and variance; of a Poisson
// distribution where the variance is not above the mean.
std::uint32_t upper_bound(double mean, double variance, double alpha);

}  // namespace earshot::spike
