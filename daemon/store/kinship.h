// Which story a new mention belongs to, decided inside a commit against what is stored and what the same group stores.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/result.h"
#include "store/commit.h"
#include "store/keys.h"
#include "store/look_back.h"

namespace earshot::store {

struct Engine;

// To be used by the one writer, for one group of fetches.
class Kinship {
 public:
  explicit Kinship(const Engine& engine) : engine_(engine) {}

  struct Found {
    std::optional<Kin> kin;                                  // nothing: it begins a story of its own
    std::vector<std::pair<std::string, std::string>> bands;  // rows of `links` by which it is found from now on
  };
  // The candidate is to be stored. It must live until the group is written. What it is like must come from another
  // source and be younger than Candidate::Likeness::window. Reads as many rows as it has bands and at most
  // max_compared mentions, however large the archive.
  Result<Found> find(const Candidate& candidate, std::uint64_t source, Time at);

  // One of this group's candidates; nullptr: it is none.
  const Mention* here(const std::string& id) const {
    const auto at = mentions_.find(id);
    return at == mentions_.end() ? nullptr : at->second;
  }

 private:
  // The mentions to compare with, those that share most bands first.
  Result<std::vector<std::string>> near(const std::vector<std::string>& keys, std::uint64_t source, Time at,
                                        Duration window) const;
  Result<std::optional<double>> compare(const Candidate& candidate, const std::string& id, Time at) const;
  Result<std::string> story_of(const std::string& id) const;

  const Engine& engine_;
  // Of this group.
  std::unordered_map<std::string, keys::Link> bands_;
  std::unordered_map<std::string, const Mention*> mentions_;
  std::unordered_map<std::string, std::string> stories_;
};

}  // namespace earshot::store
