// Sixty-four bytes at a time: which are ASCII letters and digits, and what they fold to.
#pragma once

#include <algorithm>
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

constexpr std::size_t kBlock = 64;

struct AsciiBlock {
  std::uint64_t word = 0, beyond = 0;    // bit i: byte i is a letter, a digit or _; is no ASCII
  std::array<char, kBlock + 16> folded;  // letters in lower case; sixteen bytes may be read from any place
};

// What the intrinsics below do, for processors without them (and for the test that compares the two).
inline void look_plainly(const char* bytes, AsciiBlock& out) {
  out.word = out.beyond = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    const char to = kAsciiWords[c];
    out.folded[i] = to != 0 ? to : bytes[i];
    out.word |= std::uint64_t{to != 0} << i;
    out.beyond |= std::uint64_t{c >= 0x80} << i;
  }
}

#if defined(__x86_64__)
inline void look(const char* bytes, AsciiBlock& out) {
  // Comparisons are of signed bytes: what is no ASCII is negative and in no range.
  const auto within = [](__m128i c, char first, char last) {
    return _mm_and_si128(_mm_cmpgt_epi8(c, _mm_set1_epi8(static_cast<char>(first - 1))),
                         _mm_cmplt_epi8(c, _mm_set1_epi8(static_cast<char>(last + 1))));
  };
  const auto bits = [](__m128i mask) { return static_cast<std::uint64_t>(_mm_movemask_epi8(mask)); };
  out.word = out.beyond = 0;
  for (std::size_t i = 0; i < kBlock; i += 16) {
    const __m128i raw = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
    const __m128i upper = within(raw, 'A', 'Z');
    const __m128i folded = _mm_or_si128(raw, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
    const __m128i word = _mm_or_si128(_mm_or_si128(within(folded, 'a', 'z'), within(raw, '0', '9')),
                                      _mm_cmpeq_epi8(raw, _mm_set1_epi8('_')));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out.folded.data() + i), folded);
    out.word |= bits(word) << i;
    out.beyond |= bits(raw) << i;
  }
}
#else
inline void look(const char* bytes, AsciiBlock& out) { look_plainly(bytes, out); }
#endif

// Up to a block's bytes, as if zeroes followed.
inline void look(const char* bytes, std::size_t n, AsciiBlock& out) {
  if (n >= kBlock) return look(bytes, out);
  char padded[kBlock] = {};
  std::memcpy(padded, bytes, n);
  look(padded, out);
}

}  // namespace earshot::query
