// The literal form (fold.h): what `…` terms are looked up in.
#include "core/query/fold.h"
#include "core/query/segment.h"

namespace earshot::query {

class LiteralFolder {
 public:
  LiteralFolder(Folded& to, std::string_view text) : to_(to), text_(text) {
    to_.buffer_.resize(to_.size_);
    to_.origins_.resize(to_.size_);
  }

  Folded::Range run() {
    if (to_.buffer_.empty()) put(kFieldEdge, 0, 0);
    const auto start = static_cast<std::uint32_t>(to_.buffer_.size());
    Segment segment;
    for (std::size_t at = 0; at < text_.size();) {
      at = read_segment(text_, at, segment);
      for (int i = 0; i < segment.n; ++i) one(segment.folded[static_cast<std::size_t>(i)], segment);
    }
    const auto end = static_cast<std::uint32_t>(to_.buffer_.size());
    put(kFieldEdge, text_.size(), text_.size());
    to_.size_ = to_.buffer_.size();
    to_.buffer_.resize(to_.size_ + Folded::kSlack);
    return {start, end};
  }

 private:
  void put(char32_t c, std::size_t from, std::size_t to) {
    char bytes[4];
    to_.buffer_.insert(to_.buffer_.end(), bytes, bytes + encode(c, bytes));
    to_.origins_.resize(to_.buffer_.size(), {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)});
  }

  void one(char32_t c, const Segment& segment) {
    const Class kind = segment.kind == Segment::emoji ? Class::emoji : char_info(c).kind();
    if (kind == Class::ignored) return;
    const bool space = kind == Class::separator && (segment.space || c == ' ' || (c >= '\t' && c <= '\r'));
    if (space ? blank_ : c < ' ') return;  // one space for many, no control characters
    put(space ? U' ' : c, segment.from, segment.to);
    blank_ = space;
  }

  Folded& to_;
  std::string_view text_;
  bool blank_ = true;  // nothing yet, or a space last
};

Folded::Range Folded::append_literal(std::string_view text) { return LiteralFolder(*this, text).run(); }

}  // namespace earshot::query
