// Titles, summaries and contents: what kind of text an element holds, and that text made safe and plain.
#pragma once

#include <string>
#include <string_view>

#include "common/source/warnings.h"
#include "common/source/xml_tree.h"

namespace earshot::feed {

enum class Markup {
  plain,  // characters
  html,   // HTML, to be parsed
  guess,  // RSS does not say: HTML where it looks like it
};

struct RawText {
  std::string_view text;  // borrowed from the document or from the scratch string
  Markup markup = Markup::plain;
  std::string_view base{};  // what xml:base says of it; empty: nothing
};

// What an element holds: Atom text constructs by their type (and mode, Atom 0.3), RSS as it comes, markup that was not
// escaped written back as HTML. `scratch` holds what had to be built.
RawText raw_text(source::XmlElement element, std::string& scratch);

// As a title: one line of plain text.
void to_title(RawText raw, std::string& out);

// As a summary or content: sanitised HTML or text, and the same for matching.
void to_body(RawText raw, std::string_view base, std::string& out, std::string& out_text, source::Warnings& warnings);

// Whether something is in the element at all: text that is not blank, or a child.
bool says_something(source::XmlElement element);

}  // namespace earshot::feed
