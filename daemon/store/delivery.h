// The outbox: alerts owed to channels, worked off in order and at least once; and the letters nobody could deliver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/mention/mention.h"
#include "core/time.h"

namespace earshot::store {

// A try that failed.
struct Try {
  Time at{};
  std::string reason;
};

constexpr std::size_t max_tries_kept = 10;

struct Delivery {
  std::uint64_t number = 0;  // ascending in the order of commit over all channels, never used twice
  Alert alert;               // its mentions without bodies
  Time owed_since{};
  std::uint32_t attempts = 0;  // tries made so far
  Time not_before{};           // the epoch: at once
  std::vector<Try> tries;      // the last max_tries_kept
  std::string progress;        // the sink's own, from the last try
};

struct Delivered {
  std::string remote_id;  // the message's id over there, if one came back
  bool editable = false;  // and it can be replaced by it
};
struct RetryLater {
  Time not_before{};
  std::string reason;
  std::string progress{};  // to be given to the next try
};
struct Undeliverable {
  std::string reason;
};

// What became of one try. Settling a delivery that is no longer owed changes nothing, so an answer may be settled
// twice. One that only edits a message leaves nothing behind: it is done, or there was nothing to edit.
struct Settlement {
  std::string channel;
  std::uint64_t number = 0;
  Time at{};
  std::variant<Delivered, RetryLater, Undeliverable> result;
};

struct Owing {
  std::string channel;
  std::uint64_t count = 0;
  Time oldest{};  // owed_since of the first in line
};

struct DeadLetter {
  Delivery delivery;  // the channel is in its alert
  Time died{};
  std::string reason;
};

// A delivery that arrived, kept for `why` and the report.
struct Arrived {
  std::uint64_t number = 0;
  std::string channel, delivery_id, remote_id;
  AlertKind kind = AlertKind::mention;
  std::vector<std::string> mention_ids;  // the first 50
  std::uint64_t total = 0;               // mentions it stood for; 0: not remembered
  bool editable = false;                 // by its remote_id it can be replaced
  Time owed_since{}, at{};
  std::uint32_t attempts = 0;
  std::vector<Try> tries;
};

}  // namespace earshot::store
