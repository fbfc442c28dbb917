// A model of when a source publishes: a base rate that follows the hours of the (UTC) week, and bursts, in which one
// item brings others after it.
//
//   rate(t) = level · hour_of_day(t) · day_of_week(t) + Σ branching/τ · exp(-(t - tᵢ)/τ)     over the items tᵢ before t
//
// Sources. Polling by a Poisson model of change: J. Cho, H. Garcia-Molina, "Effective Page Refresh Policies for Web
// Crawlers", ACM TODS 28(4), 2003. Feeds whose posting rate follows day and week, and the delay to detection as what to
// minimise: K. C. Sia, J. Cho, H.-K. Cho, "Efficient Monitoring Algorithm for Fast News Alerts", IEEE TKDE 19(7), 2007.
// Bursts: A. G. Hawkes, "Spectra of some self-exciting and mutually exciting point processes", Biometrika 58(1), 1971;
// each item is shared between base and bursts by their part in the rate (the E-step of EM for branching processes,
// A. Veen, F. P. Schoenberg, JASA 103(482), 2008), once, as it comes. Level: conjugate Gamma prior; hours and days:
// Dirichlet priors. Everything forgets, so a source may change its ways.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/time.h"

namespace earshot::schedule {

class Arrivals {
 public:
  // The source was watched from `from` to `to`, in which nothing was published but what published() says. Calls of both
  // come in order of time.
  void watched(Time from, Time to);
  void published(Time at);

  // Expected items a second at `at`, which is not before the last call.
  double rate(Time at) const;
  // Has an item just come that may bring others?
  bool in_burst(Time at) const;

  // The items that the model rests on, those long ago counting less.
  double evidence() const { return count_; }
  // The last item, or the epoch; the longest time between two.
  Time last() const { return last_; }
  Duration longest_gap() const { return longest_gap_; }
  // The usual time between two items, bursts counting as one.
  Duration usual_gap() const;
  // How likely it is that such a source is silent from its last item to `now`: (E / (E + s))^n for n items in exposure
  // E and silence s, the predictive distribution of a Poisson process with a Gamma prior (Gelman et al., "Bayesian Data
  // Analysis", 3rd ed., §2.6).
  double silence_probability(Time now) const;

 private:
  friend struct State;

  double pattern(Time at) const;                     // 1 on average over a week
  double pattern_seconds(Time from, Time to) const;  // ∫ pattern
  double level() const;                              // items a second, where the pattern is 1
  double excitement(Time at) const;                  // items a second that past items bring

  float count_ = 0;             // items of the base rate, forgetting
  float exposure_ = 0;          // seconds watched, weighted by the pattern, forgetting alike
  float echoes_ = 0, all_ = 0;  // items that others brought, and all, forgetting
  float excited_ = 0;           // Σ exp(-(last_ - tᵢ)/τ)
  Time last_{};                 // the last item
  Duration longest_gap_{0};
  std::array<float, 24> hours_{};  // items by hour of the day, forgetting
  std::array<float, 7> days_{};    // by day of the week, 0 = Sunday
};

}  // namespace earshot::schedule
