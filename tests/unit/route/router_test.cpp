#include "core/route/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// GCC 12 takes fields that a designated initialiser leaves at their defaults for forgotten ones.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace earshot::route {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

config::Config base() {
  config::Config config;
  config.topics.push_back({.name = "brand"});
  for (const char* name : {"care", "pr", "archive"}) {
    config::Channel channel;
    channel.name = name;
    config.channels.push_back(channel);
  }
  return config;
}

config::Route route_to(std::vector<std::string> channels, config::When when = {}) {
  config::Route route;
  route.when = std::move(when);
  route.channels = std::move(channels);
  return route;
}

Mention mention() {
  Mention m;
  m.source = "blog";
  m.site = "news.acme.example";
  m.severity = Severity::high;
  m.labels = {{"team", "pr"}, {"team", "care"}, {"kind", "owned"}};
  m.matches = {{.topic = "brand", .hits = {}}};
  m.language = "en-GB";
  m.item.engagement = {{"likes", 100}};
  return m;
}

std::vector<std::string> channels(const config::Config& config, const Mention& m, const QueryTest& query = {}) {
  std::vector<std::string> out;
  for (const Decision& d : Router(config).route(m, query)) out.push_back(d.channel);
  return out;
}

TEST(Router, EveryRouteThatHoldsInTheirOrder) {
  config::Config config = base();
  config.routes = {route_to({"care"}, {.topics = {"complaints"}}), route_to({"pr"}, {.topics = {"brand"}}),
                   route_to({"archive"})};
  EXPECT_THAT(channels(config, mention()), ElementsAre("pr", "archive"));
}

TEST(Router, StopsWhereARouteSaysSo) {
  config::Config config = base();
  config.routes = {route_to({"care"}), route_to({"archive"})};
  config.routes[0].stop = true;
  EXPECT_THAT(channels(config, mention()), ElementsAre("care"));
}

TEST(Router, AStopWithoutChannelsSendsNowhere) {
  config::Config config = base();
  config.routes = {route_to({}, {.sources = {"blog"}}), route_to({"archive"})};
  config.routes[0].stop = true;
  EXPECT_THAT(channels(config, mention()), IsEmpty());
}

TEST(Router, AChannelGetsAMentionOnceByTheFirstRoute) {
  config::Config config = base();
  config.routes = {route_to({"pr", "care"}), route_to({"pr", "archive"})};
  const auto decisions = Router(config).route(mention());
  ASSERT_EQ(decisions.size(), 3u);
  EXPECT_EQ(decisions[0].channel, "pr");
  EXPECT_EQ(decisions[0].route, 0u);
  EXPECT_EQ(decisions[2].route, 1u);
}

TEST(Router, ADefaultRouteTakesOnlyWhatWasNotTaken) {
  config::Config config = base();
  config.routes = {route_to({"pr"}, {.topics = {"brand"}}), route_to({"archive"})};
  config.routes[1].fallback = true;
  EXPECT_THAT(channels(config, mention()), ElementsAre("pr"));
  Mention other = mention();
  other.matches[0].topic = "other";
  EXPECT_THAT(channels(config, other), ElementsAre("archive"));
}

TEST(Router, NothingForAMentionNoTopicWanted) {
  config::Config config = base();
  config.routes = {route_to({"archive"})};
  Mention m = mention();
  m.matches.clear();
  EXPECT_THAT(channels(config, m), IsEmpty());
  config.topics.clear();  // then everything is a mention
  EXPECT_THAT(channels(config, m), ElementsAre("archive"));
}

TEST(Router, WithoutRoutesEverythingGoesEverywhere) {
  EXPECT_THAT(channels(base(), mention()), ElementsAre("care", "pr", "archive"));
}

TEST(Router, ChannelsThatAreOffGetNothing) {
  config::Config config = base();
  config.channels[1].enabled = false;
  EXPECT_THAT(channels(config, mention()), ElementsAre("care", "archive"));
  config.routes = {route_to({"pr", "care"})};
  EXPECT_THAT(channels(config, mention()), ElementsAre("care"));
}

TEST(Router, AQueryIsAskedForItsRoute) {
  config::Config config = base();
  config.routes = {route_to({"care"}, {.query = "outage"}), route_to({"pr"}, {.query = "refund"})};
  EXPECT_THAT(channels(config, mention(), [](std::uint32_t route) { return route == 1; }), ElementsAre("pr"));
  EXPECT_THAT(channels(config, mention()), IsEmpty());
}

TEST(Router, SaysWhy) {
  config::Config config = base();
  config.routes = {route_to({"pr"}, {.severities = {Severity::high}, .labels = {{"team", {"x", "care"}}}})};
  const auto decisions = Router(config).route(mention());
  ASSERT_EQ(decisions.size(), 1u);
  EXPECT_EQ(decisions[0].reason, "route 1: severity=high, team=care");
  EXPECT_EQ(decisions[0].severity, Severity::high);
}

TEST(WhyNot, IsEmptyWhenAllHolds) {
  const config::When when{.topics = {"other", "brand"},
                          .sources = {"blog"},
                          .sites = {"acme.example"},
                          .languages = {"nl", "EN"},
                          .severities = {Severity::normal, Severity::high},
                          .labels = {{"team", {"pr"}}, {"kind", {"owned", "earned"}}},
                          .numbers = {{"likes", 100, 100}}};
  EXPECT_EQ(why_not(when, mention()), "");
  EXPECT_EQ(why_not({}, mention()), "");
}

TEST(WhyNot, NamesTheTestThatFails) {
  EXPECT_THAT(why_not({.topics = {"a", "b"}}, mention()), HasSubstr("topic is none of: a, b"));
  EXPECT_THAT(why_not({.sources = {"Blog"}}, mention()), HasSubstr("source"));
  EXPECT_THAT(why_not({.sites = {"cme.example"}}, mention()), HasSubstr("site"));
  EXPECT_THAT(why_not({.sites = {"m.news.acme.example"}}, mention()), HasSubstr("site"));
  EXPECT_THAT(why_not({.languages = {"e", "en-US", "en-G"}}, mention()), HasSubstr("lang"));
  EXPECT_THAT(why_not({.severities = {Severity::low}}, mention()), HasSubstr("severity is high"));
  EXPECT_THAT(why_not({.labels = {{"team", {"legal"}}}}, mention()), HasSubstr("team is none of: legal"));
  EXPECT_THAT(why_not({.labels = {{"owner", {"pr"}}}}, mention()), HasSubstr("owner"));
  EXPECT_THAT(why_not({.numbers = {{"likes", 101, {}}}}, mention()), HasSubstr("likes is 100, below 101"));
  EXPECT_THAT(why_not({.numbers = {{"likes", {}, 99}}}, mention()), HasSubstr("likes is 100, above 99"));
  EXPECT_THAT(why_not({.numbers = {{"views", 0, {}}}}, mention()), HasSubstr("views is not known"));
  EXPECT_THAT(why_not({.query = "outage"}, mention()), HasSubstr("does not match: outage"));
  EXPECT_EQ(why_not({.query = "outage"}, mention(), true), "");
}

}  // namespace
}  // namespace earshot::route
