#include "run/clock.h"

#include <chrono>
#include <random>

namespace earshot::run {

Time wall_clock() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

std::uint64_t random_bits() {
  thread_local std::mt19937_64 generator{(std::uint64_t{std::random_device{}()} << 32) | std::random_device{}()};
  return generator();
}

}  // namespace earshot::run
