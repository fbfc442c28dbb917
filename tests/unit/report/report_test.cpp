#include "core/report/report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/report/in_words.h"

namespace earshot::report {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using texts::Texts;

const Time kFrom = *parse_rfc3339("2026-11-16T08:00:00Z");
const Period kWeek{kFrom, kFrom + hours(7 * 24)};

class Reports : public testing::Test {
 protected:
  // Said by `site`; at 12 hours into the week unless said otherwise.
  Mention& hear(std::string id, std::string site, std::string story = {}, std::vector<std::string> topics = {"brand"},
                Time seen = kFrom + hours(12)) {
    Mention mention;
    mention.id = id;
    mention.source = "alerts";
    mention.site = std::move(site);
    mention.language = "en";
    mention.seen = seen;
    mention.severity = Severity::normal;
    mention.item.title = fmt::format("Title of {}", id);
    mention.item.url = fmt::format("https://{}/{}", mention.site, id);
    mention.snippet = fmt::format("People say that acme did something about {}.", id);
    mention.snippet_hits = {{16, 20}};
    for (std::string& topic : topics) mention.matches.push_back({std::move(topic), {}});
    stories[id] = story.empty() ? id : std::move(story);
    return mentions[id] = std::move(mention);
  }
  Report report(std::vector<std::string> topics = {"brand", "complaints"}) {
    Tally tally(kWeek, std::move(topics));
    for (const auto& [id, mention] : mentions) tally.add(mention, stories[id]);
    for (const route::Claim& claim : claims) {
      const auto at = mentions.find(claim.mention);
      tally.add(claim, at == mentions.end() ? std::nullopt : std::optional(at->second.seen));
    }
    return tally.finish([&](std::string_view id) -> std::optional<Mention> {
      const auto at = mentions.find(std::string(id));
      return at == mentions.end() || gone == id ? std::nullopt : std::optional(at->second);
    });
  }
  static std::vector<std::string> quotes(const Report& report) {
    std::vector<std::string> ids;
    for (const Mention& quote : report.quotes) ids.push_back(quote.id);
    return ids;
  }
  std::map<std::string, Mention> mentions;
  std::map<std::string, std::string> stories;
  std::vector<route::Claim> claims;
  std::string gone;
};

TEST_F(Reports, CountsMentionsStoriesAndOutlets) {
  hear("a", "one.example", "a");
  hear("b", "two.example", "a");
  hear("c", "two.example", "", {"brand", "complaints"});
  hear("d", "three.example", "", {"other"});
  hear("e", "one.example", "", {"brand"}, kFrom - hours(1));
  hear("f", "one.example", "", {"brand"}, kFrom - hours(7 * 24 + 1));
  hear("g", "one.example", "", {"brand"}, kWeek.to);
  const Report r = report();
  EXPECT_EQ(r.figures.now.mentions, 3U);
  EXPECT_EQ(r.figures.now.stories, 2U);
  EXPECT_EQ(r.figures.now.outlets, 2U);
  EXPECT_EQ(r.figures.before.mentions, 1U);
  ASSERT_EQ(r.topics.size(), 2U);
  EXPECT_EQ(r.topics[0].figures.now.mentions, 3U);
  EXPECT_EQ(r.topics[0].figures.now.stories, 2U);
  EXPECT_EQ(r.topics[0].figures.before.mentions, 1U);
  EXPECT_EQ(r.topics[1].figures.now.mentions, 1U);
  EXPECT_EQ(r.topics[1].figures.before.mentions, 0U);
  ASSERT_EQ(r.outlets.size(), 2U);
  EXPECT_EQ(r.outlets[0].name, "two.example");
  EXPECT_EQ(r.outlets[0].mentions, 2U);
  EXPECT_THAT(r.days, ElementsAre(3, 0, 0, 0, 0, 0, 0));
}

TEST_F(Reports, WhatANewSourceHadKeptForLongWasNotSaidThisWeek) {
  hear("archive", "one.example").item.published = kFrom - hours(24 * 400);
  hear("last-week", "one.example").item.published = kFrom - hours(24 * 3);
  hear("late", "one.example").item.published = kFrom - hours(12);
  const Report r = report();
  EXPECT_EQ(r.figures.now.mentions, 1U) << "what is found a day late belongs to the report of the day it was found";
  EXPECT_EQ(r.figures.before.mentions, 1U);
  EXPECT_THAT(quotes(r), ElementsAre("late"));
}

TEST_F(Reports, TheBiggestStoryIsThatOfMostOutlets) {
  for (const char* site : {"a.example", "b.example", "c.example"})
    hear(std::string("wire-").append(site), site, "wire-a.example");
  for (int i = 0; i < 9; ++i) hear(fmt::format("forum{}", i), "forum.example", "forum0");
  hear("x", "a.example", "x");
  hear("y", "b.example", "x");
  const Report r = report();
  ASSERT_EQ(r.stories.size(), 2U) << "nine posts in one forum are no story that spreads";
  EXPECT_EQ(r.stories[0].id, "wire-a.example");
  EXPECT_EQ(r.stories[0].outlets, 3U);
  EXPECT_EQ(r.stories[0].title, "Title of wire-a.example");
  EXPECT_EQ(r.stories[1].mentions, 2U);
}

TEST_F(Reports, QuotesTheMostStrikingOnce) {
  hear("plain", "a.example");
  hear("liked", "b.example").item.engagement = {{"likes", 5000}};
  hear("seen", "c.example").item.engagement = {{"views", 5000}};
  hear("copy", "d.example", "liked").item.engagement = {{"likes", 4000}};
  hear("owned", "e.example").labels = {{"kind", "owned"}};
  mentions["owned"].item.engagement = {{"likes", 1e9}};
  hear("short", "f.example").snippet = "acme!";
  hear("nothing-found", "g.example").snippet_hits.clear();
  EXPECT_THAT(quotes(report()), ElementsAre("liked", "seen", "plain"));
}

TEST_F(Reports, QuotesOfAllTopicsAndNotOfOneOutletOnly) {
  for (int i = 0; i < 6; ++i) hear(fmt::format("loud{}", i), "loud.example").item.engagement = {{"likes", 1000.0 + i}};
  for (int i = 0; i < 3; ++i)
    hear(fmt::format("brand{}", i), fmt::format("s{}.example", i)).item.engagement = {{"likes", 50.0 + i}};
  hear("care", "care.example", "", {"complaints"}).item.engagement = {{"likes", 49}};
  EXPECT_THAT(quotes(report()), ElementsAre("loud5", "loud4", "care", "brand2", "brand1"));
}

TEST_F(Reports, AQuoteWhoseMentionIsGoneIsLeftOut) {
  hear("a", "one.example");
  hear("b", "two.example");
  gone = "b";
  EXPECT_THAT(quotes(report()), ElementsAre("a"));
}

TEST_F(Reports, QuotesOutOfATopicOfThousandsAreItsBest) {
  for (int i = 0; i < 3000; ++i)
    hear(fmt::format("m{}", i), fmt::format("s{}.example", i)).item.engagement = {
        {"likes", static_cast<double>(i * 7919 % 3001 + 1)}};
  std::vector<std::pair<double, std::string>> best;
  for (const auto& [id, mention] : mentions) best.emplace_back(-mention.item.engagement[0].value, id);
  std::ranges::sort(best);
  std::vector<std::string> wanted;
  for (std::size_t i = 0; i < kQuotes; ++i) wanted.push_back(best[i].second);
  EXPECT_EQ(quotes(report()), wanted);
}

TEST_F(Reports, WorkIsWhatWasDoneInTheWeek) {
  using State = route::Claim::State;
  const Time noon = kFrom + hours(13);
  for (const char* id : {"a", "b", "c", "d", "e"}) hear(id, std::string(id).append(".example"));
  const auto claim = [&](std::string id, State state, Duration after, std::optional<Time> ended) {
    claims.push_back({std::move(id), {}, {"brand"}, state, "sam", kFrom + hours(12) + after, ended});
  };
  claim("a", State::done, minutes(4), noon);
  claim("b", State::taken, minutes(10), {});
  claim("c", State::not_relevant, minutes(60), noon);  // exactly when it was looked at
  claim("d", State::not_relevant, minutes(30), noon);  // taken first
  claim("e", State::done, minutes(5), kWeek.to + hours(1));
  claims.push_back({"swept", {}, {"brand"}, State::done, "sam", kFrom - hours(300), kFrom + hours(1)});
  claims.push_back({"f", {}, {"other"}, State::taken, "sam", noon, {}});
  const Report r = report();
  EXPECT_EQ(r.work.taken, 4U);
  EXPECT_EQ(r.work.open, 1U);
  EXPECT_EQ(r.work.done, 2U);
  EXPECT_EQ(r.work.not_relevant, 2U);
  EXPECT_EQ(r.work.half_within, minutes(10)) << "of 4, 5, 10 and 30 minutes the third";
  EXPECT_EQ(r.topics[0].not_relevant, 2U);
}

TEST_F(Reports, InWordsOfEveryLanguage) {
  for (int i = 0; i < 1234; ++i) hear(fmt::format("m{}", i), fmt::format("s{}.example", i % 40));
  for (int i = 0; i < 1000; ++i) hear(fmt::format("o{}", i), "s.example", "", {"brand"}, kFrom - hours(1));
  hear("nl", "s1.example", "m1").language = "nl";
  claims.push_back({"m1", {}, {"brand"}, route::Claim::State::taken, "sam", kFrom + hours(12) + minutes(14), {}});
  const route::Zone zone = *route::Zone::open("Europe/Amsterdam");
  const Report r = report();
  const Words english = in_words(r, "weekly", *Texts::shipped("en"), zone);
  EXPECT_EQ(english.headline, "weekly: 16 Nov – 23 Nov 2026");
  ASSERT_EQ(english.lines.size(), 6U);
  EXPECT_EQ(english.lines[0], "Mentions 1,235 ▲ 24 % · Stories 1,234 ▲ 23 % · Outlets 40 ▲ 40×");
  EXPECT_EQ(english.lines[1], "brand: Mentions 1,235 ▲ 24 % · Stories 1,234 ▲ 23 %");
  EXPECT_EQ(english.lines[2], "Per day: █▁▁▁▁▁▁");
  EXPECT_EQ(english.lines[4], "Languages: en 1,234 · nl 1");
  EXPECT_EQ(english.lines[5], "Taken: 1 · half of them within 14 min · still open 1");
  EXPECT_EQ(in_words(r, "", *Texts::shipped("de"), zone).headline, "Bericht: 16 Nov. – 23 Nov. 2026");
  EXPECT_EQ(in_words(r, "w", *Texts::shipped("fr"), zone).lines[0],
            "Mentions 1\u202F235 ▲ 24 % · Sujets 1\u202F234 ▲ 23 % · Médias 40 ▲ 40×");
  EXPECT_EQ(in_words(r, "w", *Texts::shipped("xx"), zone).lines, english.lines);
  for (const char* language : {"nl", "de", "fr", "es"}) {
    const Words words = in_words(r, "w", *Texts::shipped(language), zone);
    EXPECT_EQ(words.lines.size(), english.lines.size()) << language;
    EXPECT_NE(words.lines[0], english.lines[0]) << language;
    EXPECT_NE(words.lines[5], english.lines[5]) << language;
  }
}

TEST_F(Reports, AnUneventfulWeekIsOneLine) {
  const route::Zone zone = *route::Zone::open("UTC");
  EXPECT_THAT(in_words(report({"brand"}), "weekly", *Texts::shipped("en"), zone).lines,
              ElementsAre("Nothing was heard."));
}

TEST_F(Reports, OfHundredsOfTopicsTheLargest) {
  std::vector<std::string> topics;
  for (int i = 0; i < 300; ++i) {
    topics.push_back(fmt::format("t{}", i));
    for (int n = 0; n <= i; ++n) hear(fmt::format("m{}", i * 1000 + n), "a.example", "s", {topics.back()});
  }
  const auto words = in_words(report(topics), "weekly", *Texts::shipped("en"), *route::Zone::open("UTC"));
  ASSERT_GT(words.lines.size(), 16U);
  EXPECT_EQ(words.lines[1].substr(0, 17), "t299: Mentions 30");
  EXPECT_EQ(words.lines[16], "Further topics: 285");
}

TEST(Bars, StandForTheCounts) {
  EXPECT_EQ(bars({}), "");
  EXPECT_EQ(bars({0, 0}), "▁▁");
  EXPECT_EQ(bars({0, 1, 700}), "▁▂█") << "one is more than nothing";
}

}  // namespace
}  // namespace earshot::report
