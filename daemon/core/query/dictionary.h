// The dictionary that scripts without spaces need, to tell where a word begins and ends.
#pragma once

#include <unicode/uversion.h>

#include <memory>
#include <string_view>

U_NAMESPACE_BEGIN
class BreakIterator;
U_NAMESPACE_END

namespace earshot::query {

// The dictionary of scripts without spaces (ICU's). A term that it knows as one word must stand as one: 京都 is not in
// 東京都, nor กา in การ. A name it has never heard of may stand anywhere, for missing a mention is the worse fault.
class Dictionary {
 public:
  Dictionary();
  ~Dictionary();
  Dictionary(Dictionary&&) noexcept;
  Dictionary& operator=(Dictionary&&) noexcept;

  // Whether a pattern of such a script is one word of the dictionary.
  static bool knows(std::string_view pattern);
  // Whether the known word at bytes [start, end) of `text`, a folded run without separators, stands there as a word.
  // Looks at most kWindow characters to either side. Not at once from two threads.
  bool allows(std::string_view text, std::size_t start, std::size_t end);
  static constexpr int kWindow = 24;

 private:
  std::unique_ptr<icu::BreakIterator> words_;
};

}  // namespace earshot::query
