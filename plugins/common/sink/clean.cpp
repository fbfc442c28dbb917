#include "common/sink/clean.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "common/sink/unicode.h"
#include "common/text/utf8.h"

namespace earshot::sink {
namespace {

constexpr unsigned kMarksPerBase = 4;
constexpr std::size_t kHits = 64;  // bold places in one line; the host's snippets have a handful
constexpr char32_t kZwnj = 0x200C, kZwj = 0x200D, kBlackFlag = 0x1F3F4;

// The byte after a terminal sequence that begins at `at` with ESC or a C1 introducer; `at` itself when there is none.
// ECMA-48: CSI … final byte 40–7E; OSC, DCS, SOS, PM, APC … up to BEL or ST. An unfinished string sequence ends with
// the text, as it would for a terminal.
std::size_t terminal_sequence_end(std::string_view text, std::size_t at, char32_t c, std::size_t size) {
  std::size_t next = at + size;
  char32_t introducer = c;
  if (c == 0x1B) {
    if (next == text.size()) return next;
    introducer = static_cast<unsigned char>(text[next]) + 0x40u;  // ESC [ is U+009B and so on
    if (introducer < 0x80 || introducer > 0x9F) return next;
    ++next;
  }
  if (introducer == 0x9B) {
    while (next < text.size() && text[next] >= 0x20 && text[next] < 0x40) ++next;
    return next < text.size() && text[next] >= 0x40 && text[next] < 0x7F ? next + 1 : next;
  }
  if (introducer != 0x90 && introducer != 0x98 && introducer < 0x9D) return next;
  while (next < text.size()) {
    const text::Decoded p = text::decode_utf8(text, next);
    next += p.length;
    if (p.value == 0x07 || p.value == 0x9C) break;
    if (p.value == 0x1B && next < text.size() && text[next] == '\\') return next + 1;
  }
  return next;
}

bool invisible(char32_t c) {
  if (c == kZwnj || c == kZwj || (c >= 0xFE00 && c <= 0xFE0F)) return false;  // joiners and emoji styles mean something
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
         u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_BIDI_CONTROL) ||
         u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_NONCHARACTER_CODE_POINT) ||
         c == 0x2800 /* blank Braille cell */ || (c >= 0xFFF9 && c <= 0xFFFB) /* interlinear annotation */;
}

bool mark(char32_t c) {
  constexpr unsigned kinds = U_GC_MN_MASK | U_GC_ME_MASK | U_GC_MC_MASK;
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & kinds) != 0;
}

class Cleaner {
 public:
  explicit Cleaner(bool keep_lines) : keep_lines_(keep_lines) {}

  // `from` is where the code point stood in the input.
  void put(char32_t c, std::size_t from) {
    if (c <= 0x20 || c == 0x85 || (c > 0x85 && u_isUWhiteSpace(static_cast<UChar32>(c)))) return space(c, from);
    if ((c >= 0x7F && c < 0xA0) || (c >= 0xAD && drop(c))) return;
    if (c >= 0x300 && mark(c)) {
      if (++marks_ > kMarksPerBase) return;
    } else {
      marks_ = 0;
    }
    flush_space();
    text::append_utf8(out, c);
    origin.resize(out.size(), from);
    last_ = c;
    flag_ = c == kBlackFlag || (flag_ && c >= 0xE0020 && c <= 0xE007F);
  }

  std::string out;
  std::vector<std::size_t> origin;  // for every byte of `out`: the input byte it came from

 private:
  void space(char32_t c, std::size_t from) {
    const bool line = c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
    if (c < 0x20 && !line && c != '\t' && c != '\r' && c != '\v' && c != '\f') return;
    if (!space_) space_from_ = from;
    space_ = true;
    lines_ += line ? 1 : 0;
  }

  void flush_space() {
    if (space_ && !out.empty()) {
      const std::string_view gap = !keep_lines_ || lines_ == 0 ? " " : lines_ == 1 ? "\n" : "\n\n";
      out += gap;
      origin.resize(out.size(), space_from_);
    }
    space_ = false;
    lines_ = 0;
  }

  bool drop(char32_t c) const {
    if ((c == kZwj || c == kZwnj) && (last_ == kZwj || last_ == kZwnj || out.empty())) return true;
    if (c >= 0xE0020 && c <= 0xE007F) return !flag_;  // tags only spell the flags of regions
    return invisible(c);
  }

  bool keep_lines_, space_ = false, flag_ = false;
  std::size_t space_from_ = 0;
  unsigned lines_ = 0, marks_ = 0;
  char32_t last_ = 0;
};

Cleaner cleaned(std::string_view text, bool keep_lines) {
  Cleaner cleaner(keep_lines);
  cleaner.out.reserve(text.size());
  cleaner.origin.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const text::Decoded c = text::decode_utf8(text, at);
    if (c.value == 0x1B || (c.value >= 0x90 && c.value <= 0x9F && c.length == 2)) {
      at = terminal_sequence_end(text, at, c.value, c.length);
      continue;
    }
    cleaner.put(c.value, at);
    at += c.length;
  }
  return cleaner;
}

}  // namespace

std::string clean_line(std::string_view text) { return std::move(cleaned(text, false).out); }

std::vector<std::string> clean_lines(std::string_view text) {
  const std::string all = std::move(cleaned(text, true).out);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    lines.emplace_back(all, at, end - at);
    at = end + 1;
  }
  return lines;
}

Spans clean_spans(std::string_view text, std::span<const earshot_span> hits) {
  const Cleaner clean = cleaned(text, false);
  if (hits.size() > kHits) hits = hits.first(kHits);
  const auto bold_at = [&](std::size_t byte) {
    const std::size_t from = clean.origin[byte];
    return std::ranges::any_of(hits, [&](const earshot_span& h) { return h.start <= from && from < h.end; });
  };
  Spans spans;
  for (std::size_t at = 0; at < clean.out.size();) {
    const std::size_t end = cluster_end(clean.out, at);
    const bool bold = bold_at(at);
    if (spans.empty() || spans.back().bold != bold) spans.push_back({{}, bold, {}});
    spans.back().text.append(clean.out, at, end - at);
    at = end;
  }
  return spans;
}

std::string_view head(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::string short_line(std::string_view text, std::size_t limit) {
  // Clusters of honest texts have fewer than 50 bytes.
  return truncate(clean_line(head(text, limit * 64)), limit, Unit::graphemes);
}

}  // namespace earshot::sink
