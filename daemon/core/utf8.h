// Text that may not be UTF-8 made into text that is. Ill-formed means what the Unicode Standard says (table 3-7): no
// overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace earshot {

// How many bytes at the start of `text` are well-formed and whole: text.size() where all of it is.
std::size_t valid_utf8_prefix(std::string_view text);

inline bool is_valid_utf8(std::string_view text) { return valid_utf8_prefix(text) == text.size(); }

// `text` with every maximal ill-formed part replaced by one U+FFFD, as the Unicode Standard recommends (chapter 3.9)
// and browsers do. Costs one pass and one copy where nothing is wrong. Up to three times the size in the worst case.
std::string to_valid_utf8(std::string_view text);

// The longest prefix of at most `max` bytes that does not end inside a character of well-formed text.
std::string_view cut_utf8(std::string_view text, std::size_t max);

}  // namespace earshot
