// Plain text as it is gathered: white space folded, lines parted, NFC at the end.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "common/text/elements.h"

namespace earshot::text {

// Appends to a string; blanks and line breaks are owed and paid before the next character, so there are none at the
// ends. finish() once, when all is written.
class TextWriter {
 public:
  explicit TextWriter(std::string& out) : out_(out), begin_(out.size()) {}

  void blank() { owed_ = std::max(owed_, 1); }
  void line() { owed_ = 2; }
  // What the start or end tag of an element means to the text around it.
  void tag(const Element& element) {
    if (element.is(Element::line)) line();
    if (element.is(Element::cell)) blank();
  }
  // Characters as they are.
  void put(std::string_view s) {
    if (owed_ && out_.size() > begin_) out_.push_back(owed_ == 2 ? '\n' : ' ');
    owed_ = 0;
    out_.append(s);
  }
  // Text without markup: each run of white space (Unicode's) is one blank.
  void fold(std::string_view s);
  // Makes it NFC.
  void finish();

 private:
  std::string& out_;
  std::size_t begin_;
  int owed_ = 0;  // 1: a blank, 2: a line break
};

}  // namespace earshot::text
