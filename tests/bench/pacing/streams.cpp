#include "bench/pacing/streams.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <random>

namespace earshot::bench {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::weeks;

using Random = std::mt19937_64;

const Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};  // a Monday
constexpr int kHistoryWeeks = 4;
constexpr std::size_t kDocument = 20;  // items that a feed's document holds

double uniform(Random& random) { return std::uniform_real_distribution<>(0, 1)(random); }

// The times before kStart that the document would hold, and those after it.
Stream cut(std::vector<Time> times, int run_weeks) {
  std::ranges::sort(times);
  Stream stream{.history = {}, .items = {}, .start = kStart, .end = kStart + weeks{run_weeks}, .true_rate = {}};
  for (const Time t : times) (t < kStart ? stream.history : stream.items).push_back(t);
  if (stream.history.size() > kDocument) stream.history.erase(stream.history.begin(), stream.history.end() - kDocument);
  return stream;
}

// Thinning (P. Lewis, G. Shedler, 1979): candidates at the highest rate, kept in proportion to the rate.
std::vector<Time> thinned(const std::function<double(Time)>& rate, double highest, int run_weeks, Random& random) {
  std::vector<Time> times;
  const Time end = kStart + weeks{run_weeks};
  std::exponential_distribution<> gap(highest);
  for (Time t = kStart - weeks{kHistoryWeeks}; t < end;) {
    t += Duration{static_cast<std::int64_t>(1000 * gap(random)) + 1};
    if (t < end && uniform(random) * highest < rate(t)) times.push_back(t);
  }
  return times;
}

Stream poisson(double rate, int run_weeks, Random& random) {
  const auto constant = [rate](Time) { return rate; };
  Stream stream = cut(thinned(constant, rate, run_weeks, random), run_weeks);
  stream.true_rate = constant;
  return stream;
}

// An office's hours: 9 to 18 on working days in a time zone of its own, a tenth of it in the evening and on Saturday,
// hardly anything at night.
Stream office(double mean_rate, int run_weeks, Random& random) {
  const auto shift = hours{static_cast<int>(random() % 24)};
  const auto activity = [shift](Time t) {
    const Time local = t + shift;
    const auto day = std::chrono::floor<days>(local);
    const auto hour = std::chrono::floor<hours>(local - day).count();
    const auto weekday = std::chrono::weekday{day}.c_encoding();
    if (weekday == 0 || hour < 7 || hour >= 22) return 0.01;
    return weekday == 6 || hour < 9 || hour >= 18 ? 0.1 : 1.0;
  };
  double mean = 0;
  for (int h = 0; h < 168; ++h) mean += activity(kStart + hours{h}) / 168;
  const double highest = mean_rate / mean;
  const auto rate = [activity, highest](Time t) { return highest * activity(t); };
  Stream stream = cut(thinned(rate, highest, run_weeks, random), run_weeks);
  stream.true_rate = rate;
  return stream;
}

// Single items that bring two more on average, within an hour or so, each.
Stream bursty(double mean_rate, int run_weeks, Random& random) {
  std::vector<Time> times;
  std::exponential_distribution<> gap(mean_rate / 3), after(1.0 / 2400);
  std::poisson_distribution<int> more(2);
  const Time end = kStart + weeks{run_weeks};
  for (Time t = kStart - weeks{kHistoryWeeks}; t < end;) {
    t += Duration{static_cast<std::int64_t>(1000 * gap(random))};
    times.push_back(t);
    for (int n = more(random); n > 0; --n)
      times.push_back(t + Duration{static_cast<std::int64_t>(1000 * after(random))});
  }
  std::erase_if(times, [&](Time t) { return t >= end; });
  return cut(std::move(times), run_weeks);
}

// Up to three hours of a day, on all days, working days or one day; each item up to 20 minutes late.
Stream timetable(double mean_rate, int run_weeks, Random& random) {
  std::vector<Time> times;
  const double per_week = mean_rate * 604'800;
  const unsigned day_mask = per_week >= 7 ? 0x7f : per_week >= 5 ? 0x3e : 1u << random() % 7;
  const int a_day = std::clamp(static_cast<int>(per_week / 7 + 0.5), 1, 24);
  std::vector<int> at_minutes;
  for (int i = 0; i < a_day; ++i) at_minutes.push_back(static_cast<int>(random() % 96) * 15);
  const double keep = std::min(1.0, per_week);
  for (Time day = kStart - weeks{kHistoryWeeks}; day < kStart + weeks{run_weeks}; day += days{1})
    if (day_mask >> std::chrono::weekday{std::chrono::floor<days>(day)}.c_encoding() & 1)
      for (const int minute : at_minutes)
        if (uniform(random) < keep) times.push_back(day + minutes{minute} + seconds{random() % 1200});
  std::erase_if(times, [&](Time t) { return t >= kStart + weeks{run_weeks}; });
  return cut(std::move(times), run_weeks);
}

double drawn_rate(Random& random) {
  const double a_day = std::exp(std::normal_distribution<>(0, 1.8)(random));
  return std::clamp(a_day, 1.0 / 60, 100.0) / 86'400;
}

}  // namespace

Result<std::vector<Stream>> read_streams(const std::string& path) {
  std::ifstream file(path);
  if (!file) return fail("cannot read " + path);
  std::vector<Stream> streams;
  for (std::string line; std::getline(file, line);) {
    boost::system::error_code error;
    const auto value = boost::json::parse(line, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* list = object && object->contains("times") ? object->at("times").if_array() : nullptr;
    if (!list) return fail(path + ": each line is to be {\"times\": [seconds, …]}");
    std::vector<Time> times;
    for (const auto& entry : *list) times.push_back(from_ms(entry.to_number<std::int64_t>() * 1000));
    std::ranges::sort(times);
    if (times.size() < 8 || times.back() - times.front() < days{7}) continue;
    for (int again = 0; again < 8; ++again) {
      Stream stream;
      stream.end = times.back() + Duration{1};
      stream.start = std::max<Time>(times[times.size() * 2 / 5] + Duration{1}, stream.end - weeks{26});
      stream.start += minutes{17} * again;
      for (const Time t : times) (t < stream.start ? stream.history : stream.items).push_back(t);
      streams.push_back(std::move(stream));
    }
  }
  return streams;
}

std::vector<Stream> generate_streams(std::size_t count, int run_weeks, std::uint64_t seed) {
  Random random(seed);
  std::vector<Stream> streams;
  for (std::size_t i = 0; i < count; ++i) {
    constexpr std::array kinds{poisson, office, bursty, timetable};
    streams.push_back(kinds[i % kinds.size()](drawn_rate(random), run_weeks, random));
  }
  return streams;
}

namespace {

std::vector<Stream> generate(Stream (*kind)(double, int, Random&), std::size_t count, int run_weeks,
                             std::uint64_t seed) {
  Random random(seed);
  std::vector<Stream> streams;
  for (std::size_t i = 0; i < count; ++i) streams.push_back(kind(drawn_rate(random), run_weeks, random));
  return streams;
}

}  // namespace

std::vector<Stream> generate_poisson(std::size_t count, int run_weeks, std::uint64_t seed) {
  return generate(poisson, count, run_weeks, seed);
}

std::vector<Stream> generate_office(std::size_t count, int run_weeks, std::uint64_t seed) {
  return generate(office, count, run_weeks, seed);
}

}  // namespace earshot::bench
