// Set::match: fold, find anchors, evaluate the topics they lead to.
#include <algorithm>
#include <stdexcept>

#include "core/query/anchors.h"
#include "core/query/evaluate.h"
#include "core/query/tables.h"
#include "core/query/values.h"
#include "core/query/word_hash.h"

namespace earshot::query {

struct FreeScratch {
  void operator()(hs_scratch_t* s) const { hs_free_scratch(s); }
};

struct Scratch::Impl {
  Evaluator evaluator;
  std::unique_ptr<hs_scratch_t, FreeScratch> literals;
  std::shared_ptr<const int> identity;  // of the set that `literals` was made for
  std::uint32_t epoch = 0;
  std::vector<std::uint32_t> anchors, topics;  // epoch in which each was last met
  std::vector<std::uint32_t> holds, candidates;
  const Compiled* set = nullptr;
  std::vector<std::string> keys;
  std::uint64_t met_topics = 0;

  void prepare(const Compiled& to) {
    set = &to;
    if (identity != to.identity) {
      identity = to.identity;
      if (to.database) {
        hs_scratch_t* made = literals.release();
        const hs_error_t error = hs_alloc_scratch(to.database.get(), &made);
        literals.reset(made);
        if (error != HS_SUCCESS) throw std::bad_alloc();
      }
    }
    if (++epoch == 0) {
      std::ranges::fill(anchors, 0);
      std::ranges::fill(topics, 0);
      epoch = 1;
    }
    if (anchors.size() < to.anchors.size()) anchors.resize(to.anchors.size());
    if (topics.size() < to.roots.size()) topics.resize(to.roots.size());
    holds.clear();
    candidates.clear();
    met_topics = 0;
  }

  // An anchor is present; `everywhere`: in a text that terms without a field are sought in.
  void met(std::uint32_t anchor, bool everywhere) {
    if (anchors[anchor] == epoch) return;
    anchors[anchor] = epoch;
    const Postings& p = set->anchors[anchor];
    met_topics += p.size;
    for (std::uint32_t i = 0; i < p.size; ++i) {
      const std::uint32_t entry = set->postings[p.begin + i];
      const std::uint32_t topic = entry >> 1;
      if (topics[topic] == epoch) continue;
      topics[topic] = epoch;
      ((entry & 1) != 0 && everywhere ? holds : candidates).push_back(topic);
    }
  }
};

Scratch::Scratch() : impl_(std::make_unique<Impl>()) {}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;
std::uint64_t Scratch::work() const { return impl_->met_topics + impl_->evaluator.work(); }

Set::Set(std::unique_ptr<const Compiled> compiled) : impl_(std::move(compiled)) {}
Set::~Set() = default;
Set::Set(Set&&) noexcept = default;
Set& Set::operator=(Set&&) noexcept = default;

namespace {

// Every key that a value anchor of this document could have.
void value_keys(const Document& document, std::vector<std::string>& keys) {
  keys.clear();
  const auto suffixes = [&](ValueField field, const std::string& host) {
    for (std::string_view rest = host; !rest.empty();) {
      keys.push_back(value_key(field, rest));
      const std::size_t dot = rest.find('.');
      if (dot == std::string_view::npos) break;
      rest.remove_prefix(dot + 1);
    }
  };
  const std::string host = host_of(document.url);
  suffixes(ValueField::site, document.site.empty() ? host : fold_value(document.site));
  suffixes(ValueField::domain, host);
  std::string lang = fold_value(document.lang);
  std::ranges::replace(lang, '_', '-');
  for (std::size_t i = 0; i <= lang.size(); ++i)
    if (i > 0 && (i == lang.size() || lang[i] == '-'))
      keys.push_back(value_key(ValueField::lang, std::string_view(lang).substr(0, i)));
  keys.push_back(value_key(ValueField::source, fold_value(document.source)));
  keys.push_back(value_key(ValueField::type, fold_value(document.type)));
  for (const std::string& tag : document.tags)
    keys.push_back(
        value_key(ValueField::tag, fold_value(tag.starts_with('#') ? std::string_view(tag).substr(1) : tag)));
  for (const auto& [name, value] : document.labels) {
    const std::string key = fold_value(name);
    keys.push_back(value_key(ValueField::label, key));
    keys.push_back(value_key(ValueField::label, key + "=" + fold_value(value)));
  }
  for (std::string& key : keys) key.reserve(key.size() + 16);  // hash_word may read past the end
}

}  // namespace

void Set::match_topics(const Document& document, Scratch& scratch, std::vector<std::uint32_t>& out) const {
  Scratch::Impl& s = *scratch.impl_;
  const Compiled& set = *impl_;
  out.clear();
  s.prepare(set);
  Evaluator& evaluator = s.evaluator;
  evaluator.begin(set, document);
  const Folded& folded = evaluator.folded();
  const std::string_view text = folded.text();
  const std::uint32_t default_end = evaluator.default_end();

  for (const WordRef& word : folded.words()) {
    if (!may_hold(set.words, word.hash)) continue;
    const auto anchor = find_word(set.words, set.pool, text.substr(word.start), word.hash);
    if (anchor >= 0) s.met(static_cast<std::uint32_t>(anchor), word.start < default_end);
  }
  if (set.database) {
    const auto report = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
      auto* to = static_cast<Scratch::Impl*>(context);
      to->met(to->set->literal_anchors[id], false);
      return 0;
    };
    const hs_error_t error =
        hs_scan(set.database.get(), text.data(), static_cast<unsigned>(text.size()), 0, s.literals.get(), report, &s);
    if (error != HS_SUCCESS)
      throw std::logic_error("vectorscan refused a scan: a Scratch is used by two threads at once");
  }
  if (set.any_values) {
    value_keys(document, s.keys);
    for (const std::string& key : s.keys) {
      const auto anchor = find_value(set.values, set.pool, key, hash_word(key.data(), key.size()));
      if (anchor >= 0) s.met(static_cast<std::uint32_t>(anchor), false);
    }
  }
  for (const std::uint32_t topic : s.candidates)
    if (evaluator.topic(topic) == Truth::yes) s.holds.push_back(topic);
  for (const std::uint32_t topic : set.unanchored)
    if (evaluator.topic(topic) == Truth::yes) s.holds.push_back(topic);
  std::ranges::sort(s.holds);
  out.assign(s.holds.begin(), s.holds.end());
}

