// A corpus made from nothing: posts of about 250 bytes in several languages. Words are made of syllables, drawn by
// Zipf's law (the n-th most frequent word of a language about 1/n as often as the first), as in real text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace earshot::bench {

struct Corpus {
  std::vector<std::string> posts;
  std::size_t bytes = 0;
};

Corpus make_corpus(std::size_t posts, std::uint64_t seed);

// `n` different names to look for: made like the words, but most of them of the rare kind that brands are; about one
// in fifty is a word that posts do use. About one in ten in a script other than Latin.
std::vector<std::string> make_terms(std::size_t n, std::uint64_t seed);

}  // namespace earshot::bench
