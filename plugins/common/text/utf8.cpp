#include "common/text/utf8.h"

#include "common/text/scan.h"

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

}  // namespace

std::size_t valid_prefix(std::string_view s) noexcept {
  const auto* const begin = reinterpret_cast<const Byte*>(s.data());
  const auto* const end = begin + s.size();
  std::size_t at = 0;
  while ((at = find_at_least<0x80>(s, at)) != s.size()) {
    unsigned bad, n = 0;
    // Characters of other scripts come in runs.
    while (at < s.size() && begin[at] >= 0x80 && (n = sequence(begin + at, end, bad)) != 0) at += n;
    if (n == 0) break;
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
