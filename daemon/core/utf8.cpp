#include "core/utf8.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace earshot {
namespace {

using Byte = unsigned char;

constexpr bool is_tail(Byte b) { return (b & 0xC0U) == 0x80U; }

struct Sequence {
  std::size_t length;  // bytes the character has, or that its ill-formed beginning has (at least 1)
  bool well_formed;
};

// The character at `p`, which begins with a byte of 0x80 or more; `n` bytes are left, at least one.
Sequence sequence(const Byte* p, std::size_t n) {
  const Byte lead = p[0];
  std::size_t length = 0;
  Byte low = 0x80, high = 0xBF;  // bounds of the second byte: they shut out overlong forms, surrogates and > U+10FFFF
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  if (n < 2 || p[1] < low || p[1] > high) return {1, false};
  for (std::size_t i = 2; i < length; ++i)
    if (i >= n || !is_tail(p[i])) return {i, false};
  return {length, true};
}

// The first byte of 0x80 or more in [p, end), or end. Most text is ASCII for long stretches, so 32 bytes go at a time.
const Byte* skip_ascii(const Byte* p, const Byte* end) {
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  const auto load = [](const Byte* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
  };
  while (end - p >= 32 && !((load(p) | load(p + 8) | load(p + 16) | load(p + 24)) & kHigh)) p += 32;
  while (end - p >= 8) {
    const std::uint64_t found = load(p) & kHigh;
    if constexpr (std::endian::native == std::endian::little) {
      if (found) return p + std::countr_zero(found) / 8;
    } else if (found) {
      return p + std::countl_zero(found) / 8;
    }
    p += 8;
  }
  while (p < end && *p < 0x80) ++p;
  return p;
}

const Byte* bytes(std::string_view text) { return reinterpret_cast<const Byte*>(text.data()); }

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) {
  const Byte* const begin = bytes(text);
  const Byte* const end = begin + text.size();
  const Byte* p = begin;
  while (p < end) {
    if (*p < 0x80) {
      p = skip_ascii(p, end);
      continue;
    }
    const Sequence s = sequence(p, static_cast<std::size_t>(end - p));
    if (!s.well_formed) break;
    p += s.length;
  }
  return static_cast<std::size_t>(p - begin);
}

std::string to_valid_utf8(std::string_view text) {
  std::size_t good = valid_utf8_prefix(text);
  if (good == text.size()) return std::string{text};
  std::string out;
  out.reserve(text.size() + 64);
  while (true) {
    out.append(text.substr(0, good));
    text.remove_prefix(good);
    if (text.empty()) return out;
    out.append("\xEF\xBF\xBD");
    text.remove_prefix(sequence(bytes(text), text.size()).length);
    good = valid_utf8_prefix(text);
  }
}

std::string_view cut_utf8(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  std::size_t end = max;
  // At most three bytes back: more tails than that are no character, and no reason to search on.
  for (int back = 0; back < 3 && end > 0 && is_tail(static_cast<Byte>(text[end])); ++back) --end;
  return text.substr(0, is_tail(static_cast<Byte>(text[end])) ? max : end);
}

}  // namespace earshot
