// The words form: one pass over a field's text, writing words and the separators before them.
#include "core/query/fold.h"

#include <array>
#include <bit>
#include <cstring>

#include "core/query/ascii.h"
#include "core/query/chars.h"
#include "core/query/segment.h"
#include "core/query/word_writer.h"

namespace earshot::query {
namespace {

constexpr bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

enum class Mode : std::uint8_t {
  text,
  origins,  // text, and where each byte came from
  pattern,  // a term, in which ? and * stand as kAnyChar and kAnyRest
};

template <Mode kMode>
class Folder : private WordWriter<kMode == Mode::origins> {
  using Writer = WordWriter<kMode == Mode::origins>;
  using Writer::before_gap_, Writer::emitted_, Writer::gap_, Writer::kind_, Writer::mark_, Writer::out_,
      Writer::spaces_, Writer::word_start_;
  using Writer::begin_field, Writer::begin_word, Writer::buffer, Writer::end_field, Writer::enter, Writer::keep_word,
      Writer::mark_between, Writer::note_ascii_origins, Writer::note_origins, Writer::put, Writer::put_byte,
      Writer::room_for_words, Writer::separate, Writer::words_end, Writer::words_until;

 public:
  Folder(Folded& to, std::string_view text) : Writer(to), text_(text) {}

  Folded::Range run() {
    room(8);
    const std::uint32_t start = begin_field();
    while (at_ < text_.size()) {
      if constexpr (kMode != Mode::pattern) ascii_words();
      if (at_ >= text_.size()) break;
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c >= 0x80)
        beyond_ascii();
      else if (kAsciiWords[c] != 0)
        ascii_word();
      else
        ascii_other(static_cast<char>(c));
    }
    return end_field(start, text_.size());
  }

 private:
  // Keeps room for `more` bytes now and twice the text that is left: what ASCII and any letter that folds to one letter
  // can need, so they do not ask. The rest asks before it writes.
  void room(std::size_t more) { this->ensure(more + (text_.size() - at_) * 2); }

  // The common case, ASCII words between ASCII separators, as many as a block holds. Stops before all else, and before
  // a word that goes on with other letters.
  void ascii_words() {
    while (kind_ == Class::separator && at_ < text_.size() && static_cast<unsigned char>(text_[at_]) < 0x80) {
      const std::size_t from = in_block();
      const std::uint64_t word = block_.word, later = ~std::uint64_t{0} << from;
      // Words that begin from here on, and the bytes after their last: both before the first that is no ASCII.
      const auto pure = static_cast<std::size_t>(std::countr_zero(block_.beyond & later));
      const std::uint64_t before = pure < kBlock ? (std::uint64_t{1} << pure) - 1 : ~std::uint64_t{0};
      std::uint64_t starts = word & ~(word << 1) & later & before;
      std::uint64_t ends = ~word & (word << 1) & (later << 1) & before;
      std::size_t after = from;
      if (ends != 0) {
        const auto first = static_cast<std::size_t>(std::countr_zero(starts));
        if (first > from) separators(block_at_ + from, first - from);
        begin_word(Class::word, block_at_ + first);
        after = copy_words(starts, ends);
        before_gap_ = Class::word;
        kind_ = Class::separator;
        spaces_ = false;  // of no account after such a word
      }
      const auto stop = std::min({static_cast<std::size_t>(std::countr_zero(starts)), pure, text_.size() - block_at_});
      if (stop > after) separators(block_at_ + after, stop - after);
      at_ = block_at_ + stop;
      if (starts != 0) {
        if (pure < kBlock || stop == 0) return;
        block_end_ = 0;  // the word goes on beyond the block: read one that begins with it
      }
    }
  }

  // Copies words of the block, the first of which is begun, with the separators between. Takes them out of the bits and
  // returns where the last ends. What it needs is in local variables: a byte written could else be any of the members.
  std::size_t copy_words(std::uint64_t& starts, std::uint64_t& ends) {
    room_for_words(kBlock);
    WordRef* words = words_end();
    char* const bytes = buffer();
    const char* const folded = block_.folded.data();
    std::size_t out = out_, after = 0;
    for (bool first = true; ends != 0; first = false, starts &= starts - 1, ends &= ends - 1) {
      const auto start = static_cast<std::size_t>(std::countr_zero(starts));
      const auto end = static_cast<std::size_t>(std::countr_zero(ends));
      if (!first) {
        const char mark = folded[start - 1];
        note_origins(out, block_at_ + start, block_at_ + start, 1);
        bytes[out++] = mark == ' ' ? kSpace : mark_between(mark, start - after == 1);
      }
      const std::size_t length = end - start;
      std::memcpy(bytes + out, folded + start, 16);
      if (length > 16) std::memcpy(bytes + out + 16, folded + start + 16, length - 16);
      note_ascii_origins(out, block_at_ + start, length);
      *words++ = {static_cast<std::uint32_t>(out), static_cast<std::uint32_t>(length)};
      out += length;
      after = end;
    }
    words_until(words);
    out_ = out;
    return after;
  }

