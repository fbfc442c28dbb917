// What a fetch brought in, as one act: kept whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/mention/mention.h"
#include "store/source.h"

namespace earshot::store {

// An item as the question "do we know it?" needs it. `version` is any hash of what a reader would call its content
// (title and text); 0: edits are not watched.
struct ItemRef {
  std::string_view id;
  std::uint32_t version = 0;
};

struct Known {
  bool known = false;    // this source has brought this id before
  bool matched = false;  // and a topic wanted it
  bool changed = false;  // known, but with another version: hand it to commit again so that the edit is counted
  bool refresh = false;  // known, and its fingerprint wants to hear that the source still lists it: Fetch::still_listed
};

// A small document of another room (a digest that is filling, a silence, a claim) that changes in the same instant.
// Keys are the room's name, a slash and what it likes: "route/group/care". No value: forget it.
struct Note {
  std::string key;
  std::optional<std::string> value;
};

// What a mention said until its source changed it.
struct Revision {
  Time at{};  // when the change was heard
  std::string title, text;
  std::optional<Time> published;
  std::uint64_t wording = 0;  // a hash of title and text, by which the same words are known again
};

// So many are kept of a mention: what it said at first, and its latest.
inline constexpr std::size_t kRevisions = 20;

// An item that matched (or did not: then mention.matches is empty and it is kept so that a new topic has a past), with
// the alerts owed if it turns out to be new. `mention.id`, `.source`, `.item.id` and `.seen` must be filled.
struct Candidate {
  // By what its story is found; the room that makes texts comparable says what this means.
  struct Likeness {
    std::vector<std::uint64_t> bands;  // at most 64; empty: it is in no story
    // How like the other mention it is, 0 … 1; 0: it tells something else. Pure; called inside the commit.
    std::function<double(const Mention& other)> to;
    Duration window{0};  // how far apart two mentions of a story may be seen
  };
  Mention mention;
  std::uint32_t version = 0;
  std::vector<Alert> alerts;  // of their mentions all is kept but the bodies: item.summary, .content and their texts
  std::vector<Note> notes;    // alerts that wait for their time, in the words of the room that lets them wait
  Likeness likeness;
  // Of a mention that is stored already and says something else now: what it said. If the outcome is `changed`, the
  // mention is replaced (its `seen` must be the same, its topics all those it had and perhaps more), this is kept, and
  // alerts and notes are owed: those of the edit.
  std::optional<Revision> revision;
  std::string account;  // what routing made of it, in that room's words: kept in the mention's trail
};

struct StillListed {
  std::string item_id, canonical_url;
  std::uint32_t version = 0;
};

// Adds to a counter of the day: {"matched/brand", 1}.
struct Count {
  std::string name;
  std::uint64_t value = 1;
};

struct Fetch {
  SourceState source;  // as it is to be from now on
  Time at{};           // when the answer was there
  std::vector<Candidate> found;
  std::vector<StillListed> still_listed;
  std::vector<Alert> alerts;  // that stand for no mention: of the source's health
  std::vector<Note> notes;
  std::vector<Count> counts;  // beside those the store keeps itself: see look_back.h
};

enum class Outcome : std::uint8_t {
  stored,   // new: the mention is kept, its alerts are owed
  known,    // this source brought this id before: nothing was written
  changed,  // the same, with another version: counted as an edit, no alert but those of a revision
  merged,   // another source was first with this canonical URL: noted as a sighting of that mention, no alert
  renamed   // the same source brought the same title and text at the same canonical URL under another id: a feed that
            // renumbers. Known from now on by the new id too; no alert
};

struct Fate {
  Outcome outcome = Outcome::stored;
  std::string mention_id;  // of the mention that stands for it: for `merged` and `renamed` the first one's
};

struct Committed {
  std::vector<Fate> fates;   // one for each of Fetch::found, in order
  std::size_t enqueued = 0;  // alerts now owed because of it: deliveries, and candidates' notes
};

}  // namespace earshot::store
