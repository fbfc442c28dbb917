// What is remembered of a source between two polls. Keyed by the name the user gave it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace earshot::store {

// The cache validators a URL gave, byte for byte (RFC 9110 §8.8); empty is absent.
struct Validator {
  std::string url, etag, last_modified;
};

// Where a chain of permanent redirects (RFC 9110 §15.4.2, §15.4.9) led from a source's first URL, and how many polls in
// a row it did so. Empty: nowhere.
struct Move {
  std::string from, to;
  std::uint32_t seen = 0;
};

struct SourceState {
  std::string name;
  Time next_due{};                 // the epoch: at once
  std::optional<Time> first_poll;  // nothing: never polled with success, so its first items are a backfill
  std::optional<Time> last_attempt, last_success, last_new;  // last_new: when it last brought something new
  std::uint32_t failures = 0;                                // in a row
  std::string last_error;                                    // a sentence for people; empty: the last attempt went well
  std::string title;                                         // what the source calls itself
  std::string url;                                           // of the first request of the last poll
  Move moved;
  bool gone = false;                  // 410, or a plugin that was quarantined: polled no more until somebody says so
  std::vector<Validator> validators;  // at most max_validators; the store keeps the last ones
  std::string plugin_state;           // the plugin's own bytes, capped by the plugin room
  std::string pace;                   // the scheduler's own bytes: its statistics for the adaptive interval
  std::string health;                 // likewise: how the source is doing, since when and why
};

constexpr std::size_t max_validators = 32;

}  // namespace earshot::store
