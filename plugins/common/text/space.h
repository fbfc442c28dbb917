// White space: trimmed, folded, compared without regard to ASCII case.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace earshot::text {

constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_alpha(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }

// Bytes of the white space character at s[at] (Unicode White_Space: ASCII, no-break, thin, ideographic …), else 0.
inline std::size_t space_at(std::string_view s, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < s.size() ? static_cast<unsigned char>(s[at + i]) : 0u;
  };
  switch (byte(0)) {
    case 0xC2:  // U+0085, U+00A0
      return byte(1) == 0x85 || byte(1) == 0xA0 ? 2 : 0;
    case 0xE1:  // U+1680
      return byte(1) == 0x9A && byte(2) == 0x80 ? 3 : 0;
    case 0xE2:  // U+2000–200A, 2028, 2029, 202F, 205F
      if (byte(1) == 0x80) {
        const unsigned last = byte(2);
        return (last >= 0x80 && last <= 0x8A) || last == 0xA8 || last == 0xA9 || last == 0xAF ? 3 : 0;
      }
      return byte(1) == 0x81 && byte(2) == 0x9F ? 3 : 0;
    case 0xE3:  // U+3000
      return byte(1) == 0x80 && byte(2) == 0x80 ? 3 : 0;
    default: return is_space(static_cast<char>(byte(0))) ? 1 : 0;
  }
}

// Without ASCII white space at both ends; borrows.
std::string_view trim(std::string_view s) noexcept;
// Without any Unicode white space at both ends; borrows.
std::string_view trim_all(std::string_view s) noexcept;

// Every run of white space one blank, none at the ends.
std::string fold_space(std::string_view s);

// ASCII case-insensitive.
bool same(std::string_view a, std::string_view b) noexcept;
bool starts_with(std::string_view s, std::string_view prefix) noexcept;
// Where `needle` begins in `s` from `from` on, or npos.
std::size_t find_same(std::string_view s, std::string_view needle, std::size_t from = 0) noexcept;
std::string to_lower(std::string_view s);

}  // namespace earshot::text
