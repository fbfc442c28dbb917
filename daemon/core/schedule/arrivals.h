// A model of when a source publishes: a non-homogeneous Poisson process, its rate the product of a level and of a
// pattern over the hours of the (UTC) week.
//
// Sources. The Poisson model of change and its estimation: J. Cho, H. Garcia-Molina, "Effective Page Refresh Policies
// for Web Crawlers", ACM TODS 28(4), 2003. Posting rates of feeds that follow the day and the week, and minimising the
// delay to detection instead of staleness: K. C. Sia, J. Cho, H.-K. Cho, "Efficient Monitoring Algorithm for Fast News
// Alerts", IEEE TKDE 19(7), 2007. Level: conjugate Gamma prior; pattern: Dirichlet prior (A. Gelman et al., "Bayesian
// Data Analysis", ch. 2–3); both forget exponentially, so a source may change its ways.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"

namespace earshot::schedule {

class Arrivals {
 public:
  // The source was watched from `from` to `to`.
  void watched(Time from, Time to);
  // It published at `at` (within what was watched), with weight 1.
  void published(Time at);

  // Expected items a second at `at`.
  double rate(Time at) const;
  // Expected items between two instants.
  double expected(Time from, Time to) const;
  // Items seen, those long ago counting less.
  double evidence() const;

 private:
  friend struct State;
};

}  // namespace earshot::schedule
