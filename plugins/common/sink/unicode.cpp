#include "common/sink/unicode.h"

#include <unicode/uchar.h>

#include "common/text/utf8.h"

namespace earshot::sink {
namespace {

int break_class(char32_t c) {
  if (c == '\r') return U_GCB_CR;
  if (c == '\n') return U_GCB_LF;
  if (c < 0x300) return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD ? U_GCB_CONTROL : U_GCB_OTHER;
  return u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_GRAPHEME_CLUSTER_BREAK);
}

bool pictographic(char32_t c) {
  return c >= 0xA9 && u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_EXTENDED_PICTOGRAPHIC);
}

// What the rules need to remember of the cluster so far.
struct Cluster {
  int last;             // class of its last code point
  bool emoji;           // ExtPict Extend* so far (GB11)
  bool emoji_zwj;       // … and then ZWJ
  unsigned indicators;  // regional indicators in a row (GB12, GB13)
};

// UAX #29, table 3 of revision 41 (Unicode 15.0): does the cluster go on with a code point of class `next`?
bool goes_on(const Cluster& so_far, int next, bool next_is_emoji) {
  const int last = so_far.last;
  if (last == U_GCB_CR) return next == U_GCB_LF;                                    // GB3
  if (last == U_GCB_CONTROL || last == U_GCB_LF) return false;                      // GB4
  if (next == U_GCB_CONTROL || next == U_GCB_CR || next == U_GCB_LF) return false;  // GB5
  if (last == U_GCB_L && (next == U_GCB_L || next == U_GCB_V || next == U_GCB_LV || next == U_GCB_LVT)) return true;
  if ((last == U_GCB_LV || last == U_GCB_V) && (next == U_GCB_V || next == U_GCB_T)) return true;  // GB7
  if ((last == U_GCB_LVT || last == U_GCB_T) && next == U_GCB_T) return true;                      // GB8
  if (next == U_GCB_EXTEND || next == U_GCB_ZWJ || next == U_GCB_SPACING_MARK) return true;        // GB9, GB9a
  if (last == U_GCB_PREPEND) return true;                                                          // GB9b
  if (so_far.emoji_zwj && next_is_emoji) return true;                                              // GB11
  return last == U_GCB_REGIONAL_INDICATOR && next == U_GCB_REGIONAL_INDICATOR && so_far.indicators % 2 == 1;
}

std::size_t units(std::string_view text, std::size_t at, const text::Decoded& c, Unit unit) {
  switch (unit) {
    case Unit::bytes: return c.length;
    case Unit::utf16: return c.value >= 0x10000 ? 2 : 1;
    case Unit::code_points: return 1;
    case Unit::graphemes: break;
  }
  return cluster_end(text, at) > at ? 1 : 0;
}

}  // namespace

std::size_t cluster_end(std::string_view text, std::size_t at) {
  text::Decoded c = text::decode_utf8(text, at);
  std::size_t end = at + c.length;
  if (c.value < 0x80 && c.value != '\r' && (end == text.size() || static_cast<unsigned char>(text[end]) < 0x80))
    return end;
  Cluster cluster{break_class(c.value), pictographic(c.value), false, 0};
  cluster.indicators = cluster.last == U_GCB_REGIONAL_INDICATOR ? 1 : 0;
  while (end < text.size()) {
    c = text::decode_utf8(text, end);
    const int next = break_class(c.value);
    const bool emoji = pictographic(c.value);
    if (!goes_on(cluster, next, emoji)) break;
    cluster.emoji_zwj = cluster.emoji && next == U_GCB_ZWJ;
    cluster.emoji = emoji || (cluster.emoji && next == U_GCB_EXTEND);
    cluster.indicators = next == U_GCB_REGIONAL_INDICATOR ? cluster.indicators + 1 : 0;
    cluster.last = next;
    end += c.length;
  }
  return end;
}

std::size_t length(std::string_view text, Unit unit) {
  if (unit == Unit::bytes) return text.size();
  std::size_t total = 0;
  for (std::size_t at = 0; at < text.size();) {
    const text::Decoded c = text::decode_utf8(text, at);
    total += units(text, at, c, unit);
    at = unit == Unit::graphemes ? cluster_end(text, at) : at + c.length;
  }
  return total;
}

std::string truncate(std::string_view text, std::size_t limit, Unit unit) {
  if (length(text, unit) <= limit) return std::string(text);
  constexpr std::string_view ellipsis = "…";
  const std::size_t tail = length(ellipsis, unit);
  const std::size_t room = limit >= tail ? limit - tail : limit;
  std::size_t end = 0;
  for (std::size_t used = 0; end < text.size();) {
    const std::size_t next = cluster_end(text, end);
    used += length(text.substr(end, next - end), unit);
    if (used > room) break;
    end = next;
  }
  while (end > 0 && text[end - 1] == ' ') --end;
  std::string cut(text.substr(0, end));
  if (limit >= tail) cut += ellipsis;
  return cut;
}

}  // namespace earshot::sink
