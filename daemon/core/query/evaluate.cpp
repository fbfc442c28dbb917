#include "core/query/evaluate.h"

#include <algorithm>

#include "core/query/chars.h"
#include "core/query/values.h"

namespace earshot::query {
namespace {

constexpr std::size_t kMaxText = 16u << 20;
constexpr std::uint32_t kFieldGap = 1'000;  // words between fields: more than any NEAR reaches

std::string_view cut(std::string_view text) { return text.substr(0, kMaxText); }

bool by_place(const Occurrence& a, const Occurrence& b) {
  return std::tie(a.first, a.last, a.field, a.start, a.end, a.term) <
         std::tie(b.first, b.last, b.field, b.start, b.end, b.term);
}
bool same_place(const Occurrence& a, const Occurrence& b) { return !by_place(a, b) && !by_place(b, a); }

}  // namespace

void Evaluator::begin(const Compiled& set, const Document& document) {
  set_ = &set;
  document_ = &document;
  texts_ = {cut(document.title), cut(document.summary), cut(document.content), {}, {}};
  if (set.fields & field::author) texts_[3] = cut(document.author);
  if (set.fields & field::url) texts_[4] = cut(document.url);
  folded_.clear();
  for (int f = 0; f < field::count; ++f) {
    const auto i = static_cast<std::size_t>(f);
    if (f < 3 || !texts_[i].empty())
      ranges_[i] = folded_.append_words(texts_[i]);
    else
      ranges_[i] = {static_cast<std::uint32_t>(folded_.text().size()),
                    static_cast<std::uint32_t>(folded_.text().size())};
  }
  have_mapped_ = have_literal_ = have_ordinals_ = have_sentences_ = have_sorted_ = have_chains_ = false;
  if (++epoch_ == 0) {
    known_.clear();
    decided_.clear();
    epoch_ = 1;
  }
  if (known_.size() < set.terms.size()) known_.resize(set.terms.size());
  if (decided_.size() < set.roots.size()) decided_.resize(set.roots.size());
  found_.clear();
  asked_ = 0;
  work_ = folded_.text().size();
  for (const std::string_view text : texts_) work_ += text.size();
}

int Evaluator::field_of(std::uint32_t byte) const {
  int f = 0;
  while (f + 1 < field::count && byte >= ranges_[static_cast<std::size_t>(f)].end + 1) ++f;
  return f;
}

std::uint32_t Evaluator::word_at(std::uint32_t byte) const {
  const auto words = folded_.words();
  const auto after = std::ranges::upper_bound(words, byte, {}, &WordRef::start);
  return static_cast<std::uint32_t>(after - words.begin()) - (after == words.begin() ? 0 : 1);
}

const Folded& Evaluator::mapped() {
  if (!have_mapped_) {
    mapped_.clear();
    for (std::size_t f = 0; f < field::count; ++f)
      if (f < 3 || !texts_[f].empty()) mapped_.append_words_with_origins(texts_[f]);
    have_mapped_ = true;
  }
  return mapped_;
}

const Folded& Evaluator::literal() {
  if (!have_literal_) {
    literal_.clear();
    for (std::size_t f = 0; f < field::count; ++f) literal_ranges_[f] = literal_.append_literal(texts_[f]);
    have_literal_ = true;
  }
  return literal_;
}

// Words counted so that an apostrophe does not make two of one, and fields lie far apart.
const std::vector<std::uint32_t>& Evaluator::ordinals() {
  if (!have_ordinals_) {
    const auto words = folded_.words();
    const std::string_view text = folded_.text();
    ordinals_.resize(words.size());
    std::uint32_t n = 0;
    int f = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const int now = field_of(words[i].start);
      if (now != f) n += kFieldGap;
      f = now;
      if (text[words[i].start - 1] != kApostrophe) ++n;
      ordinals_[i] = n;
    }
    have_ordinals_ = true;
  }
  return ordinals_;
}

Truth Evaluator::topic(std::uint32_t topic) {
  Decided& decided = decided_[topic];
  if (decided.epoch != epoch_) {
    const Truth truth = step(set_->roots[topic], {});
    decided_[topic] = {epoch_, truth};
    return truth;
  }
  return decided.truth;
}

Truth Evaluator::step(std::uint32_t index, const Scope& scope) {
  ++work_;
  const Step& s = set_->steps[index];
  switch (s.kind) {
    case NodeKind::all: {
      Truth truth = Truth::yes;
      for (std::uint32_t i = 0; i < s.b && truth != Truth::no; ++i)
        truth = std::min(truth, step(set_->kids[s.a + i], scope));
      return truth;
    }
    case NodeKind::any: {
      Truth truth = Truth::no;
      for (std::uint32_t i = 0; i < s.b && truth != Truth::yes; ++i)
        truth = std::max(truth, step(set_->kids[s.a + i], scope));
      return truth;
    }
    case NodeKind::negate: return static_cast<Truth>(2 - static_cast<int>(step(s.a, scope)));
    case NodeKind::field: {
      Scope inner = scope;
      inner.mask = s.mask;
      return step(s.a, inner);
    }
    case NodeKind::term:
    case NodeKind::regex: {
      for (const Occurrence& o : within(s.a, scope))
        if (inside(o, scope)) return Truth::yes;
      return Truth::no;
    }
    case NodeKind::near: {
      std::vector<Occurrence> places;
      near(s, scope, places);
      return places.empty() ? Truth::no : Truth::yes;
    }
    case NodeKind::sentence: {
      Scope inner = scope;
      inner.sentences = true;
      return holding(s.a, inner).numbers.empty() ? Truth::no : Truth::yes;
    }
    case NodeKind::at_least: return count(s.a, scope) >= s.c ? Truth::yes : Truth::no;
    case NodeKind::value: {
      const bool holds = value_holds(static_cast<ValueField>(s.b), set_->view(set_->constants[s.a].text), *document_);
      return holds ? Truth::yes : Truth::no;
    }
    case NodeKind::number: return number(set_->constants[s.a], s.compare);
    case NodeKind::time: return time(s);
    case NodeKind::topic: return scope.whole() ? topic(s.a) : step(set_->roots[s.a], scope);
  }
  return Truth::no;
}

