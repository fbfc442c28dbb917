// Text in pieces that fold as one: a character with the marks that join it, a whole emoji, or one separator.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/query/chars.h"

namespace earshot::query {

struct Segment {
  enum Kind : std::uint8_t {
    characters,  // letters, digits, marks; may fold to nothing, or to several words (ﷺ)
    emoji,       // one emoji with all that is joined to it; skin tones and presentation selectors have folded away
    separator,   // one character, in folded[0]
  } kind = characters;
  bool space = false;              // separator: white space
  std::uint32_t from = 0, to = 0;  // its bytes of the text
  int n = 0;                       // code points in `folded`; 0: nothing is left of it
  std::array<char32_t, kMaxFolded> folded;
};

// Reads the segment at text[at] (at < text.size()) and returns where the next one begins.
std::size_t read_segment(std::string_view text, std::size_t at, Segment& out);

}  // namespace earshot::query
