// Bytes of a feed or page → UTF-8, whatever they are written in and whatever they claim.
#pragma once

#include <string>
#include <string_view>

#include "common/source/warnings.h"

namespace earshot::source {

// The charset parameter of a Content-Type, or empty.
std::string charset_of(std::string_view content_type);

// What the XML declaration or an HTML <meta> near the front of ASCII-compatible bytes says, or empty.
std::string declared_encoding(std::string_view bytes);

// The bytes as UTF-8 with '\n' line ends and without the control characters XML forbids. What counts, in this order:
// a byte order mark, the charset of the Content-Type, the XML declaration (RFC 7303 §3), the pattern of zero bytes
// (XML 1.0 appendix F), else UTF-8. Bytes that do not fit what they claim are read as what they fit: UTF-8 if all of
// them are, else the other claim, else what ICU's detector finds; mixed ones become U+FFFD.
std::string to_document(std::string_view bytes, std::string_view content_type, Warnings& warnings);

}  // namespace earshot::source
