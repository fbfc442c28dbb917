#include "core/query/fold.h"

#include <array>
#include <cstring>
#include <string>

#include "core/query/chars.h"

namespace earshot::query {
namespace {

constexpr std::size_t kSlack = 64;
constexpr int kMaxSegment = 32;  // Unicode's Stream-Safe Text Format allows 30 marks on a base; the rest is dropped

// ASCII letters, digits and _ → what they fold to; all else 0.
constexpr std::array<char, 256> make_ascii() {
  std::array<char, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c);
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c);
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c + 32);
  table['_'] = '_';
  return table;
}
constexpr auto kAscii = make_ascii();

}  // namespace

std::uint32_t hash_word(const char* word, std::size_t length) {
  std::uint64_t h = length * 0x9E3779B97F4A7C15ull;
  for (; length > 8; word += 8, length -= 8) {
    std::uint64_t x;
    std::memcpy(&x, word, 8);
    h = (h ^ x) * 0xD6E8FEB86659FD93ull;
    h ^= h >> 32;
  }
  std::uint64_t x;
  std::memcpy(&x, word, 8);
  if (length < 8) x &= (std::uint64_t{1} << (8 * length)) - 1;
  h = (h ^ x) * 0xD6E8FEB86659FD93ull;
  h ^= h >> 32;
  h *= 0x9E3779B97F4A7C15ull;
  return static_cast<std::uint32_t>(h >> 32);
}

// One pass over one field. State is what the last character left behind.
template <bool kOrigins, bool kLiteral>
class Folder {
 public:
  Folder(Folded& to, std::string_view text, bool pattern = false) : to_(to), text_(text), pattern_(pattern) {}

