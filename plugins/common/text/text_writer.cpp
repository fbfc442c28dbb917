#include "common/text/text_writer.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <cstddef>

#include "common/text/nfc.h"
#include "common/text/space.h"

namespace earshot::text {
namespace {

// Characters that stand for themselves wherever they are: not markup, no control, no lead byte of a Unicode blank.
constexpr bool ordinary(unsigned char c) noexcept {
  return c > 0x20 && c != '<' && c != '&' && c != 0xC2 && c != 0xE1 && c != 0xE2 && c != 0xE3;
}

// How far the run of ordinary characters and single blanks between them goes from `i` on.
std::size_t run_end(std::string_view s, std::size_t i) noexcept {
  // A dash, quote or accent begins with the same byte as some blank; it is none.
  const auto passes = [&](std::size_t at) { return static_cast<unsigned char>(s[at]) >= 0x80 && space_at(s, at) == 0; };
#if defined(__SSE2__)
  const auto is = [](__m128i x, unsigned char c) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(static_cast<char>(c))); };
  for (; i + 18 <= s.size(); i += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.data() + i));
    const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.data() + i + 1));
    const __m128i third = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.data() + i + 2));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1F)), x);
    const __m128i next_blank = _mm_cmpeq_epi8(_mm_min_epu8(next, _mm_set1_epi8(0x20)), next);
    __m128i stop = _mm_or_si128(control, _mm_and_si128(is(x, ' '), next_blank));
    stop = _mm_or_si128(stop, _mm_or_si128(is(x, '<'), is(x, '&')));
    // U+200B to U+2027, the dashes, quotes and dots of every language, are no blanks: nothing to look at again.
    const __m128i offset = _mm_sub_epi8(third, _mm_set1_epi8(static_cast<char>(0x8B)));
    const __m128i sign =
        _mm_and_si128(is(next, 0x80), _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8(0x1C)), offset));
    stop = _mm_or_si128(stop, _mm_andnot_si128(sign, is(x, 0xE2)));
    stop = _mm_or_si128(stop, _mm_or_si128(_mm_or_si128(is(x, 0xC2), is(x, 0xE1)), is(x, 0xE3)));
    for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(stop)); mask != 0; mask &= mask - 1) {
      const std::size_t at = i + static_cast<std::size_t>(__builtin_ctz(mask));
      if (!passes(at)) return at;
    }
  }
#endif
  for (; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (!ordinary(c) && !passes(i) && !(c == ' ' && i + 1 < s.size() && static_cast<unsigned char>(s[i + 1]) > 0x20))
      return i;
  }
  return i;
}

// Length of the longest front of `s` that can be copied as it is.
std::size_t plain_prefix(std::string_view s) noexcept {
  if (s.starts_with(' ')) return 0;
  std::size_t i = run_end(s, 0);
  while (i > 0 && s[i - 1] == ' ') --i;  // the blank belongs to what follows
  return i;
}

}  // namespace

void TextWriter::fold(std::string_view s) {
  while (!s.empty()) {
    if (const std::size_t n = plain_prefix(s)) {
      put(s.substr(0, n));
      s.remove_prefix(n);
    } else if (const std::size_t blank_size = space_at(s, 0)) {
      blank();
      s.remove_prefix(blank_size);
    } else {
      put(s.substr(0, 1));
      s.remove_prefix(1);
    }
  }
}

void TextWriter::finish() {
  owed_ = 0;
  if (is_nfc(std::string_view(out_).substr(begin_))) return;
  std::string added = out_.substr(begin_);
  to_nfc(added);
  out_.replace(begin_, std::string::npos, added);
}

}  // namespace earshot::text
