#include "cli/local_time.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace earshot::cli {

std::string local_time(Time t) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &parts)};
}

std::string relative_time(Time t, Time now) {
  const bool past = t <= now;
  const auto s = std::chrono::duration_cast<std::chrono::seconds>(past ? now - t : t - now).count();
  if (s < 5) return "just now";
  const std::string size = s < 120      ? fmt::format("{}s", s)
                           : s < 7200   ? fmt::format("{}m", s / 60)
                           : s < 172800 ? fmt::format("{}h", s / 3600)
                                        : fmt::format("{}d", s / 86400);
  return past ? size + " ago" : "in " + size;
}

}  // namespace earshot::cli
