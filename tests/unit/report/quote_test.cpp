#include "core/report/quote.h"

#include <gtest/gtest.h>

#include <limits>

namespace earshot::report {
namespace {

// The text with its hits in [brackets], before and after.
std::string narrowed(std::string_view marked, std::string language = "en") {
  Mention mention;
  mention.language = std::move(language);
  for (const char c : marked) {
    if (c == '[')
      mention.snippet_hits.push_back({static_cast<std::uint32_t>(mention.snippet.size()), 0});
    else if (c == ']')
      mention.snippet_hits.back().end = static_cast<std::uint32_t>(mention.snippet.size());
    else
      mention.snippet += c;
  }
  to_sentences(mention);
  std::string out = mention.snippet;
  for (auto hit = mention.snippet_hits.rbegin(); hit != mention.snippet_hits.rend(); ++hit)
    out.insert(hit->end, "]").insert(hit->start, "[");
  return out;
}

TEST(Quote, IsTheSentenceOfTheHit) {
  EXPECT_EQ(narrowed("…ended. The refund from [Acme Bank] took three weeks to arrive. Then we went to the…"),
            "The refund from [Acme Bank] took three weeks to arrive.");
  EXPECT_EQ(narrowed("It is over. [Acme] has lost every customer it had in town! Who is next?"),
            "[Acme] has lost every customer it had in town!");
}

TEST(Quote, HitsInSeveralSentencesKeepWhatStandsBetween) {
  EXPECT_EQ(narrowed("…so. [Acme] fell over this morning. Nobody knew. Later [Acme] came back. That was the…"),
            "[Acme] fell over this morning. Nobody knew. Later [Acme] came back.");
}

TEST(Quote, WhatIsTooShortTakesItsNeighbour) {
  EXPECT_EQ(narrowed("[Acme] broke. Nobody could pay for lunch in the whole of the city."),
            "[Acme] broke. Nobody could pay for lunch in the whole of the city.");
}

TEST(Quote, ASentenceCutInTheMiddleIsBetterThanNone) {
  const std::string cut = "…of which [Acme] was never the cheapest but always the one that people…";
  EXPECT_EQ(narrowed(cut), cut);
}

TEST(Quote, OtherScriptsHaveSentencesToo) {
  EXPECT_EQ(narrowed("…した。[アクメ銀行]の返金には三週間もかかり、お客様の多くは怒っていました。次に私たちは…", "ja"),
            "[アクメ銀行]の返金には三週間もかかり、お客様の多くは怒っていました。");
  EXPECT_EQ(narrowed("…انتهى. استغرق رد الأموال من [أكمي] ثلاثة أسابيع كاملة! ثم ذهبنا…", "ar"),
            "استغرق رد الأموال من [أكمي] ثلاثة أسابيع كاملة!");
}

TEST(Quote, IllFormedTextIsLeftAlone) {
  Mention mention;
  mention.snippet = "\xC3\x28 acme \xFF";
  mention.snippet_hits = {{3, 7}};
  mention.language = "und";
  to_sentences(mention);
  EXPECT_EQ(mention.snippet, "\xC3\x28 acme \xFF");
  mention.snippet.clear();
  mention.snippet_hits.clear();
  to_sentences(mention);
  EXPECT_EQ(mention.snippet, "");
}

TEST(Striking, CountsMagnitudes) {
  Mention mention;
  mention.snippet = "People say that acme did something at last.";
  mention.snippet_hits = {{16, 20}};
  const double plain = striking(mention);
  mention.item.engagement = {{"likes", 99}};
  EXPECT_NEAR(striking(mention), plain + 2, 0.01);
  mention.item.engagement = {{"views", 99}};
  EXPECT_NEAR(striking(mention), plain + 1, 0.01);
  mention.item.engagement = {{"likes", -5}, {"likes", std::numeric_limits<double>::infinity()}, {"ratio", 100}};
  EXPECT_NEAR(striking(mention), plain, 0.01);
  mention.severity = Severity::critical;
  EXPECT_NEAR(striking(mention), plain + 2, 0.01);
  EXPECT_EQ(striking_story(1), 0);
  EXPECT_EQ(striking_story(8), 3);
}

}  // namespace
}  // namespace earshot::report
