#include "common/text/utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace earshot::text {
namespace {

using Byte = unsigned char;

// Length of the well-formed sequence at p (p < end), or 0; `bad` gets the length of the ill-formed part.
unsigned sequence(const Byte* p, const Byte* end, unsigned& bad) noexcept {
  const Byte lead = *p;
  bad = 1;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const unsigned length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  Byte low = 0x80, high = 0xBF;  // of the second byte: neither overlong, surrogate nor past U+10FFFF
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (unsigned i = 1; i < length; ++i) {
    if (p + i == end || p[i] < low || p[i] > high) {
      bad = i;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

#if defined(__SSE2__)
// Table 3-7 of Unicode 15.0 for the sixteen bytes at p, with the three before them there to be read: which bytes must
// continue a character follows from those, and only after E0, ED, F0 and F4 is the range of the next byte narrower.
// Bits of the result that are set are wrong.
[[gnu::always_inline]] inline __m128i wrong_at(const Byte* p) noexcept {
  const auto load = [p](int back) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p - back)); };
  const auto set = [](unsigned c) { return _mm_set1_epi8(static_cast<char>(c)); };
  const auto at_least = [&](__m128i v, unsigned c) { return _mm_cmpeq_epi8(_mm_max_epu8(v, set(c)), v); };
  const auto is = [&](__m128i v, unsigned c) { return _mm_cmpeq_epi8(v, set(c)); };
  const __m128i x = load(0), one = load(1), two = load(2), three = load(3);
  const __m128i leads = _mm_or_si128(_mm_subs_epu8(one, set(0xBF)),
                                     _mm_or_si128(_mm_subs_epu8(two, set(0xDF)), _mm_subs_epu8(three, set(0xEF))));
  const __m128i owed = _mm_cmpgt_epi8(leads, _mm_setzero_si128());
  const __m128i continues = _mm_cmplt_epi8(x, set(0xC0));  // signed: 80 to BF
  const __m128i high = at_least(x, 0xA0), middle = at_least(x, 0x90);
  __m128i wrong = _mm_xor_si128(owed, continues);
  wrong = _mm_or_si128(wrong, _mm_or_si128(at_least(x, 0xF5), is(_mm_and_si128(x, set(0xFE)), 0xC0)));
  wrong = _mm_or_si128(wrong, _mm_andnot_si128(high, is(one, 0xE0)));
  wrong = _mm_or_si128(wrong, _mm_and_si128(high, is(one, 0xED)));
  wrong = _mm_or_si128(wrong, _mm_andnot_si128(middle, is(one, 0xF0)));
  return _mm_or_si128(wrong, _mm_and_si128(middle, is(one, 0xF4)));
}

// A front of `s` that is well-formed and ends between two characters; all but the last bytes where all is well.
std::size_t surely_valid(std::string_view s) noexcept {
  const auto* const begin = reinterpret_cast<const Byte*>(s.data());
  unsigned bad;
  std::size_t i = 0;
  for (unsigned n; i < 3 && i < s.size(); i += n)
    if ((n = sequence(begin + i, begin + s.size(), bad)) == 0) return i;
  // Sixty-four at a time: characters beyond ASCII are then nearly everywhere or nearly nowhere, and a branch that goes
  // the same way each time costs nothing.
  for (; i + 64 <= s.size(); i += 64) {
    const auto load = [&](std::size_t at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin + at)); };
    const __m128i any = _mm_or_si128(_mm_or_si128(load(i), load(i + 16)), _mm_or_si128(load(i + 32), load(i + 48)));
    if (_mm_movemask_epi8(_mm_or_si128(any, load(i - 3))) == 0) continue;  // ASCII after ASCII
    const __m128i wrong = _mm_or_si128(_mm_or_si128(wrong_at(begin + i), wrong_at(begin + i + 16)),
                                       _mm_or_si128(wrong_at(begin + i + 32), wrong_at(begin + i + 48)));
    if (_mm_movemask_epi8(wrong) != 0) break;
  }
  // A character that began in what was checked may go on after it: the slow way reads it once more.
  for (unsigned n = 0; n < 4 && i > 0 && begin[i - 1] >= 0x80; ++n) {
    --i;
    if (begin[i] >= 0xC0) break;
  }
  return i;
}
#else
std::size_t surely_valid(std::string_view) noexcept { return 0; }
#endif

}  // namespace

std::size_t valid_prefix(std::string_view s) noexcept {
  const auto* const begin = reinterpret_cast<const Byte*>(s.data());
  const auto* const end = begin + s.size();
  std::size_t at = surely_valid(s);
  unsigned bad;
  while (at < s.size()) {
    const unsigned n = sequence(begin + at, end, bad);
    if (n == 0) break;
    at += n;
  }
  return at;
}

std::string to_utf8(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (;;) {
    const std::size_t good = valid_prefix(s);
    out.append(s.substr(0, good));
    s.remove_prefix(good);
    if (s.empty()) return out;
    unsigned bad;
    const auto* p = reinterpret_cast<const Byte*>(s.data());
    sequence(p, p + s.size(), bad);
    out.append(replacement);
    s.remove_prefix(bad);
  }
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    const char bytes[] = {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
    out.append(bytes, 2);
  } else if (c < 0x10000) {
    if (c >= 0xD800 && c <= 0xDFFF) {
      out.append(replacement);
      return;
    }
    const char bytes[] = {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
                          static_cast<char>(0x80 | (c & 0x3F))};
    out.append(bytes, 3);
  } else if (c <= 0x10FFFF) {
    const char bytes[] = {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3F)),
                          static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    out.append(bytes, 4);
  } else {
    out.append(replacement);
  }
}

Decoded decode_utf8(std::string_view s, std::size_t at) noexcept {
  const auto* p = reinterpret_cast<const Byte*>(s.data()) + at;
  unsigned bad;
  switch (sequence(p, p + (s.size() - at), bad)) {
    case 1: return {*p, 1};
    case 2: return {static_cast<char32_t>((p[0] & 0x1F) << 6 | (p[1] & 0x3F)), 2};
    case 3: return {static_cast<char32_t>((p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F)), 3};
    case 4:
      return {static_cast<char32_t>((p[0] & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 | (p[3] & 0x3F)), 4};
    default: return {0xFFFD, 1};
  }
}

}  // namespace earshot::text
