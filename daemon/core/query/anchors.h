// Chooses, for every topic, the keys that lead to it (compiled.h says what anchors are).
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/query/compiled.h"

namespace earshot::query {

enum class KeyKind : std::uint8_t { word, literal, value };

// A key that a document must show, and roughly how often documents do (parts in a million words).
struct Key {
  KeyKind kind = KeyKind::word;
  std::string text;
  double weight = 0;
};

// The best single key of a pattern (fold_term's result), or nothing when it has no letters. `decides` is set when the
// key's presence already is the pattern's.
std::optional<Key> pattern_key(const Folded& pattern, bool& decides);
// Keys of a regular expression, one of which every match shows; empty: none can be told.
std::vector<Key> regex_keys(const std::string& pattern, bool ignore_case);
std::optional<Key> value_key_of(ValueField field, std::string_view folded);

// Collects keys of all topics, then picks: of the parts of an AND the rarest, counting how many topics share a key.
class AnchorChooser {
 public:
  // Interns; the same key gives the same id.
  std::uint32_t intern(const Key& key);
  const std::vector<Key>& keys() const { return keys_; }
  // Counts one more topic that could use the key.
  void use(std::uint32_t id) { ++uses_[id]; }
  double cost(std::uint32_t id) const { return keys_[id].weight * uses_[id]; }

 private:
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::vector<Key> keys_;
  std::vector<std::uint32_t> uses_;
};

}  // namespace earshot::query
