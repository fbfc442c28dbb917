// What nobody takes in time is told to others; and a story told as a whole keeps its single mentions back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/route/desk.h"
#include "core/route/router.h"

namespace earshot::route {
namespace {

using namespace std::chrono_literals;
using config::GroupBy;
using testing::ElementsAre;
using testing::IsEmpty;

const Time kMonday = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 9h;

Mention mention(std::string id) {
  Mention m;
  m.id = std::move(id);
  m.source = "blog";
  m.matches = {{"brand", {}}};
  return m;
}

class Escalate : public testing::Test {
 protected:
  void use(std::vector<config::Route> routes) {
    routes_ = std::move(routes);
    crash();
  }
  void crash() {
    desk_.emplace(routes_, zone_);
    for (const Claim& claim : claims_) desk_->claim(claim);
    for (const auto& [key, value] : kept_) EXPECT_TRUE(desk_->restore(key, value)) << key;
  }
  void claim(std::string id, std::string story = {}) {
    Claim claim;
    claim.mention = std::move(id);
    claim.story = std::move(story);
    claims_.push_back(claim);
    desk_->claim(claim);
  }
  void arrive(std::string id, Time now, std::string_view story = {}, std::size_t route = 0) {
    const Mention m = mention(std::move(id));
    desk_->arrive({std::to_string(route + 1), routes_[route].channels.front(), m.id, "d-" + m.id, now}, m, story, now);
  }
  // "channel: kind id id", in order.
  std::vector<std::string> tick(Time now) {
    desk_->tick(now);
    for (Change& change : desk_->take_changes()) {
      if (change.value)
        kept_[change.key] = *std::move(change.value);
      else
        kept_.erase(change.key);
    }
    std::vector<std::string> told;
    for (const Outgoing& alert : desk_->take_alerts()) {
      const char* kinds[] = {"?", "mention", "story", "growth", "digest", "rollup", "?", "escalation"};
      told.push_back(alert.channel + ": " + kinds[static_cast<int>(alert.kind)]);
      for (const Gathered::One& one : alert.mentions.listed) told.back() += " " + one.id;
    }
    return told;
  }
  static config::Route route_to(std::string channel) {
    config::Route route;
    route.channels = {std::move(channel)};
    route.escalate = config::Escalate{30min, true, {"boss", "duty"}};
    return route;
  }

