// What an alert says in its own words.
#include "plugin/alert_texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::host {
namespace {

using testing::HasSubstr;
using texts::Texts;

const Time kNow = *parse_rfc3339("2026-11-23T20:10:00Z");

class AlertSays : public testing::Test {
 protected:
  AlertSays() {
    context.when = [](Time) { return "Mon 23 Nov 2026 21:10 CET"; };
    Mention m;
    m.id = "m1";
    m.source = "reg";
    m.item.url = "https://www.theregister.com/2026/acme";
    m.item.author = "Jane Doe";
    m.item.engagement = {{"replies", 12}, {"likes", 1204}, {"ratio", 0.5}, {"boosts", 1}};
    m.matches = {{"complaints", {}}, {"brand", {}}};
    m.labels = {{"team", "care"}, {"sentiment.tone", "angry"}};
    m.severity = Severity::high;
    m.language = "en";
    alert.mentions = {m};
    alert.severity = Severity::high;
    alert.channel = "pr";
    alert.created = kNow;
  }
  MentionTexts mention() const { return texts_of(alert.mentions[0], alert.created, context); }
  AlertTexts all() const { return texts_of(alert, context); }
  void own(const texts::Own& own) { context.texts = *Texts::with("en", own); }

  AlertContext context;
  Alert alert;
};

TEST_F(AlertSays, WhatHappenedWhoSaidItAndHowBigItIs) {
  EXPECT_EQ(all().status, "🟠 High · New mention · complaints · brand");
  EXPECT_EQ(mention().byline, "theregister.com · Jane Doe · Mon 23 Nov 21:10 CET");
  EXPECT_EQ(mention().when, "Mon 23 Nov 2026 21:10 CET");
  EXPECT_EQ(mention().figures, "1,204 likes · 12 replies · 1 boosts");
  EXPECT_EQ(all().open, "Open");
  EXPECT_EQ(all().note, "");
  EXPECT_EQ(all().untitled, "(no title)");
}

TEST_F(AlertSays, HowManyAreNotShown) {
  alert.kind = AlertKind::digest;
  alert.mentions.resize(3, alert.mentions[0]);
  alert.total = 41;
  EXPECT_THAT(all().more, testing::ElementsAre("and 41 more", "and 40 more", "and 39 more", "and 38 more"));
  EXPECT_THAT(all().status, HasSubstr("Digest · 41 mentions"));
  alert.total = 3;
  EXPECT_THAT(all().more, testing::ElementsAre("and 3 more", "and 2 more", "and 1 more", ""));
}

TEST_F(AlertSays, OfAReportOnlyThatItIsOne) {
  alert.kind = AlertKind::report;
  alert.severity = Severity::normal;
  alert.total = 312;
  EXPECT_EQ(all().status, "🔵 Normal · Report") << "its own lines count, and its quotes are of some topics only";
}

TEST_F(AlertSays, ItInTheLanguageOfTheChannel) {
  context.texts = Texts::shipped("fr");
  alert.mentions[0].item.engagement = {{"replies", 1}, {"views", 12345}};
  EXPECT_EQ(all().status, "🟠 Élevée · Nouvelle mention · complaints · brand");
  EXPECT_EQ(mention().figures, "12\u202F345 vues · 1 réponse");
}

TEST_F(AlertSays, ItTheWayTheChannelWants) {
  own({{"status", "{severity} {kind}: {topic}"},
       {"kind_mention", "Press"},
       {"byline", "{author} ({label_sentiment_tone}, {label_nothing}) on {where}"},
       {"note", "Team {label_team}\nhttps://wiki.example/{topic}"},
       {"likes", ""},
       {"open", "Read"}});
  EXPECT_EQ(all().status, "High Press: complaints");
  EXPECT_EQ(mention().byline, "Jane Doe (angry, ) on theregister.com");
  EXPECT_EQ(all().note, "Team care\nhttps://wiki.example/complaints");
  EXPECT_EQ(mention().figures, "12 replies · 1 boosts");
  EXPECT_EQ(all().open, "Read");
}

TEST_F(AlertSays, TheYearOnlyWhereItIsNotTheAlerts) {
  context.when = [](Time) { return "Sun 23 Nov 2025 21:10 CET"; };
  EXPECT_THAT(mention().byline, HasSubstr("23 Nov 2025 21:10"));
  context.when = [](Time) { return "2026-11-23 21:10"; };
  EXPECT_THAT(mention().byline, HasSubstr("2026-11-23 21:10"));
  context.when = nullptr;
  EXPECT_EQ(mention().when, "1970-01-01T00:00:00Z") << "where nobody says how";
}

TEST_F(AlertSays, WhereALinkReallyLeads) {
  alert.mentions[0].item.url = "https://bank.example@evil.example/";
  EXPECT_THAT(mention().byline, testing::StartsWith("evil.example ·"));
  alert.mentions[0].item.url = "https://аррӏе.com/";
  EXPECT_THAT(mention().byline, testing::StartsWith("xn--"));
  alert.mentions[0].item.url = "";
  EXPECT_THAT(mention().byline, testing::StartsWith("reg ·")) << "else the source";
}

TEST_F(AlertSays, NothingFromOutsideCrowdsOutTheRest) {
  Mention& m = alert.mentions[0];
  m.item.author = std::string(100'000, 'a');
  m.labels = {{"team", std::string(100'000, 'b')}};
  m.matches.assign(300, {"", {}});
  for (std::size_t i = 0; i < m.matches.size(); ++i) m.matches[i].topic = std::to_string(i) + std::string(1000, 't');
  m.item.engagement.assign(10'000, {std::string(1000, 'n'), 3});
  own({{"note", "{author} {label_team} {topics}"}});
  EXPECT_LT(all().note.size(), 700U);
  EXPECT_THAT(mention().byline, HasSubstr("… · Mon 23 Nov 21:10 CET"));
  EXPECT_LT(mention().figures.size(), 200U);
  m.item.author = "Jane\u202E\x1b[31m\nDoe";
  EXPECT_THAT(mention().byline, HasSubstr("· Jane Doe ·")) << "one clean line";
}

}  // namespace
}  // namespace earshot::host
