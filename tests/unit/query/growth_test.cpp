// How the cost of matching grows: counted in steps (Scratch::work), so that the answer is the same on every machine. Of
// each shape that could be dear, twice the text may take little more than twice the steps, and so may twice the query.
#include <functional>

#include "unit/query/support.h"

namespace earshot::query {
namespace {

using Sized = std::function<std::string(std::size_t)>;

// `n` times, with {} the number of the piece.
std::string pieces(std::size_t n, std::string_view piece, std::string_view between = "") {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0) out += between;
    for (std::size_t at = 0; at < piece.size(); ++at) {
      if (piece.substr(at).starts_with("{}")) {
        out += std::to_string(i);
        ++at;
      } else {
        out += piece[at];
      }
    }
  }
  return out;
}

Sized repeated(std::string piece, std::string between = "") {
  return [=](std::size_t n) { return pieces(n, piece, between); };
}
Sized always(std::string text) {
  return [=](std::size_t) { return text; };
}

struct Shape {
  const char* name;
  Sized query;
  std::size_t parts;  // the smallest query; it is doubled twice
  Sized text;
  std::size_t words;  // the smallest text; it is doubled four times
};

std::string nested(std::size_t depth, const std::string& inner, const std::string& before, const std::string& after) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += before;
  out += inner;
  for (std::size_t i = 0; i < depth; ++i) out += after;
  return out;
}

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all{
      {"nested NEAR of beginnings", [](std::size_t m) { return nested(m, "aaa*", "(", " NEAR/50 (aaa* OR bbb*))"); },
       12, repeated("aaab bbba "), 250},
      {"a chain of ONEAR", [](std::size_t m) { return "aaa" + pieces(m, " ONEAR/50 (aaa OR bbb)"); }, 50,
       repeated("aaa bbb "), 250},
      {"OR of thousands", repeated("word{}", " OR "), 900, repeated("word{} "), 250},
      {"OR of thousands near OR of thousands",
       [](std::size_t m) { return "(" + pieces(m, "a{}", " OR ") + ") NEAR/3 (" + pieces(m, "b{}", " OR ") + ")"; },
       400, repeated("a{} b{} "), 250},
      {"beginnings of one word",
       [](std::size_t m) {
         std::string out = "zzz";
         for (std::size_t i = 0; i < m; ++i) out += " OR " + std::string(3 + i, 'a') + "*";
         return "(" + out + ") NEAR/5 zzz";
       },
       50, [](std::size_t n) { return pieces(n, std::string(200, 'a') + " "); }, 250},
      {"SENTENCE of thousands",
       [](std::size_t m) { return "SENTENCE((" + pieces(m, "a{}", " OR ") + ") (zzz OR yyy))"; }, 800,
       repeated("A{} is here. "), 250},
      {"SENTENCE in which nothing stands together",
       [](std::size_t m) { return "SENTENCE(common (" + pieces(m, "-x{}", " ") + ") rare)"; }, 400,
       repeated("Common x{}. Rare x{}. "), 250},
      {"SENTENCE with NEAR", [](std::size_t m) { return "SENTENCE(" + pieces(m, "(a NEAR/2 b)", " ") + ")"; }, 50,
       repeated("A b. B. A. "), 250},
      {"NOT in NOT", [](std::size_t m) { return nested(m, "b", "a -(", ")"); }, 6, repeated("a b "), 250},
      {"atleast of everything",
       [](std::size_t m) {
         std::string out = "aaa";
         for (std::size_t i = 0; i < m; ++i) out += " atleast/100:" + std::string(3 + i, 'a') + "*";
         return out;
       },
       50, [](std::size_t n) { return pieces(n, std::string(210, 'a') + " aaa "); }, 250},
      {"phrases that nearly match", [](std::size_t m) { return "\"" + pieces(m, "a", " ") + " b\""; }, 50,
       repeated("a "), 500},
      {"literals that nearly match", [](std::size_t m) { return "`" + pieces(m, "a") + "b`"; }, 100, repeated("a"),
       4'000},
      {"letters for wildcards", [](std::size_t m) { return "a" + pieces(m, "?"); }, 50, repeated("a"), 4'000},
      {"expressions that read on to the end", repeated("/(b.*z)|(b{})|b/", " OR "), 10, repeated("b c "), 4'000},
      {"expressions that match places", repeated("/(b.*z{})|\\bb/", " OR "), 10, repeated("b c "), 4'000},
      {"expressions that match nearly everything", repeated("/(a|aa)+c{}?$/", " OR "), 10, repeated("a"), 4'000},
      {"Chinese, every character a word", repeated("北京{}", " OR "), 200, repeated("北京"), 500},
      {"Thai asked of the dictionary", repeated("กา{}", " OR "), 100, repeated("การ"), 500},
      {"marks without end", always("a OR abc*"), 1, [](std::size_t n) { return "a" + pieces(n, "\u0301\u0327"); }, 500},
  };
  return all;
}

std::uint64_t work(const Shape& shape, std::size_t parts, std::size_t words) {
  const Set set = compiled(shape.query(parts));
  const std::string text = shape.text(words);
  Scratch scratch;
  (void)set.match(text_of(text), scratch);
  return scratch.work();
}

TEST(Growth, TwiceTheTextIsTwiceTheSteps) {
  for (const Shape& shape : shapes()) {
    std::uint64_t last = work(shape, shape.parts, shape.words);
    EXPECT_GE(last, shape.words) << shape.name;
    for (std::size_t n = shape.words * 2; n <= shape.words * 16; n *= 2) {
      const std::uint64_t now = work(shape, shape.parts, n);
      EXPECT_LE(now, last * 22 / 10) << shape.name << ", text of " << n;
      last = now;
    }
  }
}

TEST(Growth, TwiceTheQueryIsTwiceTheSteps) {
  for (const Shape& shape : shapes()) {
    std::uint64_t last = work(shape, shape.parts, shape.words * 4);
    for (std::size_t m = shape.parts * 2; m <= shape.parts * 4; m *= 2) {
      const std::uint64_t now = work(shape, m, shape.words * 4);
      const double larger = static_cast<double>(shape.query(m).size()) / static_cast<double>(shape.query(m / 2).size());
      EXPECT_LE(static_cast<double>(now), static_cast<double>(last) * larger * 1.1) << shape.name << ", query of " << m;
      last = now;
    }
  }
}

TEST(Growth, TopicsThatAreNotThereCostNothing) {
  const auto with = [](std::size_t topics) {
    std::vector<Topic> all;
    for (std::size_t i = 0; i < topics; ++i)
      all.push_back({"t" + std::to_string(i), "(absent" + std::to_string(i) + " OR missing*) common"});
    const auto set = compile(all, {});
    Scratch scratch;
    (void)set->match(text_of("common words and nothing of what is sought"), scratch);
    return scratch.work();
  };
  EXPECT_EQ(with(100), with(3'000));
}

}  // namespace
}  // namespace earshot::query
