// HTML → the plain text that people read and queries match.
#pragma once

#include <string>
#include <string_view>

namespace earshot::text {

// Appends the text of an HTML fragment: tags gone, references decoded, every block element (and <br>) on lines of its
// own parted by one '\n', white space folded to one blank, none at the ends, script and style left out, NFC. Takes
// whatever bytes it gets, in linear time; well-formed UTF-8 gives well-formed UTF-8.
void html_to_text(std::string_view html, std::string& out);
std::string html_to_text(std::string_view html);

// The same for text that is no HTML: white space folded, lines kept where `lines`, NFC.
void plain_text(std::string_view text, bool lines, std::string& out);
std::string plain_text(std::string_view text, bool lines = false);

// The text of an HTML fragment on one line: a title.
void html_to_line(std::string_view html, std::string& out);
std::string html_to_line(std::string_view html);

// Whether `s` holds what only HTML would: a tag of a known element, a comment or a character reference. Text such as
// "a < b" or "AT&T" does not.
bool looks_like_html(std::string_view s);

}  // namespace earshot::text
