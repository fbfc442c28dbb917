// A silence: what a query finds is heard and kept, but nobody is told, until a time; with who wanted it and why.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace earshot::route {

struct Silence {
  std::string id;  // "s-" and 8 hexadecimal digits
  std::string query;
  std::string by, why;
  Time from{};
  Time until{};  // the first instant at which it is over

  bool holds(Time now) const { return from <= now && now < until; }
};

// What a silence that is over stays listed for, so that people can see why an alert never came.
inline constexpr Duration kSilenceKept = std::chrono::days{30};

// What a silence is stored under: this and its id.
inline constexpr std::string_view kSilencePrefix = "route/silence/";

std::string encode(const Silence& silence);
// Nothing: these bytes are no silence.
std::optional<Silence> decode_silence(std::string_view bytes);

}  // namespace earshot::route
