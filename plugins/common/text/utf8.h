// UTF-8: is it, make it, write it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace earshot::text {

// U+FFFD, what stands for bytes that are no character.
inline constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Bytes up to the first ill-formed sequence (Unicode 15.0, table 3-7); s.size() when there is none.
std::size_t valid_prefix(std::string_view s) noexcept;
inline bool is_utf8(std::string_view s) noexcept { return valid_prefix(s) == s.size(); }

// Each maximal ill-formed part becomes one U+FFFD, as browsers do (WHATWG Encoding, "UTF-8 decoder").
std::string to_utf8(std::string_view s);

// Appends one code point; surrogates and values past U+10FFFF become U+FFFD.
void append_utf8(std::string& out, char32_t c);

struct Decoded {
  char32_t value;
  unsigned length;  // bytes, at least 1
};
// The code point at s[at], where `at` < s.size(); U+FFFD with length 1 where the bytes are ill-formed.
Decoded decode_utf8(std::string_view s, std::size_t at) noexcept;

}  // namespace earshot::text
