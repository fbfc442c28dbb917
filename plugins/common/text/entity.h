// HTML character references: &amp; &#8217; &#x1F600; &nbsp;
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace earshot::text {

struct Reference {
  std::size_t length = 0;  // bytes from the '&' on; 0: it is no reference
  bool named = false;      // by name, not by number
  bool xml = false;        // one of amp lt gt quot apos, or a number: known without a DTD
};

// Where a name may stand without its semicolon: as HTML has it in text, in attribute values (not before = or a letter
// or digit, so that ?a=1&copy=2 stays), or nowhere.
enum class Bare { text, attribute, never };

// Reads the reference at s[0] == '&' and appends what it stands for. Names as in HTML (WHATWG §13.5), with the
// semicolon or, for the old Latin-1 names, without. Numbers 128–159 mean windows-1252, and what is no character becomes
// U+FFFD (WHATWG §13.2.5.80).
Reference decode_reference(std::string_view s, std::string& out, Bare bare = Bare::text);

// Appends `s` with every reference decoded and the rest verbatim.
void decode_references(std::string_view s, std::string& out, Bare bare = Bare::text);
std::string decode_references(std::string_view s, Bare bare = Bare::text);

}  // namespace earshot::text