std::vector<Match> Set::match(const Document& document, Scratch& scratch) const {
  std::vector<std::uint32_t> topics;
  match_topics(document, scratch, topics);
  std::vector<Match> matches;
  matches.reserve(topics.size());
  for (const std::uint32_t topic : topics) {
    matches.push_back({topic, {}});
    scratch.impl_->evaluator.explain(topic, matches.back().hits);
  }
  return matches;
}

SetStats Set::stats() const {
  const Compiled& s = *impl_;
  SetStats out;
  out.topics = s.roots.size();
  out.terms = s.terms.size();
  out.literals = s.literal_anchors.size();
  out.unanchored = s.unanchored.size();
  out.from_cache = s.from_cache;
  for (const WordTable::Entry& slot : s.words.slots) out.hashed_words += slot.word.size != 0 ? 1 : 0;
  std::size_t database = 0;
  if (s.database) hs_database_size(s.database.get(), &database);
  const auto table = [](const WordTable& t) {
    return t.slots.capacity() * sizeof(WordTable::Entry) + t.bitmap.capacity() * 8;
  };
  out.bytes = sizeof s + s.pool.capacity() + s.terms.capacity() * sizeof(Term) + s.steps.capacity() * sizeof(Step) +
              s.kids.capacity() * 4 + s.constants.capacity() * sizeof(Constant) + s.roots.capacity() * 4 +
              s.anchors.capacity() * sizeof(Postings) + s.postings.capacity() * 4 + s.unanchored.capacity() * 4 +
              s.literal_anchors.capacity() * 4 + table(s.words) + table(s.values) + database;
  for (const auto& regex : s.regexes)
    out.bytes += sizeof(re2::RE2) + static_cast<std::size_t>(std::max(regex->ProgramSize(), 0)) * 16;
  return out;
}

}  // namespace earshot::query
