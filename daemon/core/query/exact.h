// Forms of a text that keep more than folding does: for ="…", `…`, and sets that tell accents apart; and the dictionary
// that scripts without spaces need.
#pragma once

#include <string>
#include <string_view>

namespace earshot::query {

// Case and accents kept (NFC); what is no letter or digit becomes one space.
std::string exact_form(std::string_view text);
// Accents kept, case and width folded (NFKC_Casefold); the same.
std::string accent_form(std::string_view text);
// fold.h's literal form, without white space at the ends.
std::string literal_form(std::string_view text);

// Whether a pattern is one word of a script without spaces that the dictionary knows: such a word must not be cut out
// of its neighbours (東京都 holds no 京都). A name the dictionary has never heard of may stand anywhere.
bool needs_dictionary(std::string_view pattern);

}  // namespace earshot::query
