// The hash by which whole words are looked up: sixteen bytes at a step, inlined where texts are folded.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace earshot::query {

namespace word_hash {

constexpr std::uint64_t kOdd1 = 0x9E3779B97F4A7C15ull, kOdd2 = 0xD6E8FEB86659FD93ull;

// Sixteen bytes more of a word, zeroes after its end.
constexpr std::uint64_t mix(std::uint64_t h, std::uint64_t low, std::uint64_t high) {
  h = (h ^ low) * kOdd2;
  h ^= h >> 32;
  h = (h ^ high) * kOdd2;
  return h ^ (h >> 32);
}
constexpr std::uint64_t begin_hash(std::size_t length) { return length * kOdd1; }
constexpr std::uint32_t end_hash(std::uint64_t h) { return static_cast<std::uint32_t>((h * kOdd1) >> 32); }

// Of sixteen bytes the first n, as masks of the two numbers they are in memory.
constexpr std::array<std::uint64_t, 17> first_bytes(std::size_t before) {
  static_assert(std::endian::native == std::endian::little);
  std::array<std::uint64_t, 17> out{};
  for (std::size_t n = before + 1; n < out.size(); ++n)
    out[n] = n - before >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * (n - before))) - 1;
  return out;
}
constexpr auto kLow = first_bytes(0), kHigh = first_bytes(8);

}  // namespace word_hash

// May read up to 16 bytes past the end.
inline std::uint32_t hash_word(const char* word, std::size_t length) {
  using namespace word_hash;
  std::uint64_t h = begin_hash(length), low = 0, high = 0;
  for (;; word += 16, length -= 16) {
    std::memcpy(&low, word, 8);
    std::memcpy(&high, word + 8, 8);
    if (length <= 16) return end_hash(mix(h, low & kLow[length], high & kHigh[length]));
    h = mix(h, low, high);
  }
}

}  // namespace earshot::query
