// The parse tree: lossless, because every node says which bytes of the text it is and the tokens, white space and
// comments included, are the text. For compile, lint and explain.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/query/query.h"

namespace earshot::query {

// Bytes [start, end) of the query text.
struct Place {
  std::uint32_t start = 0, end = 0;
};

enum class TokenKind : std::uint8_t {
  space,     // white space and comments <<< … >>>
  open,      // (
  close,     // )
  word,      // a word, with its wildcards
  phrase,    // "…"
  exact,     // ="…"
  literal,   // `…`
  regex,     // /…/i
  both,      // AND
  either,    // OR
  without,   // NOT
  minus,     // - before a term or group
  near,      // NEAR/n
  onear,     // ONEAR/n
  sentence,  // SENTENCE
  at_least,  // atleast/n:
  field,     // name:
  compare,   // name:>=value, the whole of it
  topic,     // @{name}
};

struct Token {
  TokenKind kind;
  Place place;
};

// Texts a term can be sought in, as bits.
namespace field {
constexpr std::uint8_t title = 1, summary = 2, content = 4, author = 8, url = 16;
constexpr std::uint8_t body = summary | content;
constexpr std::uint8_t text = title | body;  // where a term without a field is sought
constexpr int count = 5;
}  // namespace field

// Fields with a value that is compared as a whole.
enum class ValueField : std::uint8_t { site, domain, lang, source, type, tag, label };
// "site" …, and back.
const char* name(ValueField field);

enum class Compare : std::uint8_t { less, less_equal, equal, greater_equal, greater };
enum class TimeField : std::uint8_t { published, seen, within };

enum class NodeKind : std::uint8_t {
  all,       // children joined by AND
  any,       // children joined by OR
  negate,    // one child
  term,      // words to look for: `text`, `style`
  regex,     // `text` between the slashes, `count` 1: ignore case
  near,      // two children, `count` words between at most, `ordered`
  sentence,  // one child
  at_least,  // one child, a term; `count` times
  field,     // one child; `mask`
  value,     // `value_field` and `text`
  number,    // `text` is the number's name, `compare`, `number`
  time,      // `time_field`, `compare`, `low` and `high`: ms since the epoch (within: a length)
  topic,     // `text` is its name
};

enum class Style : std::uint8_t { word, phrase, exact, literal };

struct Node {
  NodeKind kind = NodeKind::all;
  Place place;
  std::vector<std::uint32_t> children;  // indices into Tree::nodes
  std::string text;
  Style style = Style::word;
  ValueField value_field = ValueField::site;
  Compare compare = Compare::equal;
  TimeField time_field = TimeField::published;
  std::uint8_t mask = 0;
  bool ordered = false;
  std::uint32_t count = 0;
  double number = 0;
  std::int64_t low = 0, high = 0;
};

struct Tree {
  std::string text;
  std::vector<Token> tokens;  // one after the other they are `text`
  std::vector<Node> nodes;    // children before parents; the last is the root
  const Node& root() const { return nodes.back(); }
};

// `text` of a term with its wildcards as kAnyChar and kAnyRest (fold.h), where they are wildcards: * at the end of a
// word, ? in one. In a phrase a ? that ends a word is a question mark.
std::string wildcards(std::string_view text, Style style);

// Limits that keep any one query affordable.
constexpr std::size_t kMaxQueryBytes = std::size_t{64} * 1024;
constexpr std::size_t kMaxNodes = 4'000;
constexpr std::uint32_t kMaxDepth = 50;
constexpr std::uint32_t kMaxDistance = 50;  // NEAR/n
constexpr std::uint32_t kMaxAtLeast = 100;  // atleast/n
constexpr std::size_t kMaxTermBytes = 1'000;

}  // namespace earshot::query
