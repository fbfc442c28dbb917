// The alert's own words: everything a person reads that did not come from outside.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace earshot::sink {

// One language. "{}" stands for a number.
struct Words {
  std::string_view language;                 // BCP 47: en nl de fr es
  std::array<std::string_view, 5> severity;  // by EARSHOT_SEVERITY_…; 0 unused
  std::array<std::string_view, 12> kind;     // by EARSHOT_ALERT_…; 0 unused
  std::string_view one_mention, mentions;    // "1 mention", "{} mentions"
  std::string_view one_more, more;           // "and 1 more", "and {} more"
  std::string_view open;                     // the button to the article
  std::string_view untitled;                 // where an item has neither title nor text
  std::string_view thousands;                // between groups of three digits
  bool zero_is_one;                          // French counts 0 as singular
  std::array<std::string_view, 10> counts;   // names of kCounts in this language
};

// The engagement counts with a translation, in the order in which they are shown; others keep their own name.
inline constexpr std::array<std::string_view, 10> kCounts{"views",   "likes",    "reposts", "shares", "quotes",
                                                          "replies", "comments", "points",  "votes",  "reach"};

// `language` as in earshot_alert; only its first two letters count; English where it is absent or unknown.
const Words& words(std::string_view language);

// 1234567 → "1,234,567" in the language's way.
std::string number(const Words& words, std::uint64_t n);
// "1 mention", "1,234 mentions".
std::string mentions(const Words& words, std::uint64_t n);
// "and 37 more".
std::string more(const Words& words, std::uint64_t n);

}  // namespace earshot::sink
