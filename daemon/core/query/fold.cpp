// The words form: one pass over a field's text, writing words and the separators before them.
#include "core/query/fold.h"

#include <bit>
#include <cstring>

#include "core/query/ascii16.h"
#include "core/query/chars.h"
#include "core/query/segment.h"

namespace earshot::query {
namespace {

constexpr std::uint64_t kOdd1 = 0x9E3779B97F4A7C15ull, kOdd2 = 0xD6E8FEB86659FD93ull;

// Sixteen bytes more of a word, zeroes after its end.
constexpr std::uint64_t mix(std::uint64_t h, std::uint64_t low, std::uint64_t high) {
  h = (h ^ low) * kOdd2;
  h ^= h >> 32;
  h = (h ^ high) * kOdd2;
  return h ^ (h >> 32);
}
constexpr std::uint64_t begin_hash(std::size_t length) { return length * kOdd1; }
constexpr std::uint32_t end_hash(std::uint64_t h) { return static_cast<std::uint32_t>((h * kOdd1) >> 32); }

// The first `n` bytes of a number as it is in memory; the rest zero.
constexpr std::uint64_t first_bytes(std::uint64_t x, std::size_t n) {
  static_assert(std::endian::native == std::endian::little);
  return n >= 8 ? x : x & ((std::uint64_t{1} << (8 * n)) - 1);
}

std::uint64_t mix_last(std::uint64_t h, std::uint64_t low, std::uint64_t high, std::size_t length) {
  return mix(h, first_bytes(low, length), length > 8 ? first_bytes(high, length - 8) : 0);
}

constexpr bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

enum class Mode : std::uint8_t {
  text,
  origins,  // text, and where each byte came from
  pattern,  // a term, in which ? and * stand as kAnyChar and kAnyRest
};

}  // namespace

std::uint32_t hash_word(const char* word, std::size_t length) {
  std::uint64_t h = begin_hash(length), low = 0, high = 0;
  for (;; word += 16, length -= 16) {
    std::memcpy(&low, word, 8);
    std::memcpy(&high, word + 8, 8);
    if (length <= 16) return end_hash(mix_last(h, low, high, length));
    h = mix(h, low, high);
  }
}

// What stands before the text is in the members: the word that is open, or what separates since the last one.
template <auto kMode>
class Folder {
 public:
  Folder(Folded& to, std::string_view text) : to_(to), text_(text), out_(to.size_) {}

  Folded::Range run() {
    ensure(8);
    if (out_ == 0) put_byte(kFieldEdge, 0, 0);
    const auto start = static_cast<std::uint32_t>(out_);
    while (at_ < text_.size()) {
      if constexpr (kMode != Mode::pattern)
        if (at_ + 16 <= text_.size() && ascii_block()) continue;
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c >= 0x80)
        beyond_ascii();
      else if (kAsciiWords[c] != 0)
        ascii_word();
      else
        ascii_other(static_cast<char>(c));
    }
    end_word();
    const auto end = static_cast<std::uint32_t>(out_);
    put_byte(kFieldEdge, text_.size(), text_.size());
    to_.size_ = out_;
    return {start, end};
  }

 private:
  // Keeps room for `more` bytes now and twice the text that is left: what ASCII and any letter that folds to one letter
  // can need, so they do not ask. The rest asks before it writes.
  void ensure(std::size_t more) {
    const std::size_t need = out_ + more + (text_.size() - at_) * 2 + Folded::kSlack;
    if (to_.buffer_.size() < need) to_.buffer_.resize(need + need / 2);
    if constexpr (kMode == Mode::origins)
      if (to_.origins_.size() < to_.buffer_.size()) to_.origins_.resize(to_.buffer_.size());
  }

