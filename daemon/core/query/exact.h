// Forms of a text that keep more than folding does: for ="…" and `…`.
#pragma once

#include <string>
#include <string_view>

namespace earshot::query {

// Case and accents kept (NFC); what is no letter or digit becomes one space.
std::string exact_form(std::string_view text);
// fold.h's literal form, without white space at the ends.
std::string literal_form(std::string_view text);

}  // namespace earshot::query
