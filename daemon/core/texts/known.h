// The texts there are, and what each of them is told. README.md describes the arguments.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/texts/pattern.h"

namespace earshot::texts {

enum class Use : std::uint8_t {
  needed,    // said as it is shipped where a channel's own comes out empty
  optional,  // may be empty: then there is nothing in its place
  page,      // of the pages behind buttons, which belong to no channel: no channel may change it
};

struct Text {
  std::string_view name;
  std::span<const Argument> arguments;
  Use use = Use::needed;
};

// What stands before a label in the name of its argument.
inline constexpr std::string_view kLabelPrefix = "label_";
// "sentiment.tone" → "label_sentiment_tone": what ICU takes for a name has no "-", "." or space.
std::string label_argument(std::string_view label);

// In the order of the languages' files.
std::span<const Text> all();
// Null: there is none of that name.
const Text* find(std::string_view name);

}  // namespace earshot::texts
