// Small things about header text (RFC 9110 §5.6).
#pragma once

#include <algorithm>
#include <string_view>

namespace earshot::net {

inline char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Equal but for ASCII case.
inline bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::ranges::equal(a, b, {}, ascii_lower, ascii_lower);
}

inline std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == text.npos ? std::string_view{} : text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// Calls `each` with the trimmed, non-empty elements of a comma-separated list.
template <class Each>
void for_each_element(std::string_view list, Each&& each) {
  while (true) {
    const std::size_t comma = list.find(',');
    if (const std::string_view element = trim(list.substr(0, comma)); !element.empty()) each(element);
    if (comma == list.npos) return;
    list.remove_prefix(comma + 1);
  }
}

inline bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || kMarks.find(c) != kMarks.npos;
  });
}

// A value that cannot end its header line: no CR, LF, NUL or other control but TAB.
inline bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\t';
  });
}

}  // namespace earshot::net
