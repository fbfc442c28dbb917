#include "core/schedule/arrivals.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace earshot::schedule {
namespace {

using std::chrono::floor;
using Hours = std::chrono::hours;

constexpr double kDay = 86'400, kWeek = 7 * kDay;
constexpr double kPriorItems = 0.5, kPriorSeconds = 0.5 * kDay;  // Gamma: half an item in half a day
constexpr double kHourPrior = 0.5, kDayPrior = 1.0;              // Dirichlet: pseudo-items in each cell
constexpr double kLevelMemory = 80;                              // items
constexpr double kPatternMemory = 300;                           // items
constexpr double kTimeMemory = 60 * kDay;                        // mean life of what is remembered of the level
constexpr double kTau = 3600;                                    // of bursts, seconds
constexpr double kEchoPrior = 0.5, kAllPrior = 2.5;              // Beta: a fifth of the items are brought by others
constexpr double kMostBranching = 0.9;                           // below 1, or a burst would never end

double seconds(Duration d) { return static_cast<double>(d.count()) / 1000; }

std::size_t hour_of(Time at) {
  return static_cast<std::size_t>((floor<Hours>(at) - floor<std::chrono::days>(at)).count());
}

std::size_t day_of(Time at) { return std::chrono::weekday{floor<std::chrono::days>(at)}.c_encoding(); }

}  // namespace

double Arrivals::pattern(Time at) const {
  const auto hour_items = std::accumulate(hours_.begin(), hours_.end(), 24 * kHourPrior);
  const auto day_items = std::accumulate(days_.begin(), days_.end(), 7 * kDayPrior);
  return 24 * (hours_[hour_of(at)] + kHourPrior) / hour_items * 7 * (days_[day_of(at)] + kDayPrior) / day_items;
}

double Arrivals::pattern_seconds(Time from, Time to) const {
  if (to <= from) return 0;
  const auto weeks = floor<std::chrono::weeks>(to - from);
  double sum = static_cast<double>(weeks.count()) * kWeek;  // a whole week of pattern is a week
  for (Time at = from + weeks; at < to;) {
    const Time next = std::min<Time>(floor<Hours>(at) + Hours{1}, to);
    sum += pattern(at) * seconds(next - at);
    at = next;
  }
  return sum;
}

double Arrivals::level() const { return (count_ + kPriorItems) / (exposure_ + kPriorSeconds); }

double Arrivals::excitement(Time at) const {
  const double branching = std::min((echoes_ + kEchoPrior) / (all_ + kAllPrior), kMostBranching);
  return branching / kTau * excited_ * std::exp(-std::max(0.0, seconds(at - last_)) / kTau);
}

double Arrivals::rate(Time at) const { return level() * pattern(at) + excitement(at); }

Duration Arrivals::usual_gap() const { return Duration{static_cast<std::int64_t>(1000 / level())}; }

double Arrivals::silence_probability(Time now) const {
  const double silence = pattern_seconds(last_, now);
  const double before = std::max(exposure_ - silence, 0.0) + kPriorSeconds;
  return std::pow(before / (before + silence), count_ + kPriorItems);
}

bool Arrivals::in_burst(Time at) const { return excited_ > 0 && seconds(at - last_) < 3 * kTau; }

void Arrivals::watched(Time from, Time to) {
  if (to <= from) return;
  const auto keep = static_cast<float>(std::exp(-seconds(to - from) / kTimeMemory));
  count_ *= keep;
  exposure_ = exposure_ * keep + static_cast<float>(pattern_seconds(from, to));
}

void Arrivals::published(Time at) {
  const double base = level() * pattern(at), burst = excitement(at);
  const auto echo = static_cast<float>(burst / (base + burst));
  const auto forget = [](float& value, double memory) { value *= static_cast<float>(1 - 1 / memory); };
  forget(count_, kLevelMemory);
  forget(exposure_, kLevelMemory);
  count_ += 1 - echo;
  forget(echoes_, kPatternMemory);
  forget(all_, kPatternMemory);
  echoes_ += echo;
  all_ += 1;
  excited_ = static_cast<float>(excited_ * std::exp(-std::max(0.0, seconds(at - last_)) / kTau)) + 1;
  if (last_ != Time{}) longest_gap_ = std::max(longest_gap_, at - last_);
  last_ = std::max(last_, at);
  for (float& hour : hours_) forget(hour, kPatternMemory);
  for (float& day : days_) forget(day, kPatternMemory);
  hours_[hour_of(at)] += 1;
  days_[day_of(at)] += 1;
}

}  // namespace earshot::schedule
