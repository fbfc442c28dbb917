// A mention that a route decided to give to a channel, on its way to the desk. It is stored with the mention, so that
// the alert is owed from the instant the mention exists.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace earshot::route {

struct Arrival {
  std::string route;  // its key
  std::string channel;
  std::string mention;      // its id
  std::string delivery_id;  // of the alert if it goes out by itself
  Time at{};                // when it was decided; not before 1970
  bool edit = false;        // it was heard before and says something else now: that joins no group
};

inline constexpr std::string_view kArrivalPrefix = "route/in/";

// What it is stored under: those that came earlier come first.
std::string arrival_key(const Arrival& arrival);
std::string encode(const Arrival& arrival);
// Nothing: these bytes are no arrival.
std::optional<Arrival> decode_arrival(std::string_view bytes);

}  // namespace earshot::route
