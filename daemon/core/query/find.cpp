// Where terms stand in a document (evaluate.h).
#include <algorithm>
#include <bit>
#include <cstring>

#include "core/query/accents.h"
#include "core/query/chars.h"
#include "core/query/evaluate.h"
#include "core/query/exact.h"
#include "core/query/pattern.h"

namespace earshot::query {
namespace {

constexpr std::size_t kSortedBytes = 32;
constexpr std::size_t kFewWords = 256;  // up to here a walk is cheaper than an index

bool in_word(Class kind) {
  return kind == Class::word || kind == Class::katakana || kind == Class::hangul || kind == Class::extend;
}

// Whether a `…` term may stand at [start, end) of the literal form: it must not begin right after a letter or digit,
// nor, when it ends with one itself, go on with one; and it must not cut what the text has as one (an emoji, ½, ﷺ).
bool literal_stands(const Folded& form, std::size_t start, std::size_t end) {
  const std::string_view text = form.text();
  const char32_t first = decode(text, start).cp, last = decode_before(text, end).cp;
  const Class first_kind = char_info(first).kind(), last_kind = char_info(last).kind();
  const auto cuts = [&](std::size_t at) {
    return text[at - 1] != kFieldEdge && form.origins()[at - 1].start == form.origins()[at].start;
  };
  if (cuts(start) || cuts(end)) return false;
  if (text[start - 1] != kFieldEdge) {
    const Class before = char_info(decode_before(text, start).cp).kind();
    if (first_kind == Class::extend) return false;
    if (first_kind == Class::separator ? in_word(before)
                                       : in_word(first_kind) && (before == first_kind || before == Class::extend))
      return false;
    if (first_kind == Class::cluster && (before == Class::cluster || before == Class::extend) &&
        !cluster_begins(decode_before(text, start).cp, first))
      return false;
  }
  if (end < text.size()) {
    const char32_t next = decode(text, end).cp;
    const Class after = char_info(next).kind();
    if (after == Class::extend) return false;
    if (in_word(last_kind) && (after == last_kind || (last_kind == Class::extend && in_word(after)))) return false;
    if (last_kind == Class::cluster && after == Class::cluster && !cluster_begins(last, next)) return false;
  }
  return true;
}

}  // namespace

std::span<const Occurrence> Evaluator::occurrences(std::uint32_t id) {
  Known& known = known_[id];
  if (known.epoch != epoch_) {
    const auto begin = static_cast<std::uint32_t>(found_.size());
    const Term& term = set_->terms[id];
    switch (term.kind) {
      case TermKind::words:
      case TermKind::exact: find_words(term, id); break;
      case TermKind::literal: find_literal(term, id); break;
      case TermKind::regex: find_regex(term, id); break;
    }
    known_[id] = {epoch_, begin, static_cast<std::uint32_t>(found_.size()) - begin};
  }
  return std::span(found_).subspan(known_[id].begin, known_[id].size);
}

void Evaluator::try_word(const Term& term, std::uint32_t id, std::uint32_t word,
                         std::array<std::uint32_t, field::count>& found) {
  work_ += term.pattern.size;
  const std::uint32_t start = folded_.words()[word].start;
  const auto end = match_pattern(set_->view(term.pattern), folded_.text(), start);
  if (!end) return;
  const int f = field_of(start);
  if (found[static_cast<std::size_t>(f)] >= kMaxOccurrences) return;
  if (term.dictionary && asked_ < kMaxAsked && (++asked_, !dictionary_.allows(folded_.text(), start, *end))) return;
  if ((term.kind == TermKind::exact || term.accents) && !same_original(term, start, *end)) return;
  ++found[static_cast<std::size_t>(f)];
  found_.push_back({start, *end, word, word_at(*end - 1), static_cast<std::uint8_t>(f), false, id});
}

void Evaluator::find_words(const Term& term, std::uint32_t id) {
  const auto words = folded_.words();
  const auto n = static_cast<std::uint32_t>(words.size());
  const std::string_view text = folded_.text();
  std::array<std::uint32_t, field::count> found{};
  if (term.lookup == Lookup::hash) {
    if (n <= kFewWords) {
      work_ += n;
      for (std::uint32_t i = 0; i < n; ++i)
        if (words[i].hash == term.hash) try_word(term, id, i, found);
    } else {
      const auto& chain = chains();
      for (std::uint32_t i = heads_[term.hash & (heads_.size() - 1)]; i != 0; i = chain[i - 1], ++work_)
        if (words[i - 1].hash == term.hash) try_word(term, id, i - 1, found);
    }
    return;
  }
  const std::string_view prefix = unmarked(set_->view(term.pattern)).substr(0, term.prefix);
  if (term.lookup == Lookup::scan || n <= kFewWords) {
    work_ += n;
    for (std::uint32_t i = 0; i < n; ++i)
      if (text.substr(words[i].start).starts_with(prefix)) try_word(term, id, i, found);
    return;
  }
  const auto& order = sorted();
  const std::string_view sought = prefix.substr(0, kSortedBytes);  // try_word looks at the rest
  const auto at = [&](std::uint32_t word) { return text.substr(words[word].start, sought.size()); };
  const auto from = std::ranges::lower_bound(order, sought, {}, at);
  const auto to =
      std::upper_bound(from, order.end(), sought, [&](std::string_view p, std::uint32_t word) { return p < at(word); });
  std::vector<std::uint32_t> range(from, to);
  std::ranges::sort(range);
  for (const std::uint32_t word : range) try_word(term, id, word, found);
}

// For each word the next one with the same low bits of its hash, in the order of the text; 1-based, 0 ends.
const std::vector<std::uint32_t>& Evaluator::chains() {
  if (!have_chains_) {
    const auto words = folded_.words();
    work_ += words.size();
    heads_.assign(std::bit_ceil(words.size() + 1), 0);
    chains_.resize(words.size());
    for (std::size_t i = words.size(); i-- > 0;) {
      std::uint32_t& head = heads_[words[i].hash & (heads_.size() - 1)];
      chains_[i] = head;
      head = static_cast<std::uint32_t>(i + 1);
    }
    have_chains_ = true;
  }
  return chains_;
}

// Words by their first kSortedBytes bytes: no comparison is long, whatever the text repeats.
const std::vector<std::uint32_t>& Evaluator::sorted() {
  if (!have_sorted_) {
    const auto words = folded_.words();
    const std::string_view text = folded_.text();
    work_ += words.size();
    sorted_.resize(words.size());
    for (std::uint32_t i = 0; i < sorted_.size(); ++i) sorted_[i] = i;
    const auto key = [&](std::uint32_t i) { return text.substr(words[i].start, kSortedBytes); };
    std::ranges::sort(sorted_, [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    have_sorted_ = true;
  }
  return sorted_;
}

bool Evaluator::same_original(const Term& term, std::uint32_t start, std::uint32_t end) {
  const Folded& map = mapped();
  const auto f = static_cast<std::size_t>(field_of(start));
  const std::uint32_t from = map.origins()[start].start, to = map.origins()[end - 1].end;
  const std::string_view raw = texts_[f].substr(from, to - from);
  work_ += raw.size();
  const std::string_view original = set_->view(term.original);
  return term.accents ? same_accents(original, raw) : exact_form(raw) == original;
}

void Evaluator::add_raw(std::uint32_t id, int f, std::uint32_t start, std::uint32_t end) {
  const Folded& map = mapped();
  const auto words = map.words();
  const auto& range = ranges_[static_cast<std::size_t>(f)];
  const auto begin =
      static_cast<std::uint32_t>(std::ranges::lower_bound(words, range.start, {}, &WordRef::start) - words.begin());
  const auto stop =
      static_cast<std::uint32_t>(std::ranges::lower_bound(words, range.end, {}, &WordRef::start) - words.begin());
  // The words that the bytes touch; a place between words counts as the one before it.
  const auto origin = [&](const WordRef& w) { return map.origins()[w.start].start; };
  const auto from = std::upper_bound(words.begin() + begin, words.begin() + stop, start,
                                     [&](std::uint32_t s, const WordRef& w) { return s < origin(w); });
  const auto to = std::lower_bound(words.begin() + begin, words.begin() + stop, end,
                                   [&](const WordRef& w, std::uint32_t e) { return origin(w) < e; });
  auto first = static_cast<std::uint32_t>(from - words.begin());
  auto last = static_cast<std::uint32_t>(to - words.begin());
  if (first > begin) --first;
  if (last > begin) --last;
  if (stop == begin) first = last = begin > 0 ? begin - 1 : 0;  // a field without a word
  found_.push_back({start, end, first, std::max(first, last), static_cast<std::uint8_t>(f), true, id});
}

void Evaluator::find_literal(const Term& term, std::uint32_t id) {
  const Folded& form = literal();
  const std::string_view text = form.text(), pattern = set_->view(term.pattern);
  work_ += text.size();
  for (int f = 0; f < field::count; ++f) {
    const auto range = literal_ranges_[static_cast<std::size_t>(f)];
    std::size_t found = 0;
    for (std::size_t at = range.start; found < kMaxOccurrences; ++at) {
      at = text.find(pattern, at);
      if (at == std::string_view::npos || at + pattern.size() > range.end) break;
      ++work_;
      if (!literal_stands(form, at, at + pattern.size())) continue;
      const std::uint32_t start = form.origins()[at].start, end = form.origins()[at + pattern.size() - 1].end;
      const std::string_view raw = texts_[static_cast<std::size_t>(f)].substr(start, end - start);
      if (term.accents && !same_accents(set_->view(term.original), raw)) continue;
      add_raw(id, f, start, end);
      ++found;
      at += pattern.size() - 1;
    }
  }
}

void Evaluator::find_regex(const Term& term, std::uint32_t id) {
  const re2::RE2& regex = *set_->regexes[static_cast<std::size_t>(term.regex)];
  for (int f = 0; f < field::count; ++f) {
    const std::string_view text = texts_[static_cast<std::size_t>(f)];
    std::size_t at = 0, found = 0, read = 0;
    re2::StringPiece match;
    const auto search = [&] {
      const bool more = at < text.size() && found < kMaxOccurrences && read <= kMaxRegexBytes;
      read += text.size() - at;
      return more;
    };
    while (search() && regex.Match({text.data(), text.size()}, at, text.size(), re2::RE2::UNANCHORED, &match, 1)) {
      const auto start = static_cast<std::size_t>(match.data() - text.data());
      if (match.empty()) {  // a place, not a text: \b and the like
        at = start + 1;
        continue;
      }
      add_raw(id, f, static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(start + match.size()));
      ++found;
      at = start + match.size();
    }
    work_ += read;
  }
}

}  // namespace earshot::query
