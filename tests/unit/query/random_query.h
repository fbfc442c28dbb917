// Random texts and queries in many scripts, from alphabets small enough that they meet.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "core/query/set.h"

namespace earshot::query {

class RandomQuery {
 public:
  explicit RandomQuery(std::uint64_t seed) : random_(seed) {}

  std::string text(int max_words);
  std::string query();
  std::size_t below(std::size_t n) { return random_() % n; }

  struct Doc {
    std::string title, summary, content, author, url, lang, source;
    std::vector<std::string> tags;
    std::vector<Number> engagement;
    std::optional<Time> published;
    Document view() const;
  };
  Doc document();

 private:
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[random_() % from.size()];
  }
  std::string word();
  std::string varied(std::string word);
  std::string term();
  std::string group(int depth);
  std::string positional(int depth);
  std::string value();

  std::mt19937_64 random_;
  std::size_t script_ = 0;
};

}  // namespace earshot::query
