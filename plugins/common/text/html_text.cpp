#include "common/text/html_text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cstddef>

#include "common/text/elements.h"
#include "common/text/entity.h"
#include "common/text/nfc.h"
#include "common/text/scan.h"
#include "common/text/space.h"
#include "common/text/tag_scanner.h"

namespace earshot::text {
namespace {

// Characters that stand for themselves wherever they are: not markup, no control, no lead byte of a Unicode blank.
constexpr bool ordinary(unsigned char c) noexcept {
  return c > 0x20 && c != '<' && c != '&' && c != 0xC2 && c != 0xE1 && c != 0xE2 && c != 0xE3;
}

// How far the run of ordinary characters and single blanks between them goes from `i` on.
std::size_t run_end(std::string_view s, std::size_t i) noexcept {
  // A dash, quote or accent begins with the same byte as some blank; it is none.
  const auto passes = [&](std::size_t at) { return static_cast<unsigned char>(s[at]) >= 0x80 && space_at(s, at) == 0; };
#if defined(__SSE2__)
  const auto is = [](__m128i x, unsigned char c) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(static_cast<char>(c))); };
  for (; i + 17 <= s.size(); i += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.data() + i));
    const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.data() + i + 1));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1F)), x);
    const __m128i next_blank = _mm_cmpeq_epi8(_mm_min_epu8(next, _mm_set1_epi8(0x20)), next);
    __m128i stop = _mm_or_si128(control, _mm_and_si128(is(x, ' '), next_blank));
    stop = _mm_or_si128(stop, _mm_or_si128(is(x, '<'), is(x, '&')));
    stop = _mm_or_si128(stop,
                        _mm_or_si128(_mm_or_si128(is(x, 0xC2), is(x, 0xE1)), _mm_or_si128(is(x, 0xE2), is(x, 0xE3))));
    for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(stop)); mask != 0; mask &= mask - 1) {
      const std::size_t at = i + static_cast<std::size_t>(__builtin_ctz(mask));
      if (!passes(at)) return at;
    }
  }
#endif
  for (; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (!ordinary(c) && !passes(i) && !(c == ' ' && i + 1 < s.size() && static_cast<unsigned char>(s[i + 1]) > 0x20))
      return i;
  }
  return i;
}

// Length of the longest front of `s` that can be copied as it is.
std::size_t plain_prefix(std::string_view s) noexcept {
  if (s.starts_with(' ')) return 0;
  std::size_t i = run_end(s, 0);
  while (i > 0 && s[i - 1] == ' ') --i;  // the blank belongs to what follows
  return i;
}

// Gathers text: blanks and line breaks are owed and paid before the next character.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out), begin_(out.size()) {}

  void blank() { owed_ = std::max(owed_, 1); }
  void line() { owed_ = 2; }
  void put(std::string_view s) {
    pay();
    out_.append(s);
  }
  // Text that may hold blanks but no markup.
  void fold(std::string_view s) {
    while (!s.empty()) {
      if (const std::size_t n = plain_prefix(s)) {
        put(s.substr(0, n));
        s.remove_prefix(n);
      } else if (const std::size_t blank_size = space_at(s, 0)) {
        blank();
        s.remove_prefix(blank_size);
      } else {
        put(s.substr(0, 1));
        s.remove_prefix(1);
      }
    }
  }

 private:
  void pay() {
    if (owed_ && out_.size() > begin_) out_.push_back(owed_ == 2 ? '\n' : ' ');
    owed_ = 0;
  }

  std::string& out_;
  std::size_t begin_;
  int owed_ = 0;  // 1: a blank, 2: a line break
};

// Handles the tag at html[at]; returns where the text goes on.
std::size_t take_tag(TagScanner& scanner, std::size_t at, Writer& writer) {
  const Tag tag = scanner.at(at);
  if (tag.kind == Tag::none) {
    writer.put("<");
    return at + 1;
  }
  if (tag.kind == Tag::comment) return tag.end_at;
  const Element element = Element::of(tag.name);
  if (element.is(Element::block) || element.name == "br") writer.line();
  if (element.is(Element::cell)) writer.blank();
  if (tag.kind != Tag::start || !element.is(Element::removed) || !element.is(Element::raw)) return tag.end_at;
  const std::size_t end = scanner.raw_end(element.name, tag.end_at);
  const Tag closing = scanner.at(end);
  return std::max(end, closing.end_at);
}

void normalise(std::string& out, std::size_t begin) {
  if (is_nfc(std::string_view(out).substr(begin))) return;
  std::string added = out.substr(begin);
  to_nfc(added);
  out.replace(begin, std::string::npos, added);
}

}  // namespace

void html_to_text(std::string_view html, std::string& out) {
  const std::size_t begin = out.size();
  Writer writer(out);
  TagScanner scanner(html);
  std::string character;
  for (std::size_t i = 0; i < html.size();) {
    const std::string_view rest = html.substr(i);
    if (const std::size_t n = plain_prefix(rest)) {
      writer.put(rest.substr(0, n));
      i += n;
      continue;
    }
    if (html[i] == '<') {
      i = take_tag(scanner, i, writer);
      continue;
    }
    if (html[i] == '&') {
      character.clear();
      if (const std::size_t n = decode_reference(rest, character).length) {
        writer.fold(character);
        i += n;
        continue;
      }
    }
    if (const std::size_t n = space_at(html, i)) {
      writer.blank();
      i += n;
    } else {
      writer.put(rest.substr(0, 1));
      ++i;
    }
  }
  normalise(out, begin);
}

std::string html_to_text(std::string_view html) {
  std::string out;
  out.reserve(html.size());
  html_to_text(html, out);
  return out;
}

std::string plain_text(std::string_view text, bool lines) {
  std::string out;
  out.reserve(text.size());
  Writer writer(out);
  while (!text.empty()) {
    const std::size_t end = lines ? text.find('\n') : std::string_view::npos;
    writer.fold(text.substr(0, end));
    if (end == std::string_view::npos) break;
    writer.line();
    text.remove_prefix(end + 1);
  }
  normalise(out, 0);
  return out;
}

std::string html_to_line(std::string_view html) {
  std::string out = html_to_text(html);
  std::ranges::replace(out, '\n', ' ');
  return out;
}

bool looks_like_html(std::string_view s) {
  TagScanner scanner(s);
  std::string ignored;
  for (std::size_t at = 0; (at = find_any<'<', '&'>(s, at)) != s.size(); ++at) {
    if (s[at] == '&') {
      if (decode_reference(s.substr(at), ignored, Bare::never).length) return true;
      continue;
    }
    const Tag tag = scanner.at(at);
    if (tag.kind == Tag::comment && s.substr(at, 4) == "<!--") return true;
    if ((tag.kind == Tag::start || tag.kind == Tag::end) && Element::of(tag.name).is(Element::known)) return true;
  }
  return false;
}

}  // namespace earshot::text
