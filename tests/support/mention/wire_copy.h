// News as agencies write it and outlets print it: stories from a grammar of our own, and the ways in which a copy comes
// to differ from the wire. For the labelled set that the story tests and benchmarks measure with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::wire {

struct Copy {
  std::size_t story = 0;  // the label: copies of one story have one number
  std::string text;
};

// `seed` decides everything. Stories are about a handful of kinds of event, so that different stories of one kind share
// many a turn of phrase, as real ones do.
std::string story(std::uint64_t seed);

// The ways in which a copy comes to differ.
enum class Change : std::uint8_t { none, cut, introduced, footer, words, order, typography, corrected, merged };
inline constexpr std::size_t kChanges = 9;
std::string changed(std::string_view text, Change change, std::uint64_t seed);

// `stories` stories of `copies` each, the first untouched, the others changed once or twice; shuffled.
std::vector<Copy> labelled_set(std::size_t stories, std::size_t copies, std::uint64_t seed);

}  // namespace earshot::wire
