// Which attributes stay, shared by both ways of sanitising.
#pragma once

#include <string>
#include <string_view>

#include "common/text/elements.h"

namespace earshot::source {

// Writes one start tag: begin, an attribute at a time, finish.
class TagWriter {
 public:
  TagWriter(std::string_view base, std::string& out) : base_(base), out_(out) {}

  void begin(const text::Element& element);
  // `value` with its references decoded.
  void attribute(std::string_view name, std::string_view value);
  // False when the whole element is to be left out: a tracking pixel, a picture from nowhere. Then nothing was written.
  bool finish();

 private:
  void add(std::string_view name, std::string_view value);
  void add_srcset(std::string_view name, std::string_view value);

  std::string_view base_;
  std::string& out_;
  text::Element element_;
  std::size_t start_ = 0;
  bool has_source_ = false, tracker_ = false;
  int small_ = 0;      // of width and height, how many are 0 or 1
  unsigned seen_ = 0;  // one bit an allowed attribute: the first of a name counts
};

// `value` as a URL that may stand in a link (or, with `media`, be loaded); empty when it may not.
std::string safe_url(std::string_view value, std::string_view base, bool media);

// Appends text with & < > as references.
void append_escaped_text(std::string& out, std::string_view text);

}  // namespace earshot::source
