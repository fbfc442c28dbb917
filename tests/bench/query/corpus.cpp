#include "bench/query/corpus.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <unordered_set>

namespace earshot::bench {
namespace {

struct Language {
  std::vector<std::string> syllables;
  bool spaces = true;
  unsigned share;  // of posts, in per cent
};

// The share of letters with accents is that of the languages: of a word in nine in German and Spanish.
const std::vector<Language>& languages() {
  static const std::vector<Language> all{
      {{"the", "ing", "er",  "an",  "re",   "on", "at", "en", "co", "de", "ri", "ti", "is", "or", "al", "ar", "st",
        "le",  "ma",  "pro", "ver", "ment", "un", "ex", "bl", "cr", "qu", "th", "sh", "ph", "w",  "y",  "k",  "v"},
       true,
       50},
      {{"der", "sch", "ung", "ein", "ge",  "ver", "be",  "ich", "lich", "keit", "aus", "st",  "ra",  "ke",  "en",
        "auf", "gen", "hal", "ten", "ier", "ück", "and", "ob",  "tion", "nis",  "mit", "wer", "los", "bar", "ab",
        "um",  "sam", "er",  "is",  "el",  "öß",  "an",  "vor", "haft", "zu",   "ei",  "ent", "wei"},
       true,
       15},
      {{"de",  "es",  "la", "ar",  "que", "mente", "tra", "do",  "ri", "lu",  "ver", "ga",  "con", "per", "ta",
        "ado", "sol", "en", "ció", "par", "ser",   "mon", "ble", "re", "nte", "al",  "ión", "os",  "un",  "cer",
        "mar", "po",  "te", "ce",  "pre", "lo",    "cu",  "so",  "ca", "ni",  "ma",  "der", "vi",  "cor", "sa"},
       true,
       12},
      {{"про", "ст", "но", "ть", "ени", "ко", "ра", "на", "ва", "ли", "ми", "де", "ск", "ой", "пре", "ба"}, true, 8},
      {{"ال", "من", "في", "عل", "با", "رس", "كت", "مد", "ين", "ها"}, true, 4},
      {{"的", "一", "是", "在", "不", "了", "有", "和", "人", "这", "中", "大", "国", "上",
        "个", "到", "说", "时", "要", "就", "出", "会", "可", "也", "你", "对", "生", "能"},
       false,
       6},
      {{"の", "に", "は", "を", "た", "が", "で", "て", "と", "し", "カメ", "ラー", "新", "発", "売", "日", "本"},
       false,
       3},
      {{"하", "는", "이", "에", "다", "한", "고", "을", "로", "가", "사", "지", "기"}, true, 2}};
  return all;
}

// Words by rank, made on the spot from the rank alone.
std::string word(const Language& language, std::uint64_t rank) {
  std::mt19937_64 random(rank * 0x9E3779B97F4A7C15ull + language.share);
  const int syllables = rank < 50 ? 1 : rank < 2'000 ? 2 : 3;
  std::string out;
  for (int i = 0; i < syllables; ++i) out += language.syllables[random() % language.syllables.size()];
  if (rank > 2'000) out += language.syllables[rank % language.syllables.size()];
  return out;
}

std::uint64_t zipf(std::mt19937_64& random, std::uint64_t vocabulary) {
  const double u = static_cast<double>(random() >> 11) * 0x1.0p-53;
  return static_cast<std::uint64_t>(std::pow(static_cast<double>(vocabulary), u));
}

std::size_t letters(const std::string& term) {
  return static_cast<std::size_t>(
      std::ranges::count_if(term, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

const Language& some_language(std::mt19937_64& random) {
  auto at = static_cast<unsigned>(random() % 100);
  for (const Language& language : languages()) {
    if (at < language.share) return language;
    at -= language.share;
  }
  return languages().front();
}

// What follows a word: mostly a space; per mille otherwise.
const std::string& some_end(std::mt19937_64& random) {
  static const std::vector<std::pair<std::string, unsigned>> ends{
      {", ", 60}, {". ", 55}, {"\n", 15}, {" #", 20}, {" @", 12}, {"'s ", 10}, {": ", 10},
      {"! ", 10}, {"? ", 8},  {" – ", 5}, {"… ", 3},  {" 😀 ", 4}, {" \"", 6},  {"\" ", 6}};
  static const std::string space = " ";
  auto at = static_cast<unsigned>(random() % 1'000);
  for (const auto& [end, share] : ends) {
    if (at < share) return end;
    at -= share;
  }
  return space;
}

}  // namespace

Corpus make_corpus(std::size_t posts, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Corpus corpus;
  for (std::size_t i = 0; i < posts; ++i) {
    const Language& language = some_language(random);
    const std::size_t length = 100 + random() % 300;
    std::string post;
    while (post.size() < length) {
      std::string next = word(language, zipf(random, 50'000));
      if (random() % 8 == 0 && static_cast<unsigned char>(next[0]) < 0x80) next[0] = static_cast<char>(next[0] & ~0x20);
      post += next;
      if (language.spaces || random() % 12 == 0) post += some_end(random);
    }
    corpus.bytes += post.size();
    corpus.posts.push_back(std::move(post));
  }
  return corpus;
}

std::vector<std::string> make_terms(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::unordered_set<std::string> seen;
  std::vector<std::string> terms;
  while (terms.size() < n) {
    const Language& language = random() % 100 < 90 ? languages()[random() % 3] : some_language(random);
    std::string term = random() % 50 == 0
                           ? word(language, 1'000 + random() % 40'000)
                           : word(language, 60'000 + random() % 10'000'000) + word(language, random() % 2'000);
    if (letters(term) < (language.spaces ? 4u : 2u)) continue;
    if (seen.insert(term).second) terms.push_back(std::move(term));
  }
  return terms;
}

}  // namespace earshot::bench