Truth Evaluator::number(const Constant& constant, Compare compare) const {
  const std::string_view name = set_->view(constant.text);
  for (const Number& n : document_->engagement)
    if (n.name == name && n.value == n.value)
      return compare_holds(compare, n.value, constant.number) ? Truth::yes : Truth::no;
  return Truth::unknown;
}

Truth Evaluator::time(const Step& s) const {
  const Constant& constant = set_->constants[s.a];
  switch (static_cast<TimeField>(s.b)) {
    case TimeField::published:
      if (!document_->published) return Truth::unknown;
      return time_holds(s.compare, to_ms(*document_->published), constant.low, constant.high) ? Truth::yes : Truth::no;
    case TimeField::seen:
      return time_holds(s.compare, to_ms(document_->seen), constant.low, constant.high) ? Truth::yes : Truth::no;
    case TimeField::within: {
      const std::int64_t when = to_ms(document_->published.value_or(document_->seen));
      return when >= to_ms(document_->now) - constant.low ? Truth::yes : Truth::no;
    }
  }
  return Truth::unknown;
}

bool Evaluator::inside(const Occurrence& o, const Scope& scope) {
  ++work_;
  return ((1u << o.field) & scope.mask) != 0 && o.first >= scope.first && o.last <= scope.last &&
         (!scope.sentences || in_one_sentence(o));
}

// The occurrences that begin in the scope's words: they are in the order of the text.
std::span<const Occurrence> Evaluator::within(std::uint32_t term, const Scope& scope) {
  const auto all = occurrences(term);
  if (scope.first == 0 && scope.last == 0xFFFFFFFF) return all;
  const auto from = std::ranges::lower_bound(all, scope.first, {}, &Occurrence::first);
  const auto to = std::ranges::upper_bound(from, all.end(), scope.last, {}, &Occurrence::first);
  return {from, to};
}

std::uint32_t Evaluator::count(std::uint32_t index, const Scope& scope) {
  std::vector<Occurrence> places_;
  places(index, scope, places_);
  return static_cast<std::uint32_t>(places_.size());
}

void Evaluator::places(std::uint32_t index, const Scope& scope, std::vector<Occurrence>& out) {
  const Step& s = set_->steps[index];
  switch (s.kind) {
    case NodeKind::term:
    case NodeKind::regex:
      for (const Occurrence& o : within(s.a, scope))
        if (inside(o, scope)) out.push_back(o);
      break;
    case NodeKind::any: {
      for (std::uint32_t i = 0; i < s.b; ++i) places(set_->kids[s.a + i], scope, out);
      std::ranges::sort(out, by_place);
      work_ += out.size();
      out.erase(std::unique(out.begin(), out.end(), same_place), out.end());
      break;
    }
    case NodeKind::field: {
      Scope inner = scope;
      inner.mask = s.mask;
      places(s.a, inner, out);
      break;
    }
    case NodeKind::near: near(s, scope, out); break;
    case NodeKind::topic: places(set_->roots[s.a], scope, out); break;
    default: break;  // compile() lets nothing else stand here
  }
}

// The places of either side that have one of the other side near. Linear but for the sorting, however often the terms
// stand: each place asks only for its nearest neighbour on either hand.
void Evaluator::near(const Step& s, const Scope& scope, std::vector<Occurrence>& out) {
  std::vector<Occurrence> left, right;
  places(s.a, scope, left);
  if (left.empty()) return;
  places(s.b, scope, right);
  if (right.empty()) return;
  std::ranges::sort(left, by_place);
  std::ranges::sort(right, by_place);
  work_ += left.size() + right.size();
  const auto& ordinal = ordinals();
  const auto lasts_of = [](const std::vector<Occurrence>& places) {
    std::vector<std::uint32_t> lasts;
    for (const Occurrence& o : places) lasts.push_back(o.last);
    std::ranges::sort(lasts);
    return lasts;
  };
  const auto close = [&](std::uint32_t last, std::uint32_t first) {
    if (scope.sentences && sentences()[last] != sentences()[first]) return false;  // nor then are those farther away
    return ordinal[first] <= ordinal[last] + s.c + 1;
  };
  const auto follows = [&](const std::vector<Occurrence>& others, const Occurrence& o) {
    const auto next = std::ranges::upper_bound(others, o.last, {}, &Occurrence::first);
    return next != others.end() && close(o.last, next->first);
  };
  const auto precedes = [&](const std::vector<std::uint32_t>& lasts, const Occurrence& o) {
    const auto next = std::ranges::lower_bound(lasts, o.first);
    return next != lasts.begin() && close(*std::prev(next), o.first);
  };
  const auto left_lasts = lasts_of(left), right_lasts = lasts_of(right);
  for (const Occurrence& o : left)
    if (follows(right, o) || (!s.ordered && precedes(right_lasts, o))) out.push_back(o);
  for (const Occurrence& o : right)
    if (precedes(left_lasts, o) || (!s.ordered && follows(left, o))) out.push_back(o);
  std::ranges::sort(out, by_place);
  out.erase(std::unique(out.begin(), out.end(), same_place), out.end());
}

}  // namespace earshot::query
