// Sixteen bytes at a time: which are ASCII letters and digits, and what they fold to.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace earshot::query {

// ASCII letters, digits and _ → what they fold to; all else 0.
constexpr std::array<char, 256> make_ascii_words() {
  std::array<char, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c);
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c);
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c + 32);
  table['_'] = '_';
  return table;
}
constexpr auto kAsciiWords = make_ascii_words();

struct Ascii16 {
  std::uint64_t low, high;         // the bytes as they are in memory, letters in lower case
  std::uint32_t word, beyond;      // bit i: byte i is a letter, a digit or _; is no ASCII
};

// What the intrinsics below do, for processors without them (and for the test that compares the two).
inline Ascii16 look16_plainly(const char* bytes) {
  Ascii16 out{};
  char folded[16];
  for (std::uint32_t i = 0; i < 16; ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    const char to = kAsciiWords[c];
    folded[i] = to != 0 ? to : bytes[i];
    out.word |= (to != 0 ? 1u : 0u) << i;
    out.beyond |= (c >= 0x80 ? 1u : 0u) << i;
  }
  std::memcpy(&out.low, folded, 8);
  std::memcpy(&out.high, folded + 8, 8);
  return out;
}

#if defined(__x86_64__)
inline Ascii16 look16(const char* bytes) {
  const __m128i raw = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  // Comparisons are of signed bytes: what is no ASCII is negative and in no range.
  const auto within = [](__m128i c, char first, char last) {
    return _mm_and_si128(_mm_cmpgt_epi8(c, _mm_set1_epi8(static_cast<char>(first - 1))),
                         _mm_cmplt_epi8(c, _mm_set1_epi8(static_cast<char>(last + 1))));
  };
  const __m128i upper = within(raw, 'A', 'Z');
  const __m128i folded = _mm_or_si128(raw, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
  const __m128i word = _mm_or_si128(_mm_or_si128(within(folded, 'a', 'z'), within(raw, '0', '9')),
                                    _mm_cmpeq_epi8(raw, _mm_set1_epi8('_')));
  Ascii16 out;
  out.low = static_cast<std::uint64_t>(_mm_cvtsi128_si64(folded));
  out.high = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(folded, folded)));
  out.word = static_cast<std::uint32_t>(_mm_movemask_epi8(word));
  out.beyond = static_cast<std::uint32_t>(_mm_movemask_epi8(raw));
  return out;
}
#else
inline Ascii16 look16(const char* bytes) { return look16_plainly(bytes); }
#endif

}  // namespace earshot::query
