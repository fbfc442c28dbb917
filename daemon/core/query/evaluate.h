// One document against the topics that were found for it. Everything is worked out when first asked for and kept for
// the rest of the document, so that a thousand topics about one term look it up once.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/query/compiled.h"
#include "core/query/dictionary.h"

namespace earshot::query {

// Kleene's three values: a number that is not known makes a comparison, and its negation, unknown.
enum class Truth : std::uint8_t { no, unknown, yes };

// A place where a term stands. `first` and `last` count words of the document.
struct Occurrence {
  std::uint32_t start = 0, end = 0;  // bytes: of the folded words, or (raw) of the field's own text
  std::uint32_t first = 0, last = 0;
  std::uint8_t field = 0;
  bool raw = false;
  std::uint32_t term = 0;
};

// Where evaluation looks: some fields, and some words of them.
struct Scope {
  std::uint8_t mask = field::text;
  bool sentences = false;  // what stands somewhere stands in one sentence, with all that it must be near
  std::uint32_t first = 0, last = 0xFFFFFFFF;
  bool whole() const { return mask == field::text && !sentences && first == 0 && last == 0xFFFFFFFF; }
};

// Some of a document's sentences, by number.
struct SentenceSet {
  std::vector<std::uint32_t> numbers;  // in order, each once
  bool others = false;                 // all but these
};

// Beyond so many places of one term in one field, NEAR, SENTENCE, atleast and evidence do not look: the bound on what
// hostile repetition can cost.
constexpr std::size_t kMaxOccurrences = 1'000;
// And so often is the dictionary asked about one document; after that any place will do.
constexpr std::uint32_t kMaxAsked = 4'000;
// Each search for an expression may read all that is left of the text, so further places are sought only until so many
// bytes may have been read; whether it stands anywhere is always found out.
constexpr std::size_t kMaxRegexBytes = 16u << 20;

class Evaluator {
 public:
  // Folds the document for `set`: what anchors are sought in.
  void begin(const Compiled& set, const Document& document);
  const Folded& folded() const { return folded_; }
  // Bytes of folded() below this belong to title, summary and content.
  std::uint32_t default_end() const { return ranges_[2].end; }

  Truth topic(std::uint32_t topic);
  // Why a topic that holds does: appended to `hits`.
  void explain(std::uint32_t topic, std::vector<Hit>& hits);

  // Steps since begin(), see Scratch::work().
  std::uint64_t work() const { return work_; }

 private:
  Truth step(std::uint32_t index, const Scope& scope);
  Truth number(const Constant& constant, Compare compare) const;
  Truth time(const Step& step) const;
  // The sentences in which a part of a SENTENCE holds.
  SentenceSet holding(std::uint32_t step, const Scope& scope);
  SentenceSet joined(const Step& step, const Scope& scope);
  void collect_sentences(const Step& step, const Scope& scope, std::vector<Occurrence>& out, std::vector<Hit>& hits);
  std::uint32_t count(std::uint32_t step, const Scope& scope);

  std::span<const Occurrence> occurrences(std::uint32_t term);
  std::span<const Occurrence> within(std::uint32_t term, const Scope& scope);
  void find_words(const Term& term, std::uint32_t id);
  void find_literal(const Term& term, std::uint32_t id);
  void find_regex(const Term& term, std::uint32_t id);
  void try_word(const Term& term, std::uint32_t id, std::uint32_t word, std::array<std::uint32_t, field::count>& found);
  bool same_original(const Term& term, std::uint32_t start, std::uint32_t end);
  bool in_one_sentence(const Occurrence& o);
  void add_raw(std::uint32_t id, int field, std::uint32_t start, std::uint32_t end);
  bool inside(const Occurrence& o, const Scope& scope);
  // Places of a part that stands somewhere, in order.
  void places(std::uint32_t index, const Scope& scope, std::vector<Occurrence>& out);
  void near(const Step& step, const Scope& scope, std::vector<Occurrence>& out);

  void collect(std::uint32_t index, const Scope& scope, std::vector<Occurrence>& out, std::vector<Hit>& hits);
  void value_hit(const Step& step, std::vector<Hit>& hits) const;

  int field_of(std::uint32_t byte) const;
  std::uint32_t word_at(std::uint32_t byte) const;  // the last word that begins at or before a byte of folded()
  const Folded& mapped();                           // folded() with origins
  const Folded& literal();
  const std::vector<std::uint32_t>& ordinals();
  const std::vector<std::uint32_t>& sentences();
  const std::vector<std::uint32_t>& sorted();
  const std::vector<std::uint32_t>& chains();

  Dictionary dictionary_;
  std::uint32_t asked_ = 0;
  std::uint64_t work_ = 0;
  const Compiled* set_ = nullptr;
  const Document* document_ = nullptr;
  std::array<std::string_view, field::count> texts_;
  std::array<Folded::Range, field::count> ranges_{}, literal_ranges_{};
  Folded folded_, mapped_, literal_;
  bool have_mapped_ = false, have_literal_ = false, have_ordinals_ = false, have_sentences_ = false,
       have_sorted_ = false, have_chains_ = false;

  struct Known {
    std::uint32_t epoch = 0, begin = 0, size = 0;
  };
  std::uint32_t epoch_ = 0;
  std::vector<Known> known_;  // by term
  std::vector<Occurrence> found_;
  struct Decided {
    std::uint32_t epoch = 0;
    Truth truth = Truth::no;
  };
  std::vector<Decided> decided_;  // by topic
  std::vector<std::uint32_t> ordinals_, sentences_, sorted_, heads_, chains_;
};

}  // namespace earshot::query
