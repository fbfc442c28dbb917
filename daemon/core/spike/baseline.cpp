#include "core/spike/baseline.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <vector>

namespace earshot::spike {
namespace {

constexpr double kMemoryHours = 24 * 28;  // after four weeks an hour counts 1/e
constexpr double kShrink = 8;             // stories that an hour or a day must have brought to speak for itself
constexpr double kUsualSpread = 1.3, kSpreadWeight = 48;
constexpr double kSmallest = 1e-3;  // of a mean
// Beyond this mean the sum of probabilities is long and the normal approximation of the cube root is exact enough.
constexpr double kLargeMean = 2000;

// What a standard normal variable exceeds with this chance, below a half.
double normal_quantile(double alpha) {
  double low = 0, high = 40;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::numbers::sqrt2) / 2 > alpha ? low : high) = middle;
  }
  return low;
}

// Wilson and Hilferty's approximation, PNAS 17(12), 1931, to the gamma distribution of the same mean and variance.
double large_bound(double mean, double variance, double alpha) {
  const double shape = mean * mean / std::max(variance, mean);
  const double root = 1 - 1 / (9 * shape) + normal_quantile(alpha) / (3 * std::sqrt(shape));
  return mean * root * root * root;
}

}  // namespace

std::uint32_t upper_bound(double mean, double variance, double alpha) {
  mean = std::max(mean, kSmallest);
  if (mean > kLargeMean) return static_cast<std::uint32_t>(std::min(large_bound(mean, variance, alpha), 4e9)) + 1;
  const bool poisson = variance <= mean * 1.0001;
  const double size = poisson ? 0 : mean * mean / (variance - mean);
  const double success = poisson ? 0 : size / (size + mean);
  double log_p = poisson ? -mean : size * std::log(success);  // of n = 0
  double above = 1;
  for (std::uint32_t n = 0;; ++n) {
    if (above <= alpha || n > 1'000'000) return n;
    above -= std::exp(log_p);
    log_p += poisson ? std::log(mean / (n + 1)) : std::log((size + n) / (n + 1) * (1 - success));
  }
}

double Baseline::level() const { return exposure_ > 0 ? count_ / exposure_ : 0; }

double Baseline::by_hour(unsigned hour) const {
  return (hour_count_.at(hour) + kShrink) / (hour_expected_.at(hour) + kShrink);
}

double Baseline::by_day(unsigned day) const {
  return (day_count_.at(day) + kShrink) / (day_expected_.at(day) + kShrink);
}

double Baseline::usual(HourOfWeek at) const { return level() * by_hour(at.hour) * by_day(at.weekday); }

// Of a count in that hour, the mean being known only so well.
double Baseline::variance(HourOfWeek at) const {
  const double mean = std::max(usual(at), kSmallest);
  const double spread = std::max(1.0, (spread_ + kUsualSpread * kSpreadWeight) / (spread_n_ + kSpreadWeight));
  // How much the mean itself may be wrong, relative and squared: of counts, one over the count.
  const double unsure =
      1 / (hour_count_.at(at.hour) + kShrink) + 1 / (day_count_.at(at.weekday) + kShrink) + 1 / (count_ + kShrink);
  return spread * mean + mean * mean * unsure;
}

std::optional<std::uint32_t> Baseline::bound(HourOfWeek at) const {
  if (exposure_ < kLeastHours * std::exp(-kLeastHours / kMemoryHours / 2)) return std::nullopt;
  return std::max(kLeast, upper_bound(usual(at), variance(at), kFalseAlarm));
}

std::optional<std::uint32_t> Baseline::bound(HourOfWeek before, HourOfWeek at) const {
  if (!bound(at)) return std::nullopt;
  return std::max(kLeast, upper_bound(usual(before) + usual(at), variance(before) + variance(at), kFalseAlarm));
}

void Baseline::watched(HourOfWeek at, std::uint32_t stories) {
  const double mean = std::max(usual(at), kSmallest);
  double n = stories;
  if (const auto most = bound(at))
    n = std::min<double>(n, *most);  // what is out of the ordinary does not become the ordinary
  static const double kKeep = std::exp(-1 / kMemoryHours);
  const double before = level();
  if (exposure_ > 0) {
    const double off = (n - mean) * (n - mean) / std::max(mean, 0.5);
    spread_ = spread_ * kKeep + off;
    spread_n_ = spread_n_ * kKeep + 1;
  }
  count_ = count_ * kKeep + n;
  exposure_ = exposure_ * kKeep + 1;
  const double expected = exposure_ > 24 ? before : level();
  const auto take = [&](auto& counts, auto& expecteds, unsigned index, double others) {
    for (float& value : counts) value *= static_cast<float>(kKeep);
    for (float& value : expecteds) value *= static_cast<float>(kKeep);
    counts.at(index) += static_cast<float>(n);
    expecteds.at(index) += static_cast<float>(expected * others);
  };
  const double hour = by_hour(at.hour), day = by_day(at.weekday);
  take(hour_count_, hour_expected_, at.hour, day);
  take(day_count_, day_expected_, at.weekday, hour);
}

// Numbers in their shortest decimal form, after a version.
std::string Baseline::encode() const {
  std::string out = "1";
  const auto put = [&](double value) {
    char text[32];
    const auto [end, error] = std::to_chars(std::begin(text), std::end(text), static_cast<float>(value));
    out.append(" ").append(text, error == std::errc{} ? end : text);
  };
  for (const double value : {count_, exposure_, spread_, spread_n_}) put(value);
  for (const auto* values : {&hour_count_, &hour_expected_})
    for (const float value : *values) put(value);
  for (const auto* values : {&day_count_, &day_expected_})
    for (const float value : *values) put(value);
  return out;
}

std::optional<Baseline> Baseline::decode(std::string_view bytes) {
  std::vector<float> numbers;
  for (const char *at = bytes.data(), *end = at + bytes.size(); at < end;) {
    if (*at == ' ') {
      ++at;
      continue;
    }
    float value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc{} || !std::isfinite(value) || value < 0 || numbers.size() > 100) return std::nullopt;
    numbers.push_back(value);
    at = next;
  }
  Baseline out;
  if (numbers.size() != 1 + 4 + 2 * 24 + 2 * 7 || numbers.front() != 1) return std::nullopt;
  auto from = numbers.begin() + 1;
  for (double* value : {&out.count_, &out.exposure_, &out.spread_, &out.spread_n_}) *value = *from++;
  for (auto* values : {&out.hour_count_, &out.hour_expected_})
    for (float& value : *values) value = *from++;
  for (auto* values : {&out.day_count_, &out.day_expected_})
    for (float& value : *values) value = *from++;
  return out;
}

}  // namespace earshot::spike
