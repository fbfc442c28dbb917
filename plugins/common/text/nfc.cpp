#include "common/text/nfc.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace earshot::text {
namespace {

// Lead bytes from 0xCC on begin characters from U+0300 on; everything below is NFC whatever its neighbours.
bool below_combining(std::string_view s) noexcept {
  const char* p = s.data();
  const char* const end = p + s.size();
  for (; end - p >= 8; p += 8) {
    std::uint64_t word;
    std::memcpy(&word, p, 8);
    // Bytes with both top bits set begin a character; only then look closer.
    if ((word & (word << 1) & 0x8080808080808080u) == 0) continue;
    for (int i = 0; i < 8; ++i)
      if (static_cast<unsigned char>(p[i]) >= 0xCC) return false;
  }
  return std::all_of(p, end, [](char c) { return static_cast<unsigned char>(c) < 0xCC; });
}

const icu::Normalizer2* nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
  return U_SUCCESS(status) ? form : nullptr;  // null only without ICU's own data, which it carries inside
}

icu::StringPiece piece(std::string_view s) { return {s.data(), static_cast<std::int32_t>(s.size())}; }

}  // namespace

bool is_nfc(std::string_view utf8) {
  if (below_combining(utf8)) return true;
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
