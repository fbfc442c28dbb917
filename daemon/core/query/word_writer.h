// The words form as it is written (fold.h): which byte stands before a word, where words begin and end. What is read
// and folded is Folder's concern (fold.cpp).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/query/chars.h"
#include "core/query/fold.h"
#include "core/query/word_hash.h"

namespace earshot::query {

// Appends one field's words to a Folded. Its state is what stands before the next character: the word that is open, or
// what separates since the last one.
template <bool kOrigins>
class WordWriter {
 protected:
  explicit WordWriter(Folded& to) : out_(to.size_), to_(to), first_word_(to.word_count_) {}

  std::uint32_t begin_field() {
    if (out_ == 0) put_byte(kFieldEdge, 0, 0);
    return static_cast<std::uint32_t>(out_);
  }

  // After the last character; `length`: of the field's text.
  Folded::Range end_field(std::uint32_t start, std::size_t length) {
    end_word();
    const auto end = static_cast<std::uint32_t>(out_);
    put_byte(kFieldEdge, length, length);
    to_.size_ = out_;
    // Only now, when what was written has left the processor's store buffer.
    for (std::size_t i = first_word_; i < to_.word_count_; ++i) {
      WordRef& word = to_.words_[i];
      word.hash = hash_word(to_.buffer_.data() + word.start, word.hash);
    }
    return {start, end};
  }

  // Keeps room for so many bytes more.
  void ensure(std::size_t more) {
    const std::size_t need = out_ + more + Folded::kSlack;
    if (to_.buffer_.size() < need) to_.buffer_.resize(need + need / 2);
    if constexpr (kOrigins)
      if (to_.origins_.size() < to_.buffer_.size()) to_.origins_.resize(to_.buffer_.size());
  }

  // The n bytes written at `out` came from bytes [from, to) of the text.
  void note_origins([[maybe_unused]] std::size_t out, [[maybe_unused]] std::size_t from,
                    [[maybe_unused]] std::size_t to, [[maybe_unused]] std::size_t n) {
    if constexpr (kOrigins)
      std::fill_n(to_.origins_.begin() + static_cast<std::ptrdiff_t>(out), n,
                  Origin{static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)});
  }
  void note_ascii_origins([[maybe_unused]] std::size_t out, [[maybe_unused]] std::size_t at,
                          [[maybe_unused]] std::size_t n) {
    if constexpr (kOrigins)
      for (std::size_t i = 0; i < n; ++i) note_origins(out + i, at + i, at + i + 1, 1);
  }

  void put_byte(char byte, std::size_t from, std::size_t to) {
    to_.buffer_[out_] = byte;
    note_origins(out_++, from, to, 1);
  }

  void put(char32_t c, std::size_t from, std::size_t to) {
    const auto n = static_cast<std::size_t>(encode(c, to_.buffer_.data() + out_));
    note_origins(out_, from, to, n);
    out_ += n;
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

  // Until the field ends, a word's length stands where its hash will.
  void keep_word(std::size_t start, std::size_t end) {
    room_for_words(1);
    to_.words_[to_.word_count_++] = {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end - start)};
  }
  void room_for_words(std::size_t more) {
    if (to_.words_.size() < to_.word_count_ + more) to_.words_.resize(to_.words_.size() * 2 + more);
  }

  void end_word() {
    if (kind_ != Class::separator) keep_word(word_start_, out_);
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
    if (emitted_ && before_gap_ == Class::word) return mark_between(mark_, gap_ == 1);
    if (mark_ == kApostrophe) return emitted_ && gap_ == 1 ? kApostrophe : kSpace;
    return mark_of(mark_);
  }
  // The same after a word with letters and digits: C#dur, info@acme.com, US$ have no marks.
  static char mark_between(char last, bool alone) {
    if (alone) return last == kApostrophe ? kApostrophe : kSpace;
    return mark_of(last);
  }
  static char mark_of(char c) { return c == '@' ? kHandle : c == '#' || c == '$' ? c : kSpace; }

  char* buffer() { return to_.buffer_.data(); }
  // Where the next word is noted, after room_for_words().
  WordRef* words_end() { return to_.words_.data() + to_.word_count_; }
  void words_until(const WordRef* end) { to_.word_count_ = static_cast<std::size_t>(end - to_.words_.data()); }

  std::size_t out_;
  std::size_t word_start_ = 0;
  Class kind_ = Class::separator, before_gap_ = Class::separator;
  char mark_ = kSpace;     // the last separating character
  std::uint32_t gap_ = 0;  // separating characters since the last word
  bool spaces_ = true;     // all of them white space
  bool emitted_ = false;   // a word has been written

 private:
  Folded& to_;
  std::size_t first_word_;
};

}  // namespace earshot::query
