#include "core/report/quote.h"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string_view>
#include <vector>

namespace earshot::report {
namespace {

constexpr std::array<std::string_view, 8> kReactions{"likes",   "reposts",  "shares", "quotes",
                                                     "replies", "comments", "points", "votes"};
constexpr std::array<std::string_view, 2> kSeen{"views", "reach"};
constexpr std::size_t kShortest = 30;  // code points that say something
constexpr std::string_view kLeftOut = "…";

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

template <std::size_t N>
double sum(const Mention& mention, const std::array<std::string_view, N>& names) {
  double all = 0;
  for (const Number& n : mention.item.engagement)
    if (n.value > 0 && std::isfinite(n.value) && std::ranges::find(names, n.name) != names.end()) all += n.value;
  return all;
}

bool owned(const Mention& mention) {
  return std::ranges::find(mention.labels, std::pair<std::string, std::string>{"kind", "owned"}) !=
         mention.labels.end();
}

// Where the sentences of a text end, in bytes; the last is its size. Empty: ICU cannot tell.
std::vector<std::size_t> sentence_ends(const std::string& text, const std::string& language) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(icu::BreakIterator::createSentenceInstance(
      language == "und" ? icu::Locale::getRoot() : icu::Locale(language.c_str()), error));
  const std::unique_ptr<UText, decltype(&utext_close)> utf8(
      utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &error), &utext_close);
  if (U_FAILURE(error)) return {};
  breaks->setText(utf8.get(), error);
  if (U_FAILURE(error)) return {};
  std::vector<std::size_t> ends;
  for (std::int32_t at = breaks->next(); at != icu::BreakIterator::DONE; at = breaks->next())
    ends.push_back(static_cast<std::size_t>(at));
  return ends;
}

struct Sentence {
  std::size_t start, end;
  bool whole, hit;
};

std::vector<Sentence> sentences(const Mention& mention) {
  const std::string& text = mention.snippet;
  std::vector<Sentence> all;
  std::size_t start = 0;
  for (const std::size_t end : sentence_ends(text, mention.language)) {
    const bool hit = std::ranges::any_of(mention.snippet_hits, [&](Span s) { return s.start < end && s.end > start; });
    all.push_back({start, end, true, hit});
    start = end;
  }
  if (all.empty()) return all;
  if (text.starts_with(kLeftOut)) all.front().whole = false;
  if (text.ends_with(kLeftOut)) all.back().whole = false;
  return all;
}

}  // namespace

double striking(const Mention& mention) {
  if (owned(mention) || mention.snippet_hits.empty() || characters(mention.snippet) < kShortest) return -1;
  return std::log10(1 + sum(mention, kReactions)) + std::log10(1 + sum(mention, kSeen)) / 2 +
         static_cast<double>(mention.severity);
}

double striking_story(std::uint64_t outlets) {
  return std::log2(static_cast<double>(std::max<std::uint64_t>(outlets, 1)));
}

void to_sentences(Mention& mention) {
  const std::vector<Sentence> all = sentences(mention);
  const auto good = [](const Sentence& s) { return s.whole && s.hit; };
  auto first = std::ranges::find_if(all, good);
  if (first == all.end()) return;
  auto last = first;  // a run of whole sentences that ends with a hit
  for (auto next = first + 1; next != all.end() && next->whole; ++next)
    if (next->hit) last = next;
  std::string_view text = mention.snippet;
  const auto chosen = [&] { return text.substr(first->start, last->end - first->start); };
  while (characters(chosen()) < kShortest) {  // "It broke." needs its neighbour
    if (last + 1 != all.end() && last[1].whole)
      ++last;
    else if (first != all.begin() && first[-1].whole)
      --first;
    else
      return;
  }
  std::size_t start = first->start, end = last->end;
  while (end > start && text[end - 1] == ' ') --end;
  while (start < end && text[start] == ' ') ++start;
  std::vector<Span> hits;
  for (const Span& hit : mention.snippet_hits)
    if (hit.start >= start && hit.end <= end)
      hits.push_back({static_cast<std::uint32_t>(hit.start - start), static_cast<std::uint32_t>(hit.end - start)});
  mention.snippet = std::string(text.substr(start, end - start));
  mention.snippet_hits = std::move(hits);
}

}  // namespace earshot::report