  // Sees to it that block_ has text_[at_], and says where.
  std::size_t in_block() {
    if (at_ >= block_end_) {
      look(text_.data() + at_, text_.size() - at_, block_);
      block_at_ = at_;
      block_end_ = at_ + kBlock;
    }
    return at_ - block_at_;
  }

  void copy_ascii(std::size_t start, std::size_t length) {
    const char* from = block_.folded.data() + start;
    char* const to = buffer() + out_;
    std::memcpy(to, from, 16);
    if (length > 16) std::memcpy(to + 16, from + 16, length - 16);
    note_ascii_origins(out_, block_at_ + start, length);
    out_ += length;
  }

  // ASCII separators after an ASCII word or other separators.
  void separators(std::size_t at, std::size_t n) {
    for (std::size_t i = 0; i + 1 < n && spaces_; ++i) spaces_ = blank(text_[at + i]);
    mark_ = text_[at + n - 1];
    gap_ += static_cast<std::uint32_t>(n);
    spaces_ = spaces_ && blank(mark_);
  }

  // A word of ASCII, or the part of one. Its last letter may have marks.
  void ascii_word() {
    enter(Class::word, at_);
    std::size_t end = 0;
    do {
      const std::size_t start = in_block();
      const auto n = static_cast<std::size_t>(std::countr_one(block_.word >> start));
      copy_ascii(start, n);
      at_ += n;
      end = start + n;
    } while (end == kBlock && at_ < text_.size() && kAsciiWords[static_cast<unsigned char>(text_[at_])] != 0);
    if (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= 0x80 && joined_at(at_)) {
      --out_;
      --at_;
      segment();
    }
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
      const bool letter =
          kind == Class::katakana || kind == Class::hangul || kind == Class::unit || kind == Class::cluster;
      enter(letter ? kind : Class::word, at_);
    }
    put_byte(c, at_, at_ + 1);
    last_ = 0;
  }

  void beyond_ascii() {
    const Decoded d = decode(text_, at_);
    const CharInfo info = char_info(d.cp);
    const std::size_t next = at_ + d.length;
    if (!plain(info) || (next < text_.size() && static_cast<unsigned char>(text_[next]) >= 0x80 && joined_at(next)))
      return segment();
    one(info.cp(), info.kind(), at_, next);
    at_ = next;
    if (kind_ != Class::separator && kind_ != Class::cluster) letters();
  }

  // More letters of the kind of the open word that fold to one letter each, as long as the next is known not to join
  // them. What it needs is in local variables, as in copy_words().
  void letters() {
    const std::string_view text = text_;
    char* const bytes = buffer();
    std::size_t at = at_, out = out_;
    char32_t last = last_;
    const bool units = kind_ == Class::unit;
    const auto beyond = [&](std::size_t i) { return i < text.size() && static_cast<unsigned char>(text[i]) >= 0x80; };
    const auto goes_on = [kind = kind_](CharInfo info) {
      return !info.has(CharInfo::kJoins | CharInfo::kMany) && (info.kind() == kind || info.kind() == Class::extend);
    };
    if (beyond(at)) {
      Decoded d = decode(text, at);
      CharInfo info = char_info(d.cp);
      while (goes_on(info)) {
        const std::size_t next = at + d.length;
        Decoded after{};
        CharInfo after_info{};
        if (beyond(next)) {
          after = decode(text, next);
          after_info = char_info(after.cp);
          if (after_info.has(CharInfo::kJoins) || after_info.kind() == Class::ignored) break;
        }
        last = info.cp();
        if (units && info.kind() == Class::unit) {
          keep_word(word_start_, out);
          word_start_ = out;
        }
        const auto n = static_cast<std::size_t>(encode(last, bytes + out));
        note_origins(out, at, next, n);
        out += n;
        at = next;
        d = after;
        info = after_info;  // of nothing: no letter
      }
    }
    at_ = at;
    out_ = out;
    last_ = last;
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
      room(kMaxFolded * 5);
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

  std::string_view text_;
  std::size_t at_ = 0;
  char32_t last_ = 0;  // last folded character
  Segment segment_;
  AsciiBlock block_;  // bytes [block_at_, block_end_) of the text
  std::size_t block_at_ = 0, block_end_ = 0;
};

}  // namespace

void Folded::clear() {
  size_ = 0;
  word_count_ = 0;
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

}  // namespace earshot::query
