// A term's pattern against the words form of a text (fold.h): the one place that says when a term stands somewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/query/fold.h"

namespace earshot::query {

// Whether `pattern` (from fold_pattern) stands at `start`, the first byte of a word of `text`. Returns the byte after
// it. Any separator of the text answers a space or apostrophe of the pattern; marks answer only themselves; the edge of
// a field answers nothing. kAnyChar is one letter with the marks on it, kAnyRest the rest of the word (nothing, in
// scripts without spaces). The match must end where a word may end.
std::optional<std::uint32_t> match_pattern(std::string_view pattern, std::string_view text, std::uint32_t start);

// Whether a word may end at text[end] (end > 0): see README.md, "Where a word ends".
bool word_ends(std::string_view text, std::uint32_t end);

// Whether the last letter of a folded text is of a script without spaces, where a * has nothing to stand for.
bool spaceless(std::string_view text);

// The pattern without its leading mark.
std::string_view unmarked(std::string_view pattern);

}  // namespace earshot::query
