// What a code point is to the matcher: which kind of word it belongs to, and what it folds to. Data comes from ICU; the
// choices made on top of Unicode are listed in README.md ("What counts as a word").
#pragma once

#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace earshot::query {

// The kinds of words. Between two kinds there is always a word boundary.
enum class Class : std::uint8_t {
  separator,  // spaces, punctuation, symbols, ill-formed bytes
  ignored,    // default-ignorable: soft hyphen, joiners, variation selectors, bidi marks
  word,       // letters and digits of scripts that put spaces between words
  katakana,   // a run of katakana is a word
  hangul,     // a word, to which particles may be attached
  unit,       // Han, hiragana, bopomofo, yi: every character may begin and end a term
  cluster,    // Thai, Lao, Khmer, Myanmar: no spaces, but a character carries its vowels and tones
  emoji,      // each a word of its own
  extend,     // marks: belong to what stands before
};

// One code point's entry. cp() is what it folds to, unless that is many.
struct CharInfo {
  std::uint32_t packed = 0;

  static constexpr std::uint32_t kMany = 1u << 21;       // folds to several code points: see fold_many()
  static constexpr std::uint32_t kJoins = 1u << 22;      // may combine with what stands before (NFKC_Casefold)
  static constexpr std::uint32_t kDroppable = 1u << 23;  // a mark that vanishes after Latin and digits
  static constexpr std::uint32_t kLatin = 1u << 24;      // folds to Latin or digits: droppable marks vanish after it
  static constexpr std::uint32_t kSpace = 1u << 25;      // white space
  static constexpr int kClassShift = 28;

  char32_t cp() const { return packed & 0x1FFFFF; }
  bool has(std::uint32_t flag) const { return (packed & flag) != 0; }
  Class kind() const { return static_cast<Class>(packed >> kClassShift); }
};

// Constant data, made page by page when first looked at (all 4352 would cost 40 ms at every start, most texts need
// five). Thread-safe: a page never changes once it is there.
struct CharPage {
  std::array<CharInfo, 256> info;
  std::u32string expansions;  // of CharInfo::kMany: cp() is where one begins, shifted left by 5, and its length
};
extern std::array<std::atomic<const CharPage*>, 0x1100> char_pages;
const CharPage& make_char_page(char32_t c);

// Entry of any code point; what is none (kIllFormed) separates.
inline CharInfo char_info(char32_t c) {
  if (c > 0x10FFFF) return CharInfo{0xFFFD};
  const CharPage* page = char_pages[c >> 8].load(std::memory_order_acquire);
  return (page != nullptr ? *page : make_char_page(c)).info[c & 0xFF];
}

// What `segment` (a base and the marks that join it, UTF-32) folds to: NFKC_Casefold, then accents and points dropped
// where the script's readers would leave them out, then recomposed. At most 64 code points; returns how many.
constexpr int kMaxFolded = 64;
int fold_segment(const char32_t* segment, int n, char32_t* out);

// What one code point of CharInfo::kMany folds to.
int fold_many(char32_t c, char32_t* out);

// One code point of UTF-8 at text[at]; `length` is the bytes to go on by. Ill-formed input gives kIllFormed, length 1.
constexpr char32_t kIllFormed = 0xFFFFFFFF;
struct Decoded {
  char32_t cp;
  std::uint32_t length;
};
inline Decoded decode(std::string_view text, std::size_t at) {
  const auto* s = reinterpret_cast<const std::uint8_t*>(text.data()) + at;
  if (s[0] >= 0xC2 && s[0] < 0xE0 && text.size() - at >= 2 && (s[1] & 0xC0) == 0x80)  // most that is not ASCII
    return {static_cast<char32_t>((s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu)), 2};
  const auto size = static_cast<std::int32_t>(std::min<std::size_t>(text.size() - at, 4));
  std::int32_t i = 0;
  UChar32 c = 0;
  U8_NEXT(s, i, size, c);
  if (c < 0) return {kIllFormed, 1};
  return {static_cast<char32_t>(c), static_cast<std::uint32_t>(i)};
}
// The code point that ends just before text[at] (at > 0, well-formed text).
Decoded decode_before(std::string_view text, std::size_t at);
// Writes 1 to 4 bytes; returns how many.
inline int encode(char32_t c, char* out) {
  auto* s = reinterpret_cast<std::uint8_t*>(out);
  int n = 0;
  U8_APPEND_UNSAFE(s, n, static_cast<UChar32>(c));
  return n;
}

// Whether a cluster may begin at `next` when `before` stands in front (Thai and its kin).
bool cluster_begins(char32_t before, char32_t next);

// Whether `rest`, the remainder of a Hangul word after a term, is one of Korean's particles (josa).
bool is_josa(std::string_view rest);

}  // namespace earshot::query
