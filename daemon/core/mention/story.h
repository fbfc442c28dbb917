// Do two texts tell the same news? Wire copy is cut, introduced, corrected and given another headline; most of its word
// triples stay. So a text is its set of word triples (shingles; Broder, "On the resemblance and containment of
// documents", 1997), found again by MinHash in bands (Leskovec et al., "Mining of Massive Datasets", ch. 3) and
// confirmed by the sets themselves.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace earshot::mention {

// Hashes of a text's word triples, ascending, each once.
using Shingles = std::vector<std::uint64_t>;

// Of plain text in UTF-8; letters and digits only, case folded, so that typography does not count. A character of a
// script without spaces (Han, kana) is a word. What lies beyond the first 16 KiB is left out. Never of a title: another
// headline is what outlets write first, and two texts under one headline may tell different things.
Shingles shingles(std::string_view text);

// Fewer than this say too little to be recognised: boilerplate, teasers, "read more".
inline constexpr std::size_t kLeastShingles = 20;

// 32 bands of 3 rows: texts that share half of their triples meet in some band with 98.6 %, those that share a
// hundredth with 0.003 %.
inline constexpr std::size_t kBands = 32, kRows = 3;
using Sketch = std::array<std::uint64_t, kBands>;  // two texts are worth comparing when they agree in one place
// Nothing for fewer than kLeastShingles. The same on every machine and in every year.
std::optional<Sketch> sketch(const Shingles& shingles);

struct Likeness {
  double resemblance = 0;  // shared over all
  double containment = 0;  // shared over those of the shorter one
};
Likeness likeness(const Shingles& a, const Shingles& b);

// One and the same news: most of the shorter text is in the longer one, and it is no small part of that.
bool same_news(const Likeness& likeness);

// How far apart two mentions of one story may be.
inline constexpr Duration kStoryWindow = std::chrono::days{5};

}  // namespace earshot::mention
