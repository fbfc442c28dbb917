// Topics that tell accents apart: é is not e. A term is found in its folded form like any other, and then the text that
// was found is compared with the term once more, folded in all but accents.
#pragma once

#include <string>
#include <string_view>

namespace earshot::query {

// The letters of a term with their accents, its words parted by spaces. What fold.h folds beside accents (case, width,
// digits, the Turkish i) is folded. Wildcards must stand in `term` as kAnyChar and kAnyRest, and stay.
std::string accent_pattern(std::string_view term);

// Whether a term without wildcards has accents, so that it matters whether they fold.
bool has_accents(std::string_view term);

// Whether `text`, in which the folded term was found from its first byte to its last, has the pattern's accents.
bool same_accents(std::string_view pattern, std::string_view text);

}  // namespace earshot::query
