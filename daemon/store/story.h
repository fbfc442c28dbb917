// Stories: mentions that tell the same news. A mention joins one inside the commit that stores it (kinship.h); people
// may split and merge them afterwards, and what comes later follows.
//
// A story is a tree: every mention but its first names, in its Kin, the mention it belongs under, and the root's id is
// the story's. A merge hangs one root under another and a split takes a mention, with what hangs under it, off; so
// neither rewrites what others joined, however many they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/mention/mention.h"
#include "core/result.h"

namespace earshot::store {

// So many outlets and languages are told apart; more are not counted.
inline constexpr std::size_t kOutlets = 500, kLanguages = 20;
// So many mentions a person's split or merge may concern.
inline constexpr std::size_t kStoryMentions = 10'000;

struct Story {
  std::string id;  // of its first mention
  std::uint64_t mentions = 0;
  std::vector<std::string> outlets;    // sites, or sources where there is no site; as they joined
  std::vector<std::string> languages;  // as they joined; "und" left out
  std::string first_outlet;            // who published first, by its own word (else by when it was heard)
  Time first_at{};
  Time last{};  // when the latest was heard

  void add(const Mention& mention);
};

struct Engine;

// Where the story of this mention ends: follows its Kin. The id itself when it is in none.
Result<std::string> root_of(const Engine& engine, std::string_view id);
// All that hangs under it, without itself, in the order they were seen within each branch; at most `limit`.
Result<std::vector<std::string>> under(const Engine& engine, std::string_view root, std::size_t limit);
// As it is written down; nothing: nobody has joined it.
Result<std::optional<Story>> read_story(const Engine& engine, std::string_view root);

}  // namespace earshot::store
