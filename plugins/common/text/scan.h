// Where the first of a few bytes stands. Most time of reading text goes into such searches, and std::string_view's
// find_first_of calls a function for every byte; this looks at sixteen bytes a step where there is SSE2 (every x86-64).
#pragma once

#include <cstddef>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace earshot::text {

// The index of the first byte of `s` at or after `from` that is one of `wanted`; s.size() when there is none.
template <char... wanted>
std::size_t find_any(std::string_view s, std::size_t from = 0) noexcept {
  static_assert(sizeof...(wanted) > 0);
  std::size_t i = from;
#if defined(__SSE2__)
  for (; i + 16 <= s.size(); i += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.data() + i));
    __m128i hit = _mm_setzero_si128();
    ((hit = _mm_or_si128(hit, _mm_cmpeq_epi8(x, _mm_set1_epi8(wanted)))), ...);
    if (const int mask = _mm_movemask_epi8(hit))
      return i + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
  }
#endif
  while (i < s.size() && ((s[i] != wanted) && ...)) ++i;
  return i < s.size() ? i : s.size();
}

// The index of the first control character (U+0000–001F but tab and line feed, U+007F) at or after `from`; s.size()
// when there is none.
inline std::size_t find_control(std::string_view s, std::size_t from = 0) noexcept {
  std::size_t i = from;
#if defined(__SSE2__)
  for (; i + 16 <= s.size(); i += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.data() + i));
    const auto is = [&](char c) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(c)); };
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1F)), x);
    const __m128i hit = _mm_or_si128(_mm_andnot_si128(_mm_or_si128(is('\t'), is('\n')), low), is(0x7F));
    if (const int mask = _mm_movemask_epi8(hit))
      return i + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
  }
#endif
  for (; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F) return i;
  }
  return s.size();
}

}  // namespace earshot::text
