// The archive: what was heard, found again by time, topic, source or id; and the figures of each day.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/mention/mention.h"
#include "store/commit.h"
#include "store/delivery.h"

namespace earshot::store {

// Names a half-open range of time [since, until) by Mention::seen. With topic and source both given, both must hold.
struct MentionQuery {
  std::optional<Time> since = {}, until = {};
  std::string topic = {}, source = {};  // empty: any
  bool unmatched = false;               // what no topic wanted, instead of what one did; never together with a topic
  bool oldest_first = false;
  std::size_t limit = 50;   // at most 10,000
  std::string cursor = {};  // Page::next of the page before; same query otherwise
};

struct Page {
  std::vector<Mention> mentions;
  std::string next;  // empty: there are no more
};

// Another source that brought the same thing.
struct Sighting {
  std::string source, item_id, url;
  Time at{};
};

// Why a mention belongs to a story.
struct Kin {
  std::string story;    // the mention it belongs under (see story.h); its own id: a person took it out of another
  std::string like;     // the mention it was recognised by
  double likeness = 0;  // 0 … 1, in the words of the room that compared them
  std::string by = {};  // the person who put it there; empty: it was recognised
  Time at = {};         // when that person did
};

// All that is stored of one mention.
struct Trail {
  Mention mention;
  std::vector<Sighting> sightings;  // at most 1,000
  std::vector<Arrived> deliveries;  // at most 1,000
  std::string account;              // Candidate::account
  std::vector<Revision> revisions;  // what it said before, oldest first; at most kRevisions
  std::optional<Kin> kin;           // nothing: the first of its story, or alone
};

using Day = std::chrono::sys_days;

// Counters the store keeps itself: "fetches", "items/new", "items/edited", "items/merged", "items/renamed",
// "matched/<topic>", "alerts/<channel>", "delivered/<channel>", "retried/<channel>", "dead/<channel>". Days are UTC.
struct DayCount {
  Day day;
  std::string name;
  std::uint64_t value = 0;
};

// Estimates where marked so: the engine knows them without counting.
struct Stats {
  std::uint64_t sources = 0;       // estimate
  std::uint64_t mentions = 0;      // estimate, unmatched ones included
  std::uint64_t fingerprints = 0;  // estimate
  std::uint64_t owed = 0, dead = 0;
  std::uint64_t disk_bytes = 0;    // files on disk, the log of the last writes not included
  std::uint64_t memory_bytes = 0;  // caches and write buffers
};

// How long things are kept. A fingerprint outlives its mention: it goes when its source has not listed the item for
// `fingerprints`, so a feed that carries an entry for years does not bring it as new every time its mention expires.
// At least 30 days (a feed may be away that long) and at least as long as what it stands for.
struct Retention {
  Duration mentions = std::chrono::days{400};
  Duration unmatched = std::chrono::days{30};
  Duration fingerprints = std::chrono::days{400};
  Duration bands = std::chrono::days{7};        // by which a story is found again
  Duration deliveries = std::chrono::days{90};  // delivered ones
  Duration dead_letters = std::chrono::days{90};
  Duration counters = std::chrono::days{1100};  // three years, to compare with
};

struct Swept {
  std::size_t mentions = 0, deliveries = 0, dead_letters = 0;
  bool more = false;  // the budget ran out: call again
};

}  // namespace earshot::store
