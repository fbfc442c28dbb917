// The HTML elements, by what they mean to a reader of text and to whoever cleans HTML. One table for both.
#pragma once

#include <cstdint>
#include <string_view>

namespace earshot::text {

// What is known of an element; Element::of(name).is(Element::block).
struct Element {
  enum Flag : std::uint32_t {
    known = 1u << 0,
    block = 1u << 1,         // begins and ends a line of text; closes an open <p>
    empty = 1u << 2,         // has neither content nor end tag
    allowed = 1u << 3,       // may stay when HTML is sanitised
    removed = 1u << 4,       // goes with all it holds: script style iframe …
    raw = 1u << 5,           // holds characters, not markup, up to its end tag
    optional_end = 1u << 6,  // its end tag may be left out: p li dt dd td th tr …
    cell = 1u << 7,          // a blank stands between it and its neighbour: td th
    heading = 1u << 8,
    table_part = 1u << 9,    // has its place only inside a table
    special = 1u << 10,      // parsing rules of its own that only a full HTML parser follows
    formatting = 1u << 11,   // b i a …: an HTML parser reopens it after a block that closed it
    inline_mark = 1u << 12,  // such as people put into titles: b i em a span br …
    line = 1u << 13          // begins a line of text where it stands: a block element, <br>
  };
  std::uint32_t flags = 0;
  std::uint16_t id = 0;   // 0: not known; else the same for the same name in whatever case
  std::string_view name;  // lower case

  bool is(Flag f) const noexcept { return (flags & f) != 0; }
  // ASCII case-insensitive.
  static Element of(std::string_view name) noexcept;
};

}  // namespace earshot::text
