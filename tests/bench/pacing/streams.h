// Streams of publication times to poll: real ones from a file, and generated ones of known rate.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace earshot::bench {

struct Stream {
  std::vector<Time> history;              // what the document holds at the first poll, oldest first
  std::vector<Time> items;                // what is published from then on
  Time start, end;                        // the first poll; the end of the replay
  std::function<double(Time)> true_rate;  // items a second; empty for real streams
};

// One JSON object a line, {"times": [epoch seconds, oldest first]}. Streams of less than 8 items or 7 days are left
// out, for there is nothing to replay. The last 26 weeks at most are replayed, after the first 40 % of a stream's
// items.
Result<std::vector<Stream>> read_streams(const std::string& path);

// A fleet over `weeks`, its rates spread as those of feeds are: log-normal around an item a day, from one in two months
// to several an hour. Of each four, one is a plain Poisson stream, one follows day and week, one publishes in bursts,
// and one keeps a timetable: at fixed hours of fixed days, some minutes late.
std::vector<Stream> generate_streams(std::size_t count, int weeks, std::uint64_t seed);

// Plain Poisson streams only: where the square-root law is the optimum.
std::vector<Stream> generate_poisson(std::size_t count, int weeks, std::uint64_t seed);
// Office hours only: where the optimum follows the clock.
std::vector<Stream> generate_office(std::size_t count, int weeks, std::uint64_t seed);

}  // namespace earshot::bench