  Zone zone_ = *Zone::open("UTC");
  std::vector<config::Route> routes_;
  std::optional<Desk> desk_;
  std::map<std::string, std::string> kept_;
  std::vector<Claim> claims_;
};

TEST_F(Escalate, OthersAreToldOnceWhenNobodyTakesIt) {
  use({route_to("care")});
  EXPECT_TRUE(needs_desk(routes_[0], Severity::normal, zone_, kMonday));
  arrive("a", kMonday);
  EXPECT_THAT(tick(kMonday), ElementsAre("care: mention a"));
  crash();
  EXPECT_EQ(desk_->next(), kMonday + 30min);
  EXPECT_THAT(tick(kMonday + 29min), IsEmpty());
  EXPECT_THAT(tick(kMonday + 30min), ElementsAre("boss: escalation a", "duty: escalation a"));
  EXPECT_THAT(tick(kMonday + 10h), IsEmpty());
  EXPECT_TRUE(kept_.empty());
}

TEST_F(Escalate, WhoTakesItInTimeStopsIt) {
  use({route_to("care")});
  arrive("a", kMonday);
  arrive("b", kMonday);
  tick(kMonday);
  claim("a");
  EXPECT_THAT(tick(kMonday + 1h), ElementsAre("boss: escalation b", "duty: escalation b"));
}

TEST_F(Escalate, AClaimHoldsAlsoWhereTheDeskCrashedBeforeItWasWritten) {
  use({route_to("care")});
  arrive("a", kMonday);
  tick(kMonday);
  claim("a");
  crash();
  EXPECT_THAT(tick(kMonday + 1h), IsEmpty());
}

TEST_F(Escalate, WhatWasTakenBeforeItWasToldIsNotEscalated) {
  config::Route route = route_to("care");
  route.digest = config::Digest{{}, 1h};
  use({route});
  arrive("a", kMonday + 1min);
  tick(kMonday + 1min);
  claim("a");
  EXPECT_THAT(tick(kMonday + 1h), ElementsAre("care: digest a"));
  EXPECT_THAT(tick(kMonday + 3h), IsEmpty());
}

TEST_F(Escalate, OfADigestThatIsEscalatedWhichNobodyTook) {
  config::Route route = route_to("care");
  route.digest = config::Digest{{}, 1h};
  use({route});
  for (const char* id : {"a", "b", "c"}) arrive(id, kMonday + 1min);
  tick(kMonday + 1min);
  claim("a");
  EXPECT_THAT(tick(kMonday + 1h), ElementsAre("care: digest a b c"));
  claim("b");
  crash();
  EXPECT_THAT(tick(kMonday + 3h), ElementsAre("boss: escalation c", "duty: escalation c"));
}

TEST_F(Escalate, AStoryThatSomebodyTookIsTakenWhileItGrows) {
  config::Route route = route_to("care");
  route.group = config::Group{{GroupBy::story}, 1min, 1h};
  use({route});
  arrive("a", kMonday, "a");
  EXPECT_THAT(tick(kMonday + 1min), ElementsAre("care: mention a"));
  claim("a", "a");
  tick(kMonday + 2min);
  crash();
  arrive("b", kMonday + 1h, "a");
  EXPECT_THAT(tick(kMonday + 61min), ElementsAre("care: growth b"));
  EXPECT_THAT(tick(kMonday + 5h), IsEmpty());
}

TEST_F(Escalate, AnAlertToTwoChannelsOfOneRouteIsEscalatedOnce) {
  config::Route route = route_to("care");
  route.channels = {"care", "pr"};
  use({route});
  const Mention m = mention("a");
  for (const std::string& channel : route.channels)
    desk_->arrive({"1", channel, "a", "d-" + channel, kMonday}, m, "a", kMonday);
  EXPECT_THAT(tick(kMonday), ElementsAre("care: mention a", "pr: mention a"));
  EXPECT_THAT(tick(kMonday + 1h), ElementsAre("boss: escalation a", "duty: escalation a"));
}

TEST_F(Escalate, WhatARouteNoLongerEscalatesIsForgotten) {
  use({route_to("care")});
  arrive("a", kMonday);
  tick(kMonday);
  routes_[0].escalate.reset();
  crash();
  EXPECT_THAT(tick(kMonday + 1h), IsEmpty());
  EXPECT_TRUE(kept_.empty());
}

class Inhibit : public Escalate {
 protected:
  void SetUp() override {
    config::Route stories, rest;
    stories.channels = rest.channels = {"care"};
    stories.group = config::Group{{GroupBy::story}, 1min, 1h};
    use({stories, rest});
  }
};

TEST_F(Inhibit, AStoryThatIsToldAsAWholeTakesItsSingleMentionsIn) {
  arrive("a", kMonday, "a");
  arrive("b", kMonday + 1s, "a", 1);
  EXPECT_THAT(tick(kMonday + 1s), IsEmpty()) << "it waits with its story";
  EXPECT_THAT(tick(kMonday + 1min), ElementsAre("care: story a b"));
  arrive("c", kMonday + 2min, "a", 1);
  crash();
  arrive("c", kMonday + 2min, "a", 1);
  EXPECT_THAT(tick(kMonday + 2min), IsEmpty());
  EXPECT_THAT(tick(kMonday + 61min), ElementsAre("care: growth c"));
}

TEST_F(Inhibit, OtherNewsGoesOutByItself) {
  arrive("a", kMonday, "a");
  arrive("x", kMonday, "x", 1);
  EXPECT_THAT(tick(kMonday), ElementsAre("care: mention x"));
  const Mention m = mention("b");
  desk_->arrive({"2", "pr", "b", "d-b", kMonday}, m, "a", kMonday);
  EXPECT_THAT(tick(kMonday), ElementsAre("pr: mention b")) << "another channel is told of no story";
}

TEST(GroupsStories, IsSaidOfChannelsThatAreToldOfStories) {
  config::Config config;
  for (const char* name : {"care", "pr"}) {
    config::Channel channel;
    channel.name = name;
    config.channels.push_back(channel);
  }
  config.routes.resize(2);
  config.routes[0].channels = {"care"};
  config.routes[0].group = config::Group{{GroupBy::story}, 1min, 1h};
  config.routes[1].channels = {"care", "pr"};
  config.routes[1].group = config::Group{{GroupBy::topic}, 1min, 1h};
  const Router router(config);
  EXPECT_TRUE(router.groups_stories("care"));
  EXPECT_FALSE(router.groups_stories("pr"));
}

}  // namespace
}  // namespace earshot::route
