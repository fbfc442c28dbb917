// What gathers for a later alert: a group of mentions, a digest, an alert that waits for the end of the quiet, what a
// limit rolls up, what others are told of if nobody takes it. Each is one small document, so that it can be stored with
// what changed it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mention/mention.h"
#include "core/route/group.h"
#include "core/route/limit.h"
#include "core/time.h"

namespace earshot::route {

// An alert lists so many mentions; more are counted and found in the archive. Chat services show fewer.
inline constexpr std::size_t kListed = 50;

// The mentions that an alert is about.
struct Gathered {
  struct One {
    std::string id;
    Severity severity = Severity::normal;
  };
  std::vector<One> listed;  // in the order they came; at most kListed
  std::uint64_t total = 0;
  Severity severity = Severity::low;  // the greatest
  bool claimed = false;               // somebody took one of them, or their story

  // A mention that is listed already changes nothing. Of more than kListed the most severe are listed.
  void add(const One& one);
  void add(const Gathered& other);
};

struct Bundle {
  enum class Kind : char {
    group = 'g',
    digest = 'd',
    held = 'h',        // one alert until the quiet ends
    rollup = 'r',      // what a limit holds back, and the limit's own state
    escalation = 'e',  // alerts that went out, until somebody takes what they tell or others are told
  };
  Kind kind = Kind::digest;
  std::string route, channel;            // the route's key(), the channel's name (none for an escalation)
  Time due{};                            // of its alert; the epoch: none is due
  Time touched{};                        // when something last joined
  Gathered gathered;                     // what no alert told of
  GroupState group;                      // group
  LimitState limit;                      // rollup
  AlertKind alert = AlertKind::mention;  // held: what it is
  std::string delivery_id;               // held: of its alert
};

std::string encode(const Bundle& bundle);
// Nothing: these bytes are no bundle.
std::optional<Bundle> decode_bundle(std::string_view bytes);

}  // namespace earshot::route
