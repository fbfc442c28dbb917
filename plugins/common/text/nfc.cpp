#include "common/text/nfc.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace earshot::text {
namespace {

// Whether the character at p is NFC whatever its neighbours: no combining mark, nothing that composes or decomposes
// (DerivedNormalizationProps.txt, NFC_QC, and Canonical_Combining_Class, Unicode 15.0). What is not listed is ICU's to
// say.
bool surely_nfc(const unsigned char* p, const unsigned char* end) noexcept {
  const unsigned lead = p[0];
  const unsigned second = end - p > 1 ? p[1] : 0u;
  const unsigned third = end - p > 2 ? p[2] : 0u;
  if (lead < 0xCC) return true;                   // below U+0300
  if (lead == 0xCE) return second != 0x87;        // Greek but U+0387
  if (lead >= 0xCF && lead <= 0xD1) return true;  // Greek, Cyrillic to U+047F
  if (lead == 0xE2) {
    if (second == 0x80) return third != 0x80 && third != 0x81;                    // punctuation but the two quads
    return second == 0x81 || second == 0x82 || second == 0x86 || second == 0x87;  // … currency, arrows
  }
  if (lead == 0xE3)
    return second == 0x81 || second == 0x83 || (second == 0x80 && third < 0xA0) ||
           (second == 0x82 && third != 0x99 && third != 0x9A);
  if (lead >= 0xE4 && lead <= 0xE9) return true;  // Han
  if (lead >= 0xEB && lead <= 0xEC) return true;  // Hangul syllables
  if (lead == 0xEA) return second >= 0xB0;
  if (lead == 0xED) return second <= 0x9D;
  if (lead == 0xF0) return second == 0x9F;  // emoji
  return false;
}

// Every character from U+0300 on begins with a byte of at least 0xCC; what has none is passed over.
bool quickly_nfc(std::string_view s) noexcept {
  const auto* const begin = reinterpret_cast<const unsigned char*>(s.data());
  const auto* const end = begin + s.size();
  std::size_t i = 0;
#if defined(__SSE2__)
  const auto load = [&](std::size_t at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.data() + at)); };
  const auto at_least = [](__m128i v, unsigned char c) {
    return _mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8(static_cast<char>(c))), v);
  };
  const auto is = [](__m128i v, unsigned char c) { return _mm_cmpeq_epi8(v, _mm_set1_epi8(static_cast<char>(c))); };
  for (; i + 18 <= s.size(); i += 16) {
    const __m128i x = load(i);
    const __m128i high = at_least(x, 0xCC);
    // U+2002 to U+203F: nearly all that English text has.
    const __m128i sign = _mm_and_si128(_mm_and_si128(is(x, 0xE2), is(load(i + 1), 0x80)), at_least(load(i + 2), 0x82));
    for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_andnot_si128(sign, high))); mask != 0;
         mask &= mask - 1)
      if (!surely_nfc(begin + i + __builtin_ctz(mask), end)) return false;
  }
#endif
  for (; i < s.size(); ++i)
    if (begin[i] >= 0xCC && !surely_nfc(begin + i, end)) return false;
  return true;
}

const icu::Normalizer2* nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
  return U_SUCCESS(status) ? form : nullptr;  // null only without ICU's own data, which it carries inside
}

icu::StringPiece piece(std::string_view s) { return {s.data(), static_cast<std::int32_t>(s.size())}; }

}  // namespace

bool is_nfc(std::string_view utf8) {
  if (quickly_nfc(utf8)) return true;
  const auto* form = nfc();
  if (!form || utf8.size() > INT32_MAX) return true;
  UErrorCode status = U_ZERO_ERROR;
  return form->isNormalizedUTF8(piece(utf8), status) && U_SUCCESS(status);
}

void to_nfc(std::string& utf8) {
  if (is_nfc(utf8)) return;
  std::string out;
  out.reserve(utf8.size());
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode status = U_ZERO_ERROR;
  nfc()->normalizeUTF8(0, piece(utf8), sink, nullptr, status);
  if (U_SUCCESS(status)) utf8 = std::move(out);
}

}  // namespace earshot::text
