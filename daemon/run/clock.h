// Where time and randomness come into the daemon: everything below is handed them as arguments.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace earshot::run {

Time wall_clock();
// 64 bits from a generator of the calling thread that was seeded by the system.
std::uint64_t random_bits();

}  // namespace earshot::run
