// HTML from outside → HTML that may be shown: only elements and attributes of an allow-list, properly nested, links
// absolute and only to where a click may lead. No script, style, frame, form, on*, javascript:, data: or tracking
// pixel.
#pragma once

#include <string>
#include <string_view>

#include "common/source/warnings.h"

namespace earshot::source {

// Appends the sanitised form of the HTML fragment to `out`, and to `out_text` the plain text of that form, the same as
// text::html_to_text() would read from it. Relative URLs are resolved against `base` and stay relative where it is
// empty. What is nested properly is cleaned in one pass; what is not goes through the HTML parser (gumbo) first, within
// a budget of memory: a fragment beyond it is reduced to its text, with a warning.
void sanitise(std::string_view html, std::string_view base, std::string& out, std::string& out_text,
              Warnings& warnings);

// Text as HTML that shows it: only what HTML would take for markup or a reference is escaped, so that ordinary text
// stays as it is.
void escape_text(std::string_view text, std::string& out);

// ---- The two ways, told apart for tests: what the quick one does, the parser does as well.
// In one pass; false where the HTML is not nested as it should be: what was appended is then of no use.
bool sanitise_quickly(std::string_view html, std::string_view base, std::string& out, std::string& out_text);
// Through gumbo; false when it would take more memory than a fragment of this size deserves.
bool sanitise_with_gumbo(std::string_view html, std::string_view base, std::string& out);

}  // namespace earshot::source
