// Finds the tags in HTML text, tolerantly and in one pass: whatever is unclosed is looked for once, not again and
// again.
#pragma once

#include <cstddef>
#include <string_view>

namespace earshot::text {

struct Tag {
  enum Kind {
    none,     // this '<' is a character
    start,    // <name …>
    end,      // </name …>
    comment,  // <!-- … -->, <!…>, <?…>, </…: no content
  };
  Kind kind = none;
  std::string_view name;        // as written
  std::string_view attributes;  // between the name and '>', a closing '/' included
  std::size_t end_at = 0;       // where the text goes on
};

struct Attribute {
  std::string_view name, value;  // value as written, without its quotes
};

// Takes the next attribute off the front of `rest`; false when there is none.
bool next_attribute(std::string_view& rest, Attribute& out) noexcept;

class TagScanner {
 public:
  explicit TagScanner(std::string_view html) : html_(html) {}
  // What the '<' at html[at] begins.
  Tag at(std::size_t at) noexcept;
  // Where the end tag of a raw element such as script begins at or after `from`; html.size() when it never ends.
  std::size_t raw_end(std::string_view name, std::size_t from) const noexcept;

 private:
  std::size_t find(char c, std::size_t from) noexcept;
  std::size_t tag_end(std::size_t from) noexcept;

  std::string_view html_;
  // From here on there is none of them: so no search for one runs twice over the same bytes.
  std::size_t no_gt_ = std::string_view::npos, no_double_ = std::string_view::npos, no_single_ = std::string_view::npos,
              no_comment_end_ = std::string_view::npos;
};

}  // namespace earshot::text
