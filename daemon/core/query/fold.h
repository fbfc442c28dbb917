// Plain text → the form that terms are looked up in. Two forms:
//   words    " acme bank s app": folded words, each with one separator byte before it; punctuation is gone
//   literal  "acme bank's app!": folded, white space collapsed, punctuation kept; for `…` terms
// Both are written field after field into one buffer, each field between kFieldEdge bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::query {

// The byte before a word says what stood there. All are below '0', and no other byte of a folded word is.
constexpr char kFieldEdge = '\x01';
constexpr char kSpace = ' ';        // anything
constexpr char kApostrophe = '\'';  // just an apostrophe: the words count as one
// Where they mark a hashtag, a handle or a cashtag. An @ itself would be above '0'.
constexpr char kHash = '#';
constexpr char kHandle = '%';
constexpr char kCash = '$';
constexpr bool is_mark(char c) { return c == kHash || c == kHandle || c == kCash; }
constexpr bool is_separator(char c) { return static_cast<unsigned char>(c) < '0'; }

// In patterns only: what a term's ? and * become.
constexpr char kAnyChar = '\x02';
constexpr char kAnyRest = '\x03';

// A word (or a character, in scripts without spaces) of a folded buffer.
struct WordRef {
  std::uint32_t start;  // byte in the buffer; buffer[start - 1] is its separator, unless it follows a unit directly
  std::uint32_t hash;
};

// Where a folded byte came from: the bytes [start, end) of the field's text.
struct Origin {
  std::uint32_t start, end;
};

class Folded {
 public:
  void clear();
  // Appends a field's text. Returns the half-open range of the buffer it takes, edges excluded.
  struct Range {
    std::uint32_t start = 0, end = 0;
  };
  Range append_words(std::string_view text);
  // The same, and remembers each byte's origin (slower: for the few documents that need it).
  Range append_words_with_origins(std::string_view text);
  Range append_literal(std::string_view text);

  std::string_view text() const { return {buffer_.data(), size_}; }
  std::span<const WordRef> words() const { return {words_.data(), word_count_}; }
  const std::vector<Origin>& origins() const { return origins_; }  // as long as text(), if asked for

 private:
  template <bool kOrigins>
  friend class WordWriter;
  friend class LiteralFolder;
  static constexpr std::size_t kSlack = 64;
  std::vector<char> buffer_;  // always kSlack readable bytes past size_
  std::size_t size_ = 0;
  std::vector<WordRef> words_;  // the first word_count_
  std::size_t word_count_ = 0;
  std::vector<Origin> origins_;
};

// The pattern of a term: its words as append_words would write them, without the first separator unless it is a mark.
// Wildcards must already stand in `term` as kAnyChar and kAnyRest. Empty: the term has no letter, digit or emoji.
std::string fold_pattern(std::string_view term);
// The same with its words: fold_term(t).text() is the pattern between two field edges.
Folded fold_term(std::string_view term);

}  // namespace earshot::query