  void put_byte(char byte, std::size_t from, std::size_t to) {
    to_.buffer_[out_] = byte;
    if constexpr (kMode == Mode::origins)
      to_.origins_[out_] = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)};
    ++out_;
  }

  void put(char32_t c, std::size_t from, std::size_t to) {
    char bytes[4];
    const int n = encode(c, bytes);
    for (int i = 0; i < n; ++i) put_byte(bytes[i], from, to);
  }

  void note_ascii_origins(std::size_t n) {
    if constexpr (kMode == Mode::origins)
      for (std::size_t i = 0; i < n; ++i)
        to_.origins_[out_ + i] = {static_cast<std::uint32_t>(at_ + i), static_cast<std::uint32_t>(at_ + i + 1)};
  }

  // The common case, a short ASCII word and what separates it from the next, in one step. False: something else.
  bool ascii_block() {
    if (kind_ != Class::separator) return false;
    const Ascii16 block = look16(text_.data() + at_);
    const std::uint32_t length = static_cast<std::uint32_t>(std::countr_one(block.word));
    if (length == 0 || length == 16 || ((block.beyond >> length) & 1) != 0) return false;
    begin_word(Class::word, at_);
    char* const out = to_.buffer_.data() + out_;
    std::memcpy(out, &block.low, 8);
    std::memcpy(out + 8, &block.high, 8);
    note_ascii_origins(length);
    to_.words_.push_back({static_cast<std::uint32_t>(out_),
                          end_hash(mix_last(begin_hash(length), block.low, block.high, length))});
    out_ += length;
    const std::uint32_t stop = (block.word | block.beyond) >> length;
    const std::uint32_t gap = stop != 0 ? static_cast<std::uint32_t>(std::countr_zero(stop)) : 16 - length;
    at_ += length + gap;
    kind_ = Class::separator;
    before_gap_ = Class::word;
    gap_ = gap;
    mark_ = text_[at_ - 1];
    return true;
  }

  void ascii_word() {
    const char* s = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    while (s != end && kAsciiWords[static_cast<unsigned char>(*s)] != 0) ++s;
    std::size_t n = static_cast<std::size_t>(s - (text_.data() + at_));
    // The last letter may have marks.
    const bool marked = s != end && static_cast<unsigned char>(*s) >= 0x80 && joined_at(at_ + n);
    if (marked) --n;
    if (n > 0) {
      enter(Class::word, at_);
      for (std::size_t i = 0; i < n; ++i)
        to_.buffer_[out_ + i] = kAsciiWords[static_cast<unsigned char>(text_[at_ + i])];
      note_ascii_origins(n);
      out_ += n;
      at_ += n;
    }
    if (marked) segment();
  }

  bool joined_at(std::size_t at) const {
    const CharInfo info = char_info(decode(text_, at).cp);
    return info.has(CharInfo::kJoins) || info.kind() == Class::ignored;
  }

  void ascii_other(char c) {
    if (kMode == Mode::pattern && (c == kAnyChar || c == kAnyRest))
      wildcard(c);
    else
      separate(c, blank(c));
    ++at_;
  }

  // A wildcard is of the kind of what stands beside it: before, or else after.
  void wildcard(char c) {
    if (kind_ == Class::separator) {
      const std::size_t next = text_.find_first_not_of(std::string_view{"\x02\x03", 2}, at_);
      Class kind = Class::separator;
      if (next != std::string_view::npos) kind = char_info(decode(text_, next).cp).kind();
      const bool letter = kind == Class::katakana || kind == Class::hangul || kind == Class::unit || kind == Class::cluster;
      enter(letter ? kind : Class::word, at_);
    }
    put_byte(c, at_, at_ + 1);
    last_ = 0;
  }

  // Letters that fold to one letter go straight through, each once the next is known not to join it.
  void beyond_ascii() {
    Decoded d = decode(text_, at_);
    CharInfo info = char_info(d.cp);
    while (plain(info)) {
      const std::size_t next = at_ + d.length;
      const bool more = next < text_.size() && static_cast<unsigned char>(text_[next]) >= 0x80;
      Decoded after{};
      CharInfo after_info{};
      if (more) {
        after = decode(text_, next);
        after_info = char_info(after.cp);
        if (after_info.has(CharInfo::kJoins) || after_info.kind() == Class::ignored) break;
      }
      one(info.cp(), info.kind(), at_, next);
      at_ = next;
      if (!more) return;
      d = after;
      info = after_info;
    }
    segment();
  }

  static bool plain(CharInfo info) {
    if (info.has(CharInfo::kJoins | CharInfo::kMany)) return false;
    const Class kind = info.kind();
    return kind != Class::separator && kind != Class::ignored && kind != Class::emoji;
  }

  void segment() {
    const std::size_t next = read_segment(text_, at_, segment_);
    const Segment& s = segment_;
    if (s.kind == Segment::separator) {
      separate(s.folded[0] < 0x80 ? static_cast<char>(s.folded[0]) : kSpace, s.space);
    } else {
      ensure(kMaxFolded * 5);
      if (s.kind == Segment::emoji) {
        enter(Class::emoji, s.from);
        for (int i = 0; i < s.n; ++i) put(s.folded[static_cast<std::size_t>(i)], s.from, s.to);
      } else {
        for (int i = 0; i < s.n; ++i) {
          const char32_t c = s.folded[static_cast<std::size_t>(i)];
          if (const Class kind = char_info(c).kind(); kind != Class::ignored) one(c, kind, s.from, s.to);
        }
      }
    }
    at_ = next;
  }

  // One folded character.
  void one(char32_t c, Class kind, std::size_t from, std::size_t to) {
    if (kind == Class::separator) return separate(c < 0x80 ? static_cast<char>(c) : kSpace, false);
    if (kind == Class::extend) {
      if (kind_ == Class::separator) enter(Class::word, from);  // a mark with nothing to stand on
    } else if (kind != Class::cluster || kind_ != Class::cluster || cluster_begins(last_, c)) {
      enter(kind, from);
    }
    put(c, from, to);
    last_ = c;
  }

  // A character that belongs to no word. `mark` is the separator byte it would leave.
  void separate(char mark, bool space) {
    if (kind_ != Class::separator) {
      end_word();
      before_gap_ = kind_;
      kind_ = Class::separator;
      gap_ = 0;
      spaces_ = true;
    }
    ++gap_;
    mark_ = mark;
    spaces_ = spaces_ && space;
  }

  void end_word() {
    if (kind_ == Class::separator) return;
    const char* const word = to_.buffer_.data() + word_start_;
    to_.words_.push_back({static_cast<std::uint32_t>(word_start_), hash_word(word, out_ - word_start_)});
  }

  // Begins a word or goes on with one.
  void enter(Class kind, std::size_t from) {
    if (kind_ == Class::separator) return begin_word(kind, from);
    if (kind == kind_ && kind != Class::unit && kind != Class::cluster && kind != Class::emoji) return;
    end_word();
    // Between characters of a script without spaces nothing is written.
    if (kind != kind_ || kind == Class::emoji) put_byte(kSpace, from, from);
    word_start_ = out_;
    kind_ = kind;
  }

  // The first word after a gap.
  void begin_word(Class kind, std::size_t from) {
    const bool joined = kind == Class::unit && emitted_ && before_gap_ == Class::unit && gap_ > 0 && spaces_;
    if (!joined) {
      const char byte = mark_ == kSpace ? kSpace : separator();
      // The field's edge is the first word's separator, unless the word is marked.
      if (emitted_ || byte != kSpace) put_byte(byte, from, from);
    }
    word_start_ = out_;
    kind_ = kind;
    mark_ = kSpace;
    gap_ = 0;
    emitted_ = true;
  }

  // The byte that tells what stood between the last word and this one.
  char separator() const {
    if (mark_ == '#' || mark_ == '@' || mark_ == '$') {
      // C#dur, info@acme.com, US$: no marks
      if (emitted_ && gap_ == 1 && before_gap_ == Class::word) return kSpace;
      return mark_ == '@' ? kHandle : mark_;
    }
    return mark_ == kApostrophe && emitted_ && gap_ == 1 ? kApostrophe : kSpace;
  }

  Folded& to_;
  std::string_view text_;
  std::size_t at_ = 0, out_, word_start_ = 0;
  Class kind_ = Class::separator, before_gap_ = Class::separator;
  char mark_ = kSpace;     // the last separating character
  std::uint32_t gap_ = 0;  // separating characters since the last word
  bool spaces_ = true;     // all of them white space; of no account after an ASCII word
  bool emitted_ = false;   // a word has been written
  char32_t last_ = 0;      // last folded character
  Segment segment_;
};

void Folded::clear() {
  size_ = 0;
  words_.clear();
}

Folded::Range Folded::append_words(std::string_view text) { return Folder<Mode::text>(*this, text).run(); }
Folded::Range Folded::append_words_with_origins(std::string_view text) {
  return Folder<Mode::origins>(*this, text).run();
}

Folded fold_term(std::string_view term) {
  Folded folded;
  Folder<Mode::pattern>(folded, term).run();
  return folded;
}

std::string fold_pattern(std::string_view term) {
  const Folded folded = fold_term(term);
  const std::string_view text = folded.text();
  return std::string(text.substr(1, text.size() - 2));
}

std::size_t Folded::memory() const {
  return buffer_.capacity() + words_.capacity() * sizeof(WordRef) + origins_.capacity() * sizeof(Origin);
}

}  // namespace earshot::query
