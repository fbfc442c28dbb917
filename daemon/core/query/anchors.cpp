#include "core/query/anchors.h"

#include <re2/filtered_re2.h>

#include <algorithm>

#include "core/query/chars.h"

namespace earshot::query {
namespace {

// Rough frequencies by length in characters: short words are the common ones in every language, and a beginning is met
// more often than a whole word. Only their order matters.
double word_weight(std::size_t characters) {
  static constexpr double kWeights[] = {5000, 5000, 3000, 800, 300, 120, 60, 30, 15, 10};
  return kWeights[std::min<std::size_t>(characters, 9)];
}
double piece_weight(std::size_t characters) {
  static constexpr double kWeights[] = {20000, 20000, 6000, 1500, 500, 200, 100, 50, 25, 15};
  return kWeights[std::min<std::size_t>(characters, 9)];
}
double run_weight(std::size_t characters) {
  static constexpr double kWeights[] = {8000, 8000, 150, 20, 8};
  return kWeights[std::min<std::size_t>(characters, 4)];
}

std::size_t characters(std::string_view s) {
  return static_cast<std::size_t>(
      std::ranges::count_if(s, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool wildcard(char c) { return c == kAnyChar || c == kAnyRest; }

}  // namespace

std::optional<Key> pattern_key(const Folded& pattern, bool& decides) {
  const std::string_view text = pattern.text();
  decides = false;
  std::optional<Key> best;
  const auto offer = [&](KeyKind kind, std::string_view bytes, double weight) {
    if (!best || weight < best->weight) best = Key{kind, std::string(bytes), weight};
  };
  // Stretches without separators: a word, or a run of units or clusters.
  for (std::size_t i = 0; i < text.size();) {
    if (is_separator(text[i]) && !wildcard(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (!is_separator(text[end]) || wildcard(text[end]))) ++end;
    const std::string_view stretch = text.substr(i, end - i);
    const bool wild = std::ranges::any_of(stretch, wildcard);
    const Class kind = wildcard(stretch[0]) ? Class::word : char_info(decode(stretch, 0).cp).kind();
    const bool whole = !wild && (kind == Class::word || kind == Class::katakana || kind == Class::emoji);
    if (whole) {
      offer(KeyKind::word, stretch, word_weight(kind == Class::emoji ? 5 : characters(stretch)));
    } else {
      for (std::size_t j = 0; j < stretch.size();) {
        std::size_t stop = j;
        while (stop < stretch.size() && !wildcard(stretch[stop])) ++stop;
        const std::string_view piece = stretch.substr(j, stop - j);
        const bool run = kind == Class::unit || kind == Class::cluster;
        if (!piece.empty())
          offer(KeyKind::literal, piece, run ? run_weight(characters(piece)) : piece_weight(characters(piece)));
        j = stop + 1;
      }
    }
    i = end;
  }
  if (best && best->kind == KeyKind::word) decides = best->text.size() + 2 == text.size();
  return best;
}

std::vector<Key> regex_keys(const std::string& pattern, bool ignore_case) {
  // RE2's own analysis: atoms, lower-cased, at least one of which any match contains (when it finds a filter at all).
  re2::FilteredRE2 filter(3);
  RE2::Options options;
  options.set_case_sensitive(!ignore_case);
  options.set_log_errors(false);
  int id = 0;
  std::vector<Key> keys;
  if (filter.Add(pattern, options, &id) != RE2::NoError) return keys;
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  std::vector<int> unfiltered;
  filter.AllPotentials({}, &unfiltered);
  if (!unfiltered.empty()) return keys;
  for (const std::string& atom : atoms) {
    // Folding leaves runs of ASCII letters and digits whole; of anything else that cannot be said.
    std::string_view best;
    for (std::size_t i = 0; i < atom.size();) {
      std::size_t end = i;
      while (end < atom.size() && ((atom[end] >= 'a' && atom[end] <= 'z') || (atom[end] >= '0' && atom[end] <= '9')))
        ++end;
      if (end - i > best.size()) best = std::string_view(atom).substr(i, end - i);
      i = std::max(end, i + 1);
    }
    if (best.size() < 3) return {};
    keys.push_back({KeyKind::literal, std::string(best), piece_weight(best.size())});
  }
  return keys;
}

std::string value_key(ValueField field, std::string_view folded) {
  std::string key{static_cast<char>('0' + static_cast<int>(field))};
  key += folded;
  return key;
}

std::optional<Key> value_key_of(ValueField field, std::string_view folded) {
  if (folded.ends_with('*')) return std::nullopt;
  double weight = 1000;
  if (field == ValueField::lang) weight = 400'000;
  if (field == ValueField::type) weight = 200'000;
  if (field == ValueField::source) weight = 20'000;
  if (field == ValueField::label) weight = 100'000;
  return Key{KeyKind::value, value_key(field, folded), weight};
}

std::uint32_t AnchorChooser::intern(const Key& key) {
  std::string id{static_cast<char>(key.kind)};
  id += key.text;
  const auto [found, fresh] = ids_.try_emplace(std::move(id), static_cast<std::uint32_t>(keys_.size()));
  if (fresh) {
    keys_.push_back(key);
    uses_.push_back(0);
  }
  return found->second;
}

}  // namespace earshot::query
