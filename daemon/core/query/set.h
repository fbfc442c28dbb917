// All topics compiled into one set, and the set matched against one document at a time.
//
//   auto set = compile(topics, {});           // once per reload, off the hot path
//   Scratch scratch(*set);                    // one per thread
//   for (const Match& m : set->match(document, scratch)) … topics[m.topic] … m.hits …
//
// A Set never changes after compile(): any number of threads may match with it, each with a Scratch of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/item.h"
#include "core/mention/mention.h"
#include "core/query/query.h"
#include "core/result.h"
#include "core/time.h"

namespace earshot::query {

// What a query is asked about. Everything is borrowed for the duration of match() and snippet(). Texts are plain text
// in UTF-8 (never markup; ill-formed bytes are tolerated and separate words); empty is absent. Texts beyond 16 MiB are
// cut.
struct Document {
  std::string_view title, summary, content;
  std::string_view author, url;
  std::string_view site;    // host without "www."; empty: taken from url
  std::string_view source;  // the source's name
  std::string_view type;    // of the source: feed, hackernews …
  std::string_view lang;    // BCP 47 or just "en"
  std::span<const std::string> tags;
  std::span<const std::pair<std::string, std::string>> labels;
  std::span<const Number> engagement;  // likes, reposts, replies, points, followers, score, views
  std::optional<Time> published;
  Time seen{}, now{};
};

struct Topic {
  std::string name;          // what @{name} refers to
  std::string query;         // its text
  bool fold_accents = true;  // false: é is not e, in every term of its own (="…" never folds anything)
};

struct TopicProblem {
  std::uint32_t topic = 0;  // index into the topics given to compile()
  Problem problem;
};

struct Options {
  std::string_view cache;          // what Set::serialize() gave for an earlier set; used where it fits, else ignored
  std::size_t max_problems = 100;  // stop collecting after so many
};

// A topic that wants the document, and why. Hits are in the order of fields and places; at most 64, at most 16 a term.
struct Match {
  std::uint32_t topic = 0;
  std::vector<Hit> hits;
};

struct SetStats {
  std::size_t topics = 0, terms = 0;
  std::size_t hashed_words = 0;  // terms found by the word table
  std::size_t literals = 0;      // terms found by vectorscan
  std::size_t unanchored = 0;    // topics looked at for every document (numbers or time only, bare punctuation …)
  std::size_t bytes = 0;         // memory of the compiled set
  bool from_cache = false;       // Options::cache fitted: there is nothing new to write
};

class Set;
struct Compiled;  // core/query/compiled.h

// Working memory of one thread. Grows to the largest document seen; may be used with any Set, one match at a time.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;

  // What the last match took: bytes read, words and places looked at, parts of queries evaluated. A count of steps
  // rather than a time, so that a test can say how it may grow.
  std::uint64_t work() const;

 private:
  friend class Set;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class Set {
 public:
  ~Set();
  Set(Set&&) noexcept;
  Set& operator=(Set&&) noexcept;

  // The topics that want `document`, in the order given to compile(). Time is bounded by the size of the text and of
  // the queries whose terms occur in it, whatever either holds.
  std::vector<Match> match(const Document& document, Scratch& scratch) const;
  // The same without evidence: indices only. What the benchmark measures when nothing is said of hits.
  void match_topics(const Document& document, Scratch& scratch, std::vector<std::uint32_t>& topics) const;

  // The costly part of the compiled set (vectorscan's) as bytes for a file, with a hash of what it was made of and one
  // of itself: compile() ignores what does not fit the topics, this CPU or this version of vectorscan, or is damaged.
  // Empty when there is nothing costly.
  std::string serialize() const;

  SetStats stats() const;

 private:
  friend Result<Set, std::vector<TopicProblem>> compile(std::span<const Topic>, const Options&);
  explicit Set(std::unique_ptr<const Compiled> compiled);
  std::unique_ptr<const Compiled> impl_;
};

// Parses every topic, resolves @{topic} (a name nobody has and cycles are problems) and compiles all into one set.
// All problems of all topics are returned, up to options.max_problems.
Result<Set, std::vector<TopicProblem>> compile(std::span<const Topic> topics, const Options& options);

// What compile() would refuse, without its cost.
std::vector<TopicProblem> check(std::span<const Topic> topics, std::size_t max_problems = 100);

// A piece of the document's plain text and where the hits stand in it (bytes of `text`).
struct Snippet {
  std::string text;
  std::string field;  // the field it is from: title, summary or content
  std::vector<Span> hits;
};

// At most `max_chars` code points around the best hit (the place where most different terms stand together), cut at
// word boundaries with an ellipsis where text is left out, white space collapsed. Without a hit in a text: the start of
// content, summary or title, whichever exists first.
Snippet snippet(const Document& document, const Match& match, std::size_t max_chars = 240);

}  // namespace earshot::query
