#include "core/mention/story.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <xxhash.h>

#include <algorithm>
#include <limits>
#include <string>

namespace earshot::mention {
namespace {

constexpr std::size_t kRead = 16U << 10;

// A finaliser that spreads every bit over all others (Steele, Lea and Flood, SplitMix, 2014).
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

constexpr std::array<std::uint64_t, kBands* kRows> kSeeds = [] {
  std::array<std::uint64_t, kBands * kRows> seeds{};
  std::uint64_t state = 0;
  for (std::uint64_t& seed : seeds) seed = mix(state += 0x9e3779b97f4a7c15);
  return seeds;
}();

bool stands_alone(UChar32 c) {
  return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) || (c >= 0x3040 && c <= 0x30ff);  // Hiragana, Katakana
}

// Calls `word` with the hash of each word.
template <class Take>
void each_word(std::string_view text, Take word) {
  text = text.substr(0, kRead);
  std::string now;
  const auto finish = [&] {
    if (!now.empty()) word(XXH3_64bits(now.data(), now.size()));
    now.clear();
  };
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    // An apostrophe is inside its word, whichever of them is written.
    if (c == '\'' || c == 0x2019) continue;
    if (c < 0 || !u_isalnum(c)) {
      finish();
      continue;
    }
    const UChar32 folded = u_foldCase(c, U_FOLD_CASE_DEFAULT);
    if (stands_alone(c)) finish();
    char bytes[U8_MAX_LENGTH];
    std::int32_t n = 0;
    U8_APPEND_UNSAFE(bytes, n, folded);
    now.append(bytes, static_cast<std::size_t>(n));
    if (stands_alone(c)) finish();
  }
  finish();
}

}  // namespace

Shingles shingles(std::string_view text) {
  Shingles all;
  std::uint64_t before = 0, last = 0;
  std::size_t words = 0;
  each_word(text, [&](std::uint64_t word) {
    if (++words >= 3) all.push_back(mix(mix(mix(before) ^ last) ^ word));
    before = last;
    last = word;
  });
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

std::optional<Sketch> sketch(const Shingles& shingles) {
  if (shingles.size() < kLeastShingles) return std::nullopt;
  std::array<std::uint64_t, kBands * kRows> least{};
  least.fill(std::numeric_limits<std::uint64_t>::max());
  for (const std::uint64_t shingle : shingles)
    for (std::size_t i = 0; i < least.size(); ++i) {
      // The shingle is mixed already: one multiplication more makes another order of them.
      const std::uint64_t value = (shingle ^ kSeeds[i]) * 0x9e3779b97f4a7c15;
      least[i] = std::min(least[i], value ^ value >> 32);
    }
  Sketch bands{};
  for (std::size_t band = 0; band < kBands; ++band) {
    std::uint64_t hash = band + 1;
    for (std::size_t row = 0; row < kRows; ++row) hash = mix(hash ^ least[band * kRows + row]);
    bands[band] = hash;
  }
  return bands;
}

Likeness likeness(const Shingles& a, const Shingles& b) {
  if (a.empty() || b.empty()) return {};
  std::size_t shared = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (*i == *j) ++shared;
    const bool step_a = *i <= *j, step_b = *j <= *i;
    if (step_a) ++i;
    if (step_b) ++j;
  }
  const auto of = [shared](std::size_t all) { return static_cast<double>(shared) / static_cast<double>(all); };
  return {of(a.size() + b.size() - shared), of(std::min(a.size(), b.size()))};
}

bool same_news(const Likeness& likeness) {
  constexpr double kMost = 0.55, kPart = 0.3;
  return likeness.containment >= kMost && likeness.resemblance >= kPart;
}

}  // namespace earshot::mention
