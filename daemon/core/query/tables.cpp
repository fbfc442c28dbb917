#include "core/query/tables.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cstring>
#include <stdexcept>

#include "core/query/word_hash.h"

namespace earshot::query {
namespace {

// What serialize() writes in front: changes with the layout, vectorscan's version and the literals.
struct CacheHeader {
  char magic[8];
  std::uint64_t key[2];
  std::uint64_t check[2];  // of the bytes that follow
  std::uint64_t size;
};
constexpr char kMagic[9] = "EARSHOT1";

XXH128_hash_t hash_literals(std::span<const std::string_view> literals) {
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  XXH3_128bits_update(&state, hs_version(), std::strlen(hs_version()));
  for (const std::string_view literal : literals) {
    const std::uint64_t size = literal.size();
    XXH3_128bits_update(&state, &size, sizeof size);
    XXH3_128bits_update(&state, literal.data(), literal.size());
  }
  return XXH3_128bits_digest(&state);
}

bool take_from_cache(std::string_view cache, Compiled& set) {
  CacheHeader header;
  if (cache.size() < sizeof header) return false;
  std::memcpy(&header, cache.data(), sizeof header);
  const std::string_view bytes = cache.substr(sizeof header);
  if (std::memcmp(header.magic, kMagic, 8) != 0 || header.size != bytes.size()) return false;
  if (header.key[0] != set.literal_key[0] || header.key[1] != set.literal_key[1]) return false;
  const XXH128_hash_t check = XXH3_128bits(bytes.data(), bytes.size());
  if (check.low64 != header.check[0] || check.high64 != header.check[1]) return false;
  hs_database_t* db = nullptr;
  // Refuses by itself what another version or a better CPU has made.
  if (hs_deserialize_database(bytes.data(), bytes.size(), &db) != HS_SUCCESS) return false;
  set.database.reset(db);
  return true;
}

}  // namespace

WordTable make_table(std::span<const TableKey> keys, std::string& pool) {
  WordTable table;
  pool.reserve(pool.size() + 16);
  pool.append(16, '\0');
  const std::uint32_t slots = std::bit_ceil(static_cast<std::uint32_t>(keys.size() * 2 + 2));
  table.slots.resize(slots);
  table.mask = slots - 1;
  // 16 to 32 bits a key: about one strange word in twenty gets past, and 100,000 keys still fit a second-level cache.
  const std::uint32_t bits = std::bit_ceil(static_cast<std::uint32_t>(std::max<std::size_t>(keys.size() * 16, 64)));
  table.bitmap.resize(bits / 64);
  table.shift = static_cast<std::uint32_t>(32 - std::countr_zero(bits));
  for (const TableKey& key : keys) {
    const std::uint32_t hash = hash_word(pool.data() + key.text.at, key.text.size);
    std::uint32_t slot = hash & table.mask;
    while (table.slots[slot].word.size != 0) slot = (slot + 1) & table.mask;
    table.slots[slot] = {hash, key.anchor, key.text};
    const std::uint32_t bit = hash >> table.shift;
    table.bitmap[bit >> 6] |= std::uint64_t{1} << (bit & 63);
  }
  return table;
}

namespace {

template <class Same>
std::int64_t probe(const WordTable& table, std::uint32_t hash, Same same) {
  for (std::uint32_t slot = hash & table.mask; table.slots[slot].word.size != 0; slot = (slot + 1) & table.mask) {
    const WordTable::Entry& entry = table.slots[slot];
    if (entry.hash == hash && same(entry.word)) return entry.anchor;
  }
  return -1;
}

}  // namespace

std::int64_t find_word(const WordTable& table, const std::string& pool, std::string_view text, std::uint32_t hash) {
  return probe(table, hash, [&](Slice key) {
    return text.starts_with(std::string_view(pool).substr(key.at, key.size)) && is_separator(text[key.size]);
  });
}

std::int64_t find_value(const WordTable& table, const std::string& pool, std::string_view value, std::uint32_t hash) {
  return probe(table, hash, [&](Slice key) { return std::string_view(pool).substr(key.at, key.size) == value; });
}

void make_database(std::span<const std::string_view> literals, std::string_view cache, Compiled& set) {
  if (literals.empty()) return;
  if (hs_valid_platform() != HS_SUCCESS)
    throw std::runtime_error("vectorscan needs a CPU with SSSE3 (x86-64-v2) or NEON; this one has neither");
  const XXH128_hash_t key = hash_literals(literals);
  set.literal_key = {key.low64, key.high64};
  set.from_cache = take_from_cache(cache, set);
  if (set.from_cache) return;
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> flags(literals.size(), HS_FLAG_SINGLEMATCH), ids;
  for (const std::string_view literal : literals) {
    texts.push_back(literal.data());
    sizes.push_back(literal.size());
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  hs_database_t* db = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(texts.size()),
                           HS_MODE_BLOCK, nullptr, &db, &error) != HS_SUCCESS) {
    const std::string why = error != nullptr ? error->message : "out of memory";
    hs_free_compile_error(error);
    throw std::runtime_error("vectorscan could not compile the topics' terms: " + why);
  }
  set.database.reset(db);
}

std::string Set::serialize() const {
  if (!impl_->database) return {};
  char* bytes = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(impl_->database.get(), &bytes, &size) != HS_SUCCESS) return {};
  CacheHeader header{};
  std::memcpy(header.magic, kMagic, 8);
  header.key[0] = impl_->literal_key[0];
  header.key[1] = impl_->literal_key[1];
  const XXH128_hash_t check = XXH3_128bits(bytes, size);
  header.check[0] = check.low64;
  header.check[1] = check.high64;
  header.size = size;
  std::string out(sizeof header + size, '\0');
  std::memcpy(out.data(), &header, sizeof header);
  std::memcpy(out.data() + sizeof header, bytes, size);
  std::free(bytes);
  return out;
}

}  // namespace earshot::query
