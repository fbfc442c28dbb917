// HTML from outside → HTML that may be shown: only elements and attributes of an allow-list, properly nested, links
// absolute and only to where a click may lead. No script, style, frame, form, on*, javascript:, data: or tracking
// pixel.
#pragma once

#include <string>
#include <string_view>

#include "common/source/warnings.h"

namespace earshot::source {

// Appends the sanitised form of the HTML fragment to `out`. Relative URLs are resolved against `base` and stay relative
// where it is empty. What is nested properly is cleaned in one pass; what is not goes through the HTML parser (gumbo)
// first, within a budget of memory: a fragment beyond it is reduced to its text, with a warning.
void sanitise(std::string_view html, std::string_view base, std::string& out, Warnings& warnings);

// Text as HTML that shows it: only what HTML would take for markup or a reference is escaped, so that ordinary text
// stays as it is.
void escape_text(std::string_view text, std::string& out);

}  // namespace earshot::source