  Folded::Range run() {
    out_ = to_.size_;
    ensure(8);
    if (out_ == 0) put_byte(kFieldEdge, 0, 0);
    const auto start = static_cast<std::uint32_t>(out_);
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (kAscii[c] != 0)
        ascii_word();
      else if (c < 0x80)
        ascii_other(c);
      else
        other();
    }
    end_word();
    const auto end = static_cast<std::uint32_t>(out_);
    put_byte(kFieldEdge, text_.size(), text_.size());
    to_.size_ = out_;
    return {start, end};
  }

 private:
  struct State {
    std::size_t out, words, word_start;
    Class kind;
    char mark;
    std::uint32_t gap;
    bool spaces, emitted;
  };

  // Keeps room for `more` bytes now and two for every byte of text left. That is all ASCII can need, so its loop does
  // not look; everything else asks before it writes.
  void ensure(std::size_t more) {
    const std::size_t need = out_ + more + (text_.size() - at_) * 2 + kSlack;
    if (to_.buffer_.size() < need) to_.buffer_.resize(need + need / 2);
    if constexpr (kOrigins)
      if (to_.origins_.size() < to_.buffer_.size()) to_.origins_.resize(to_.buffer_.size());
  }

  void put_byte(char byte, std::size_t from, std::size_t to) {
    to_.buffer_[out_] = byte;
    if constexpr (kOrigins) to_.origins_[out_] = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)};
    ++out_;
  }

  void remember() {
    before_ = save();
    before_at_ = at_;
  }
  State save() const { return {out_, to_.words_.size(), word_start_, kind_, mark_, gap_, spaces_, emitted_}; }
  void restore(const State& s) {
    out_ = s.out;
    to_.words_.resize(s.words);
    word_start_ = s.word_start;
    kind_ = s.kind;
    mark_ = s.mark;
    gap_ = s.gap;
    spaces_ = s.spaces;
    emitted_ = s.emitted;
  }

  void end_word() {
    if (kLiteral || kind_ == Class::separator) return;
    char* const word = to_.buffer_.data() + word_start_;
    to_.words_.push_back({static_cast<std::uint32_t>(word_start_), hash_word(word, out_ - word_start_)});
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

  // The byte that tells what stood between the last word and this one.
  char separator() const {
    if (mark_ == '#' || mark_ == '@' || mark_ == '$') {
      // C#dur, info@acme.com, US$: no marks
      if (emitted_ && gap_ == 1 && before_gap_ == Class::word) return kSpace;
      return mark_ == '@' ? kHandle : mark_;
    }
    return mark_ == kApostrophe && emitted_ && gap_ == 1 ? kApostrophe : kSpace;
  }

  // Begins a word or goes on with one.
  void enter(Class kind, std::size_t from) {
    if constexpr (kLiteral) {
      kind_ = kind;
      emitted_ = true;
      return;
    }
    const bool after_gap = kind_ == Class::separator;
    if (!after_gap && kind == kind_ && kind != Class::unit && kind != Class::cluster && kind != Class::emoji) return;
    const bool joined =
        kind == Class::unit &&
        (after_gap ? before_gap_ == Class::unit && gap_ > 0 && spaces_ && emitted_ : kind_ == Class::unit);
    const bool cluster = !after_gap && kind == Class::cluster && kind_ == Class::cluster;
    if (!after_gap) end_word();
    if (!joined && !cluster) {
      const char byte = after_gap ? separator() : kSpace;
      // The field's edge is the first word's separator, unless the word is marked.
      if (emitted_ || byte != kSpace) put_byte(byte, from, from);
    }
    word_start_ = out_;
    kind_ = kind;
    mark_ = kSpace;
    gap_ = 0;
    emitted_ = true;
  }

  void put(char32_t c, std::size_t from, std::size_t to) {
    char bytes[4];
    const int n = encode(c, bytes);
    for (int i = 0; i < n; ++i) put_byte(bytes[i], from, to);
  }

  void ascii_word() {
    const char* s = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    // A mark may join the letter before it, and then that letter is taken back: `before_` is where to.
    if (end - s > 1 && kAscii[static_cast<unsigned char>(s[1])] == 0) remember();
    enter(Class::word, at_);
    char* o = to_.buffer_.data() + out_;
    const char* const first = s;
    for (char t; s != end && (t = kAscii[static_cast<unsigned char>(*s)]) != 0; ++s) *o++ = t;
    const auto n = static_cast<std::size_t>(s - first);
    if constexpr (kOrigins)
      for (std::size_t i = 0; i < n; ++i)
        to_.origins_[out_ + i] = {static_cast<std::uint32_t>(at_ + i), static_cast<std::uint32_t>(at_ + i + 1)};
    out_ += n;
    at_ += n;
    if (n > 1 && s != end && static_cast<unsigned char>(*s) >= 0x80) {
      --out_, --at_;
      remember();
      ++out_, ++at_;
    }
    latin_ = true;
  }

  void ascii_other(unsigned char c) {
    latin_ = true;
    if (pattern_ && (c == kAnyChar || c == kAnyRest)) {
      one(c, Class::extend, at_, at_ + 1);
      before_at_ = ++at_;
      return;
    }
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (kLiteral && !space) {
      if (c >= ' ') put_byte(static_cast<char>(c), at_, at_ + 1);
      kind_ = Class::separator;
      mark_ = kApostrophe;  // not a space: the next space counts
    } else if (kLiteral) {
      literal_space();
    } else {
      separate(static_cast<char>(c), space);
    }
    before_at_ = ++at_;  // marks do not join what is no letter
  }

  void literal_space() {
    if (mark_ != kSpace || kind_ != Class::separator) put_byte(' ', at_, at_ + 1);
    kind_ = Class::separator;
    mark_ = kSpace;
  }

  void other() {
    const Decoded d = decode(text_, at_);
    if (d.cp == kIllFormed) {
      separator_char(0xFFFD, d.length, false);
      latin_ = false;
      return;
    }
    const CharInfo info = char_info(d.cp);
    if (info.has(CharInfo::kJoins)) {
      if (info.has(CharInfo::kDroppable) && latin_) {
        grow_last(d.length);
        at_ += d.length;
        return;
      }
      segment(d);
      return;
    }
    if (info.kind() == Class::ignored) {
      at_ += d.length;
      return;
    }
    remember();
    latin_ = info.has(CharInfo::kLatin);
    if (info.kind() == Class::emoji) {
      emoji(d);
      return;
    }
    if (info.kind() == Class::separator && !info.has(CharInfo::kMany)) {
      separator_char(info.cp(), d.length, info.has(CharInfo::kSpace));
      return;
    }
    if (info.has(CharInfo::kMany)) {
      ensure(kMaxFolded * 5);
      char32_t folded[kMaxFolded];
      const int n = fold_many(d.cp, folded);
      emit(folded, n, at_, at_ + d.length);
    } else {
      ensure(8);
      one(info.cp(), info.kind(), at_, at_ + d.length);
    }
    at_ += d.length;
  }

  void separator_char(char32_t c, std::uint32_t length, bool space) {
    ensure(8);
    if constexpr (kLiteral) {
      if (space) {
        literal_space();
      } else {
        put(c, at_, at_ + length);
        kind_ = Class::separator;
        mark_ = kApostrophe;
      }
    } else {
      separate(c < 0x80 ? static_cast<char>(c) : kSpace, space);
    }
    at_ += length;
  }

  // A mark that vanished still belongs to the letter it stood on.
  void grow_last(std::uint32_t length) {
    if constexpr (kOrigins)
      if (kind_ != Class::separator) to_.origins_[out_ - 1].end = static_cast<std::uint32_t>(at_ + length);
  }

  // A base and the marks that join it: take the base back and fold all of it together.
  void segment(Decoded first) {
    char32_t raw[kMaxSegment];
    int n = 0;
    std::size_t from = at_;
    if (before_at_ < at_) {
      restore(before_);
      from = before_at_;
      for (std::size_t i = from; i < at_;) {
        const Decoded d = decode(text_, i);
        if (d.cp != kIllFormed && n < kMaxSegment) raw[n++] = d.cp;
        i += d.length;
      }
    }
    Decoded d = first;
    std::size_t at = at_;
    while (true) {
      if (n < kMaxSegment) raw[n++] = d.cp;
      at += d.length;
      if (at >= text_.size()) break;
      d = decode(text_, at);
      if (d.cp == kIllFormed || !char_info(d.cp).has(CharInfo::kJoins)) break;
    }
    at_ = from;
    ensure(kMaxFolded * 5);
    char32_t folded[kMaxFolded];
    const int made = fold_segment(raw, n, folded);
    emit(folded, made, from, at);
    at_ = at;
    remember();  // a segment is whole: nothing after it may join it again
    latin_ = false;
  }

  void emit(const char32_t* folded, int n, std::size_t from, std::size_t to) {
    for (int i = 0; i < n; ++i) {
      const CharInfo info = char_info(folded[i]);
      if (info.kind() != Class::ignored) one(folded[i], info.kind(), from, to);
    }
  }

  // One folded character.
  void one(char32_t c, Class kind, std::size_t from, std::size_t to) {
    if (kind == Class::separator) {
      if constexpr (kLiteral) {
        put(c, from, to);
        kind_ = Class::separator;
        mark_ = kApostrophe;
      } else {
        separate(c < 0x80 ? static_cast<char>(c) : kSpace, false);
      }
      return;
    }
    if (kind == Class::extend) {
      if (!kLiteral && kind_ == Class::separator) enter(Class::word, from);  // a mark with nothing to stand on
    } else if (kind == Class::cluster && kind_ == Class::cluster && !cluster_begins(last_, c)) {
      // goes on with the cluster
    } else {
      enter(kind, from);
    }
    put(c, from, to);
    last_ = c;
  }

  // A whole emoji: base, joined ones, flags' pairs and tags. Skin tones and presentation selectors fold away.
  void emoji(Decoded d) {
    ensure(64);
    const std::size_t from = at_;
    char32_t parts[12];
    int n = 0;
    parts[n++] = d.cp;
    std::size_t at = at_ + d.length;
    bool flag = regional(d.cp);
    while (at < text_.size()) {
      const Decoded next = decode(text_, at);
      if (next.cp == 0xFE0F || next.cp == 0xFE0E || (next.cp >= 0x1F3FB && next.cp <= 0x1F3FF)) {
        at += next.length;
      } else if (flag && n == 1 && regional(next.cp)) {
        parts[n++] = next.cp;
        at += next.length;
        flag = false;
      } else if (next.cp >= 0xE0020 && next.cp <= 0xE007F && n < 11) {
        parts[n++] = next.cp;
        at += next.length;
      } else if (next.cp == 0x200D && at + next.length < text_.size() && n < 10) {
        const Decoded joined = decode(text_, at + next.length);
        if (joined.cp == kIllFormed || char_info(joined.cp).kind() != Class::emoji) break;
        parts[n++] = next.cp;
        parts[n++] = joined.cp;
        at += next.length + joined.length;
      } else {
        break;
      }
    }
    enter(Class::emoji, from);
    for (int i = 0; i < n; ++i) put(parts[i], from, at);
    at_ = at;
    remember();
  }

  static bool regional(char32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }

  Folded& to_;
  std::string_view text_;
  bool pattern_;  // ? and * stand in it as kAnyChar and kAnyRest
  std::size_t at_ = 0, out_ = 0, word_start_ = 0;
  Class kind_ = Class::separator, before_gap_ = Class::separator;
  char mark_ = kSpace;     // the last separating character
  std::uint32_t gap_ = 0;  // separating characters since the last word
  bool spaces_ = true;     // all of them white space
  bool emitted_ = false;   // a word has been written
  bool latin_ = false;     // the last character is one that droppable marks vanish after
  char32_t last_ = 0;      // last folded character
  State before_{};         // just before the last character, in case marks join it
  std::size_t before_at_ = 0;
};

void Folded::clear() {
  size_ = 0;
  words_.clear();
}

Folded::Range Folded::append_words(std::string_view text) { return Folder<false, false>(*this, text).run(); }
Folded::Range Folded::append_words_with_origins(std::string_view text) {
  return Folder<true, false>(*this, text).run();
}
Folded::Range Folded::append_literal(std::string_view text) { return Folder<true, true>(*this, text).run(); }

Folded fold_term(std::string_view term) {
  Folded folded;
  Folder<false, false>(folded, term, true).run();
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
