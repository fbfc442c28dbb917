// Times for the person at the terminal.
#pragma once

#include <string>

#include "core/time.h"

namespace earshot::cli {

// In the terminal's own zone (TZ): "2026-11-23 21:10".
std::string local_time(Time t);
// How long ago, or how soon: "3m ago", "in 2h", "just now".
std::string relative_time(Time t, Time now);

}  // namespace earshot::cli
