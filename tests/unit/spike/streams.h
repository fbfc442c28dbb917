// Synthetic topics: how many stories each hour brings.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <string>

#include "core/spike/baseline.h"

namespace earshot::spike {

struct Stream {
  std::string name;
  double mean = 1;            // stories an hour
  double overdispersion = 1;  // variance over mean
  double rhythm = 0;          // 0 … 1: how far nights and weekends are from days
  double growth = 1;          // of the mean, over the whole time

  double mean_at(std::uint32_t hour, std::uint32_t hours) const {
    const double day = 1 - rhythm * std::cos(2 * std::numbers::pi * (hour % 24) / 24.0);
    const bool weekend = hour / 24 % 7 >= 5;
    return mean * day * (weekend ? 1 - rhythm / 2 : 1) * std::pow(growth, static_cast<double>(hour) / hours);
  }
};

inline HourOfWeek hour_of_week(std::uint32_t hour) { return {hour % 24, (hour / 24 + 1) % 7}; }

// Negative binomial as a gamma mixture of Poisson distributions.
inline std::uint32_t draw(double mean, double overdispersion, std::mt19937_64& random) {
  if (mean <= 0) return 0;
  double rate = mean;
  if (overdispersion > 1) {
    const double scale = overdispersion - 1;
    rate = std::gamma_distribution<double>(mean / scale, scale)(random);
  }
  return rate <= 0 ? 0 : std::poisson_distribution<std::uint32_t>(rate)(random);
}

}  // namespace earshot::spike
