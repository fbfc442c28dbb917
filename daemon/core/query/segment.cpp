#include "core/query/segment.h"

namespace earshot::query {
namespace {

// Unicode's Stream-Safe Text Format allows 30 marks on a base; what goes beyond is dropped.
constexpr int kMaxSegment = 32;
constexpr int kMaxEmoji = 12;

constexpr bool regional(char32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }
constexpr bool tag(char32_t c) { return c >= 0xE0020 && c <= 0xE007F; }
constexpr bool presentation(char32_t c) { return c == 0xFE0E || c == 0xFE0F || (c >= 0x1F3FB && c <= 0x1F3FF); }

// The rest of an emoji after its first code point: joined ones, a flag's second half, tags.
std::size_t read_emoji(std::string_view text, std::size_t at, Segment& out) {
  out.kind = Segment::emoji;
  const bool flag = regional(out.folded[0]);
  while (at < text.size()) {
    const Decoded next = decode(text, at);
    if (presentation(next.cp)) {
      at += next.length;
    } else if ((flag && out.n == 1 && regional(next.cp)) || (tag(next.cp) && out.n < kMaxEmoji - 1)) {
      out.folded[static_cast<std::size_t>(out.n++)] = next.cp;
      at += next.length;
    } else if (next.cp == 0x200D && at + next.length < text.size() && out.n < kMaxEmoji - 2) {
      const Decoded joined = decode(text, at + next.length);
      if (char_info(joined.cp).kind() != Class::emoji) break;
      out.folded[static_cast<std::size_t>(out.n++)] = next.cp;
      out.folded[static_cast<std::size_t>(out.n++)] = joined.cp;
      at += next.length + joined.length;
    } else {
      break;
    }
  }
  out.to = static_cast<std::uint32_t>(at);
  return at;
}

}  // namespace

std::size_t read_segment(std::string_view text, std::size_t at, Segment& out) {
  const Decoded first = decode(text, at);
  const CharInfo info = char_info(first.cp);
  out.kind = Segment::characters;
  out.space = false;
  out.from = static_cast<std::uint32_t>(at);
  at += first.length;
  out.to = static_cast<std::uint32_t>(at);
  out.n = 1;
  out.folded[0] = info.cp();
  const bool joins = info.has(CharInfo::kJoins);
  if (!joins && info.kind() == Class::ignored) {
    out.n = 0;
    return at;
  }
  if (!joins && info.kind() == Class::emoji) {
    out.folded[0] = first.cp;
    return read_emoji(text, at, out);
  }
  if (!joins && info.kind() == Class::separator && !info.has(CharInfo::kMany)) {
    out.kind = Segment::separator;
    out.space = info.has(CharInfo::kSpace);
    return at;
  }
  // The marks that follow, through what is invisible.
  char32_t raw[kMaxSegment] = {first.cp};
  int n = 1;
  bool droppable = info.has(CharInfo::kLatin);
  for (std::size_t next = at; next < text.size() && static_cast<unsigned char>(text[next]) >= 0x80;) {
    const Decoded d = decode(text, next);
    const CharInfo mark = char_info(d.cp);
    next += d.length;
    if (!mark.has(CharInfo::kJoins)) {
      if (mark.kind() != Class::ignored) break;
      continue;
    }
    if (n < kMaxSegment) raw[n++] = d.cp;
    droppable = droppable && mark.has(CharInfo::kDroppable);
    at = next;
  }
  out.to = static_cast<std::uint32_t>(at);
  if (joins || (n > 1 && !droppable))
    out.n = fold_segment(raw, n, out.folded.data());
  else if (info.has(CharInfo::kMany))
    out.n = fold_many(first.cp, out.folded.data());
  return at;
}

}  // namespace earshot::query
