// What differs between the dialects that import.cpp reads: how operators are spelled and bind, and what fields mean.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/query/import.h"

namespace earshot::query {

struct ForeignField {
  enum Means : std::uint8_t {
    text,      // one of our text fields: `ours`:word
    all_text,  // the same, for this word and all that follow (allintitle:)
    value,     // `ours`:value
    number,    // `ours`:>=number, or a range
    since,     // published:>=date
    until,     // published:<date
    handle,    // @value
    hashtag,   // #value
    raw,       // letter for letter
    author,    // author:value
  };
  std::string_view theirs;  // in lower case
  Means means;
  std::string_view ours;
};

// What a + before a word asks for.
enum class Plus : std::uint8_t {
  nothing,  // it has no meaning
  as_is,    // no synonyms, no correction: as Earshot always looks
  exact,    // + the characters as they are, ++ upper and lower case too
};

struct DialectRules {
  std::string_view name;
  bool any_case = false;          // operators in lower case too
  bool or_binds_tighter = false;  // a b OR c is a (b OR c)
  bool braces_exact = false;      // {NASA} is case-sensitive
  bool around = false;            // AROUND(5)
  bool pipe_is_or = false;
  bool wildcards = false;        // * in and at the end of words, ? for a letter; else they are punctuation
  bool boosts = false;           // word^9, which is about display
  bool sentence_joins = false;   // a SENTENCE b
  bool accents_told = false;     // é in the query finds only é
  bool ranges_of_words = false;  // 2010..2020
  Plus plus = Plus::nothing;
  int near = 0;  // words between that NEAR without a number allows; 0: there is no such thing
  std::span<const ForeignField> fields;
};

const DialectRules& rules_of(Dialect dialect);
// Nothing: the dialect has no such field, or Earshot has no counterpart.
const ForeignField* field_of(const DialectRules& rules, std::string_view theirs);

struct ForeignToken {
  enum Kind : std::uint8_t { open, close, both, either, without, near, leaf } kind = leaf;
  std::size_t offset = 0, length = 0;
  std::string text{};   // leaf: word or phrase without its quotes; open: the field in front of the bracket
  std::string field{};  // leaf
  bool phrase = false, exact = false, ordered = false;
  bool sentence = false;  // near: in one sentence
  bool boost = false;     // leaf, close: ^n
  int number = 0;         // near; ~n after a phrase or group
  int plus = 0;           // leaf: how many + stood before it
};

// The text in the dialect's tokens (import_tokens.cpp). Quotes and braces that do not close are problems.
std::vector<ForeignToken> cut(const DialectRules& rules, std::string_view text, std::vector<Problem>& problems);

struct Converted {
  std::string query;  // empty: nothing is left
  std::vector<std::string> losses;
};
// A leaf in our spelling (import_terms.cpp).
Converted convert(const DialectRules& rules, const ForeignToken& token);

}  // namespace earshot::query
