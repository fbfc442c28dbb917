// The inside of a Set: flat arrays, so that ten thousand topics are a few megabytes and a match touches little of them.
//
// How a document finds its topics. Every topic has anchors: keys of which at least one must be present for it to hold.
// A key is a whole word (found in a hash table while walking the folded words), a piece of a word or a run of a script
// without spaces (found by vectorscan in one pass), or the value of a field such as a site. Only topics one of whose
// anchors is present are evaluated; the terms that are no anchors are looked up then, in the document's own words.
#pragma once

#include <hs/hs.h>
#include <re2/re2.h>

#include <memory>
#include <string>
#include <vector>

#include "core/query/fold.h"
#include "core/query/set.h"
#include "core/query/tree.h"

namespace earshot::query {

struct Slice {
  std::uint32_t at = 0, size = 0;  // into Compiled::pool
};

enum class TermKind : std::uint8_t { words, exact, literal, regex };
enum class Lookup : std::uint8_t { hash, prefix, scan };  // how the first word of a pattern is found

// A term, shared by all topics that use it.
struct Term {
  TermKind kind = TermKind::words;
  Lookup lookup = Lookup::hash;
  bool dictionary = false;   // must stand as a word of its language (Dictionary)
  bool accents = false;      // é is not e
  Slice pattern;             // fold.h's words form (literal: its literal form)
  Slice original;            // exact: exact_form; accents: accent_pattern
  Slice shown;               // as evidence names it
  std::uint32_t hash = 0;    // Lookup::hash: of the first word
  std::uint32_t prefix = 0;  // Lookup::prefix: bytes of the pattern that begin the first word
  std::int32_t regex = -1;
};

// A node of a topic's tree; what a, b and c are depends on the kind.
struct Step {
  NodeKind kind = NodeKind::all;
  std::uint8_t mask = 0;
  Compare compare = Compare::equal;
  bool ordered = false;
  std::uint32_t a = 0;  // all, any: first of kids; negate, field, sentence, near, at_least: child; term, regex: term;
                        // value, number, time: constant; topic: its index
  std::uint32_t b = 0;  // all, any: how many kids; near: right child; value: ValueField; time: TimeField
  std::uint32_t c = 0;  // near, at_least: count
};

struct Constant {
  Slice text;  // value: folded; number: the name
  double number = 0;
  std::int64_t low = 0, high = 0;
  Slice shown;
};

// Topics an anchor leads to. The lowest bit of an entry says that the anchor alone decides it.
struct Postings {
  std::uint32_t begin = 0, size = 0;
};

// Whole words → anchors: open addressing behind a bitmap that most words of a text do not get past.
struct WordTable {
  struct Entry {
    std::uint32_t hash = 0, anchor = 0;
    Slice word;
  };
  std::vector<Entry> slots;  // power of two; an empty word is a free slot
  std::vector<std::uint64_t> bitmap;
  std::uint32_t mask = 0, shift = 31;
};

struct FreeDatabase {
  void operator()(hs_database_t* db) const { hs_free_database(db); }
};

struct Compiled {
  std::string pool;
  std::vector<Term> terms;
  std::vector<std::unique_ptr<re2::RE2>> regexes;
  std::vector<Step> steps;
  std::vector<std::uint32_t> kids;
  std::vector<Constant> constants;
  std::vector<std::uint32_t> roots;  // a topic's root step

  std::vector<Postings> anchors;
  std::vector<std::uint32_t> postings;
  std::vector<std::uint32_t> unanchored;  // topics
  WordTable words;
  std::vector<std::uint32_t> literal_anchors;  // vectorscan id → anchor
  std::vector<std::uint64_t> literal_key;      // two words: hash of the literals, for the cache
  std::unique_ptr<hs_database_t, FreeDatabase> database;
  bool from_cache = false;  // the database is
  WordTable values;         // "site=example.com" → anchors
  bool any_values = false;
  std::uint8_t fields = field::text;  // texts that have to be looked at
  std::shared_ptr<const int> identity = std::make_shared<const int>(0);

  std::string_view view(Slice s) const { return std::string_view(pool).substr(s.at, s.size); }
};

// The key of a value anchor: one for each way a document's value can answer.
std::string value_key(ValueField field, std::string_view folded);

}  // namespace earshot::query
