// Who was first: the decisions of a commit, made against what is stored and what the same group has claimed already.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "store/commit.h"
#include "store/keys.h"

namespace earshot::store {

struct Engine;

// What is to be written for one candidate.
struct Claim {
  Outcome outcome = Outcome::stored;
  std::string mention_id;
  std::string seen_key;
  std::optional<keys::Seen> seen;  // to write; nothing: as it is
  std::string link_key;            // empty: no canonical URL
  std::optional<keys::Link> link;  // to write
  bool anew = false;               // stored before as unmatched, under the same id: that row goes
};

class Claims {
 public:
  // Reads at once all that is known about these fetches' candidates. To be called by the one writer.
  static Result<Claims> load(const Engine& engine, std::span<const Fetch> fetches);
  // In the order of loading: each candidate once.
  Claim decide(const Candidate& candidate, std::uint64_t source, Time at);

 private:
  struct Entry {
    std::string seen_key, link_key;
    std::optional<keys::Seen> seen;
    std::optional<keys::Link> link;
    bool renamed = false;  // the mention of `link` is the same source's and says the same
  };
  static Status compare(const Engine& engine, const Candidate& candidate, std::uint64_t source, Entry& entry);

  std::vector<Entry> entries_;
  std::size_t next_ = 0;
  // Claimed by this group.
  std::unordered_map<std::string, keys::Seen> seen_;
  std::unordered_map<std::string, keys::Link> links_;
};

}  // namespace earshot::store
