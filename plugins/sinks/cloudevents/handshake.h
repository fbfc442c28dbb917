// The validation handshake of "HTTP 1.1 Web Hooks for Event Delivery" 1.0.2, section 4 (cloudevents.io): before it
// posts, a sender asks the receiver with OPTIONS whether it may, so that nobody is flooded who does not expect it.
//
// WebHook-Request-Callback (4.1.3), by which a receiver permits later and from elsewhere, is not offered: it needs an
// address of ours that everybody reaches, and a plugin hears nothing but the answers to its own requests.
#pragma once

#include <cstdint>
#include <earshot/plugin.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "common/sink/answer.h"

namespace earshot {

// What the earlier tries at one alert were, kept in Outcome::state: asking confirms nothing of what is said to a
// delivery, and the other way round.
struct Tries {
  std::uint32_t asked = 0;    // those that asked for permission
  std::uint32_t refused = 0;  // how many of them were refused since the last that was permitted or delivered

  static Tries read(std::string_view state, std::uint32_t attempt);  // no state, or nonsense: none
  std::string written() const;
};

class Handshake {
 public:
  // How long a permission is believed. The specification sets no time: it allows asking once for all at registration,
  // and before every delivery. A day is our choice between the two: an alert seldom waits for it, and a receiver that
  // changed its mind is heard the day after.
  static constexpr std::int64_t kValid = 86'400'000;  // ms
  // Request::tag of a validation request; a delivery has 0.
  static constexpr std::uint64_t kTag = 1;

  // `origin` is a DNS name that stands for the sending system, `rate` the requests a minute to ask for (0: none is
  // named) and at most to send.
  Handshake(std::string origin, std::int64_t rate) : origin_(std::move(origin)), rate_(rate) {}

  // Permission lives in this instance alone: after a restart, or with changed settings, it is asked for again.
  bool permitted(std::int64_t now) const { return granted_ && *granted_ <= now && now - *granted_ < kValid; }

  // Adds to a delivery what the receiver may want to see (2.1), or makes a validation request of it when there is no
  // permission now.
  void prepare(std::int64_t now, plugin::Request& request) const;

  // What the answer to a validation request means. Permission: try again at once. Refused twice in a row: the channel
  // is gone. `tries` are those before, and then hold this one too.
  plugin::Outcome judge(const sink::Answer& answer, Tries& tries);

  std::int64_t pace_ms() const { return pace_ms_; }  // least time between two deliveries

 private:
  std::string origin_;
  std::int64_t rate_;
  std::optional<std::int64_t> granted_;  // when
  std::int64_t pace_ms_ = 0;
};

// WebHook-Allowed-Rate (4.2.2): "*" or a positive number of requests a minute → ms between two, from 0 to a minute;
// nothing when it is neither.
std::optional<std::int64_t> pace_of(std::string_view rate);

}  // namespace earshot
