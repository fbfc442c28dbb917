// Words in the languages that channels speak (config::Channel::language).
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

namespace earshot {

// The entry of a table in that language, by what `of` says of each; the first, which is English, where there is none.
template <class Table, class Of>
const auto& in_language(const Table& table, std::string_view language, Of of) {
  const auto found = std::ranges::find(table, language, of);
  return found == std::end(table) ? *std::begin(table) : *found;
}

}  // namespace earshot
