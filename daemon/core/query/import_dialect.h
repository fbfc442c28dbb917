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
    text,         // one of our text fields: `ours`:word
    value,        // `ours`:value
    at_least,     // `ours`:>=number
    since,        // published:>=date
    until,        // published:<date
    handle,       // @value
    hashtag,      // #value
    exact,        // ="value"
    author,       // author:value
    whole_title,  // allintitle: all words after it; carried as title:word for the first
  };
  std::string_view theirs;
  Means means;
  std::string_view ours;
};

struct DialectRules {
  std::string_view name;
  bool any_case;          // operators in lower case too
  bool or_binds_tighter;  // a b OR c is a (b OR c)
  bool braces_exact;      // {NASA} is case-sensitive
  bool around;            // AROUND(5)
  bool pipe_is_or;
  int near;  // words between that NEAR without a number allows; 0: there is no such thing
  std::span<const ForeignField> fields;
};

const DialectRules& rules_of(Dialect dialect);

struct ForeignToken {
  enum Kind : std::uint8_t { open, close, both, either, without, near, leaf } kind = leaf;
  std::size_t offset = 0, length = 0;
  std::string text;   // leaf: word or phrase without its quotes; open: the field in front of the bracket
  std::string field;  // leaf
  bool phrase = false, exact = false, ordered = false;
  int number = 0;  // near; a phrase's ~n
};

std::vector<ForeignToken> cut(const DialectRules& rules, std::string_view text, std::vector<Problem>& problems);

struct Converted {
  std::string query;  // empty: nothing is left
  std::vector<std::string> losses;
};
Converted convert(const DialectRules& rules, const ForeignToken& token);

// Our field for a group of theirs; "SENTENCE" for a sentence; empty when there is none.
std::string_view group_field(const DialectRules& rules, std::string_view theirs);

}  // namespace earshot::query
