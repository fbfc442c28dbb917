// The lookup structures of a Set: the hash table of whole words, and the vectorscan database of pieces.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/query/compiled.h"

namespace earshot::query {

struct TableKey {
  Slice text;  // into the pool
  std::uint32_t anchor;
};

// `pool` must have 16 readable bytes after every key.
WordTable make_table(std::span<const TableKey> keys, std::string& pool);

// The anchor of the word that `text`, a folded text from there to its edge, begins with; or -1.
std::int64_t find_word(const WordTable& table, const std::string& pool, std::string_view text, std::uint32_t hash);
// The anchor of a value's key, or -1.
std::int64_t find_value(const WordTable& table, const std::string& pool, std::string_view value, std::uint32_t hash);

inline bool may_hold(const WordTable& table, std::uint32_t hash) {
  const std::uint32_t bit = hash >> table.shift;
  return (table.bitmap[bit >> 6] >> (bit & 63)) & 1;
}

// Compiles the literals, or takes them from `cache` when that was made of the same ones on such a machine.
void make_database(std::span<const std::string_view> literals, std::string_view cache, Compiled& set);

}  // namespace earshot::query
