// SENTENCE( ): in which sentences a part holds. All of them are worked out at once, from the places of each term, so
// that the cost is that of the places and not of each sentence times each term.
#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <algorithm>
#include <iterator>

#include "core/query/evaluate.h"

namespace earshot::query {
namespace {

using Numbers = std::vector<std::uint32_t>;

Numbers both(const Numbers& a, const Numbers& b) {
  Numbers out;
  std::ranges::set_intersection(a, b, std::back_inserter(out));
  return out;
}
Numbers either(const Numbers& a, const Numbers& b) {
  Numbers out;
  std::ranges::set_union(a, b, std::back_inserter(out));
  return out;
}
Numbers without(const Numbers& a, const Numbers& b) {
  Numbers out;
  std::ranges::set_difference(a, b, std::back_inserter(out));
  return out;
}

SentenceSet all_of(const SentenceSet& a, const SentenceSet& b) {
  if (a.others && b.others) return {either(a.numbers, b.numbers), true};
  if (a.others) return {without(b.numbers, a.numbers), false};
  if (b.others) return {without(a.numbers, b.numbers), false};
  return {both(a.numbers, b.numbers), false};
}

SentenceSet none_of(SentenceSet a) {
  a.others = !a.others;
  return a;
}

}  // namespace

SentenceSet Evaluator::holding(std::uint32_t index, const Scope& scope) {
  ++work_;
  const Step& s = set_->steps[index];
  switch (s.kind) {
    case NodeKind::all:
    case NodeKind::any: return joined(s, scope);
    case NodeKind::negate: return none_of(holding(s.a, scope));
    case NodeKind::field: {
      Scope inner = scope;
      inner.mask = s.mask;
      return holding(s.a, inner);
    }
    case NodeKind::topic: return holding(set_->roots[s.a], scope);
    case NodeKind::term:
    case NodeKind::regex:
    case NodeKind::near: {
      std::vector<Occurrence> found;
      places(index, scope, found);
      SentenceSet out;
      for (const Occurrence& o : found) out.numbers.push_back(sentences()[o.first]);
      std::ranges::sort(out.numbers);
      out.numbers.erase(std::unique(out.numbers.begin(), out.numbers.end()), out.numbers.end());
      return out;
    }
    default: return {};  // compile() lets nothing else stand here
  }
}

// AND as it is; OR as the AND of what does not hold.
SentenceSet Evaluator::joined(const Step& s, const Scope& scope) {
  const bool any = s.kind == NodeKind::any;
  std::vector<SentenceSet> parts;
  for (std::uint32_t i = 0; i < s.b; ++i) {
    SentenceSet part = holding(set_->kids[s.a + i], scope);
    if (any) part = none_of(std::move(part));
    if (!part.others && part.numbers.empty()) {
      parts = {SentenceSet{}};
      break;
    }
    parts.push_back(std::move(part));
  }
  // Two by two, so that a thousand parts do not walk the first one's numbers a thousand times.
  while (parts.size() > 1) {
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
      work_ += parts[i].numbers.size() + parts[i + 1].numbers.size();
      parts[i / 2] = all_of(parts[i], parts[i + 1]);
    }
    if (parts.size() % 2 != 0) parts[parts.size() / 2] = std::move(parts.back());
    parts.resize((parts.size() + 1) / 2);
  }
  return any ? none_of(std::move(parts.front())) : std::move(parts.front());
}

bool Evaluator::in_one_sentence(const Occurrence& o) {
  const auto& number = sentences();
  return o.last < number.size() && number[o.first] == number[o.last];
}

// The number of the sentence each word stands in (UAX #29, ICU), fields apart.
const std::vector<std::uint32_t>& Evaluator::sentences() {
  if (have_sentences_) return sentences_;
  const Folded& map = mapped();
  const auto words = map.words();
  work_ += map.text().size();
  sentences_.assign(words.size(), 0);
  std::uint32_t n = 0;
  std::size_t word = 0;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status));
  for (std::size_t f = 0; f < field::count; ++f) {
    ++n;
    UText* text = utext_openUTF8(nullptr, texts_[f].data(), static_cast<std::int64_t>(texts_[f].size()), &status);
    breaks->setText(text, status);
    std::int32_t end = breaks->next();
    for (; word < words.size() && words[word].start < ranges_[f].end; ++word) {
      while (end != icu::BreakIterator::DONE &&
             map.origins()[words[word].start].start >= static_cast<std::uint32_t>(end)) {
        end = breaks->next();
        ++n;
      }
      sentences_[word] = n;
    }
    utext_close(text);
  }
  have_sentences_ = true;
  return sentences_;
}

}  // namespace earshot::query
