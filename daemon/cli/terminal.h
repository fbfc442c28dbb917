// What a person sees: colour and width only on a terminal, and nothing that a feed could drive the terminal with.
#pragma once

#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "core/mention/mention.h"

namespace earshot::cli {

struct Terminal {
  bool is_terminal = false;
  bool colour = false;  // a terminal, and neither NO_COLOR (https://no-color.org) nor TERM=dumb is set
  int width = 0;        // columns; 0: not a terminal, do not cut

  static Terminal of(std::FILE* stream);

  // The text in an SGR style ("1" bold, "2" faint, "31" red …), or as it is without colour.
  std::string styled(std::string_view text, std::string_view sgr) const;
};

// Without control characters, escape sequences and the marks that turn the direction of writing (Unicode's
// Bidi_Control, UAX #9); line ends and tabs become spaces.
std::string printable(std::string_view text);

// The beginning of a printable text that takes at most `most` columns, "…" included where something was left out.
std::string clipped(std::string_view text, std::size_t most);

// `text` made printable with the bytes of `hits` (ascending, not overlapping) in bold on a terminal.
std::string highlighted(std::string_view text, std::span<const Span> hits, const Terminal& terminal);

// Rows of cells as columns: each as wide as its widest cell, two spaces between. The first row is a heading.
std::string table(std::span<const std::vector<std::string>> rows, const Terminal& terminal);

}  // namespace earshot::cli
