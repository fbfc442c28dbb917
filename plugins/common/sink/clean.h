// Foreign text made fit to be shown: what drives a terminal, turns the reading direction, hides or piles up is gone.
// What a target's own syntax means by a character is escaped later, at the last moment (rich.h).
#pragma once

#include <earshot/plugin.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::sink {

// A piece of text in one dress. `text` is clean and not yet escaped; `url` is a safe link or empty.
struct Span {
  std::string text;
  bool bold = false;
  std::string url;
};
using Spans = std::vector<Span>;

// One line: ill-formed bytes become U+FFFD; terminal escape sequences (ECMA-48 CSI, OSC and kin), control characters,
// bidirectional controls, invisible and default-ignorable characters, stray emoji tags and noncharacters go; every run
// of white space becomes one space; at most four combining marks stay on one base (more is "zalgo").
std::string clean_line(std::string_view text);

// The same with lines kept; no two empty lines follow each other.
std::vector<std::string> clean_lines(std::string_view text);

// A line whose `hits` (bytes of `text`, any order or nonsense is survived) are bold; never split inside a cluster.
Spans clean_spans(std::string_view text, std::span<const earshot_span> hits);

// A clean line of at most `limit` characters as people see them (grapheme clusters); "…" marks a cut. A text of
// megabytes costs no more than its beginning.
std::string short_line(std::string_view text, std::size_t limit);

// The first `bytes` of a text, a few less where they would end inside a character.
std::string_view head(std::string_view text, std::size_t bytes);

}  // namespace earshot::sink
