// What a query means, written as plainly as possible and as slow as it likes: the definition that the matcher is held
// to. It shares with the matcher the parser and the tables of what single characters are and fold to (chars.h), and
// nothing of how text is walked, terms are found, or topics are evaluated.
#pragma once

#include <string>
#include <vector>

#include "core/query/chars.h"
#include "core/query/set.h"
#include "core/query/tree.h"

namespace earshot::query::reference {

// A folded character and the bytes of the field's text it came from.
struct Char {
  char32_t cp;
  Class kind;
  std::uint32_t start, end;
  bool first_of_emoji = false;
};

struct Word {
  std::vector<Char> chars;
  Class kind;
  char mark = ' ';     // # @ $ before it, ' when only an apostrophe parts it from the word before, else a space
  bool glued = false;  // follows the word before with nothing between (scripts without spaces)
  int field = 0;
  std::int64_t ordinal = 0;
  int sentence = 0;
};

struct Text {
  std::vector<Char> chars;  // separators included
  std::vector<Word> words;
};
Text read(std::string_view text, bool pattern = false);

struct Place {
  int field = 0;
  std::uint32_t start = 0, end = 0;  // bytes
  std::int64_t first = 0, last = 0;  // words
};

enum class Truth { no, unknown, yes };

// A document, read once for many queries.
class Reader {
 public:
  explicit Reader(const Document& document, bool fold_accents = true);
  Truth evaluate(const Tree& tree) const;
  // Where the root stands, if it is a term.
  std::vector<Place> places(const Tree& tree) const;

 private:
  struct Scope {
    std::uint8_t mask;
    int sentence;  // -1: any
  };
  Truth node(const Tree& tree, const Node& n, Scope scope) const;
  std::vector<Place> find(const Tree& tree, const Node& n, Scope scope) const;
  std::vector<Place> term(const Node& n) const;
  std::vector<Place> words(const Node& n) const;
  std::vector<Place> literal(const Node& n) const;
  std::vector<Place> regex(const Node& n) const;
  bool stands_as_word(std::size_t at, std::size_t n) const;
  Place raw(int field, std::uint32_t start, std::uint32_t end) const;

  const Document& document_;
  bool fold_accents_;
  std::string_view texts_[field::count];
  std::vector<Char> chars_[field::count];
  std::vector<Word> words_;
  int sentences_ = 0;
};

}  // namespace earshot::query::reference
