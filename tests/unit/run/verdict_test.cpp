#include "run/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "run/channel_health.h"

namespace earshot::run {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Result_ = host::Outcome::Result;

const Time kNow = from_ms(1'795'551'000'000);

Attempt answered(Result_ result, std::string state = {}) {
  Attempt made;
  made.outcome.result = result;
  made.outcome.reason = "busy";
  made.outcome.state = std::move(state);
  made.answered = true;
  return made;
}

store::Delivery tried(std::uint32_t attempts, Duration ago = minutes{1}) {
  store::Delivery delivery;
  delivery.number = 7;
  delivery.attempts = attempts;
  delivery.owed_since = kNow - ago;
  delivery.progress = "before";
  return delivery;
}

const store::RetryLater* later(const Settled& settled) {
  return std::get_if<store::RetryLater>(&settled.settlement.result);
}

TEST(Verdict, AGoneChannelKeepsWhatItIsOwed) {
  const Settled first = settle("pr", tried(0), answered(Result_::channel_gone), kNow, 0);
  EXPECT_FALSE(first.gone) << "a second try confirms it";
  ASSERT_TRUE(later(first));
  for (const Duration age : {Duration{minutes{1}}, Duration{days{30}}}) {
    const Settled second = settle("pr", tried(1, age), answered(Result_::channel_gone), kNow, 0);
    EXPECT_TRUE(second.gone);
    EXPECT_EQ(second.quiet_until, kNow + kParked);
    ASSERT_TRUE(later(second));
    EXPECT_EQ(later(second)->not_before, kNow + kParked);
  }
}

TEST(Verdict, NothingIsGivenUpThatHadNoChance) {
  EXPECT_TRUE(later(settle("pr", tried(0, days{4}), answered(Result_::retry), kNow, 0)));
  EXPECT_TRUE(later(settle("pr", tried(kLeastTries - 2, days{4}), answered(Result_::retry), kNow, 0)));
  EXPECT_TRUE(later(settle("pr", tried(100, hours{71}), answered(Result_::retry), kNow, 0)));
  const Settled over = settle("pr", tried(kLeastTries - 1, days{4}), answered(Result_::retry), kNow, 0);
  const auto* lost = std::get_if<store::Undeliverable>(&over.settlement.result);
  ASSERT_TRUE(lost);
  EXPECT_THAT(lost->reason, HasSubstr("given up after 3d: busy"));
}

TEST(Verdict, WhatASinkWantsBackOutlivesTriesWithoutAnAnswer) {
  EXPECT_EQ(later(settle("pr", tried(1), answered(Result_::retry, "now"), kNow, 0))->progress, "now");
  EXPECT_EQ(later(settle("pr", tried(1), answered(Result_::retry), kNow, 0))->progress, "");
  Attempt none = answered(Result_::retry);
  none.answered = false;
  EXPECT_EQ(later(settle("pr", tried(1), none, kNow, 0))->progress, "before");
}

TEST(Verdict, APauseThatWasAskedForIsKept) {
  Attempt made = answered(Result_::delivered);
  made.outcome.retry_after = Duration{3'000};
  EXPECT_EQ(settle("pr", tried(0), made, kNow, 0).quiet_until, kNow + Duration{3'000});
  EXPECT_EQ(settle("pr", tried(0), answered(Result_::delivered), kNow, 0).quiet_until, Time{});
}

config::Config team() {
  config::Config config;
  for (const char* name : {"pr", "care", "board", "off"}) config.channels.emplace_back().name = name;
  config.channels[3].enabled = false;
  config.routes.emplace_back().channels = {"pr", "care", "off"};
  config.routes.emplace_back().channels = {"board"};
  return config;
}

TEST(ChannelHealth, TheTeamIsWhoSharesARoute) {
  config::Config config = team();
  EXPECT_THAT(others_of_the_team(config, "pr"), ElementsAre("care"));
  EXPECT_THAT(others_of_the_team(config, "board"), IsEmpty());
  config.routes[1].escalate = config::Escalate{.channels = {"pr"}};
  EXPECT_THAT(others_of_the_team(config, "board"), ElementsAre("pr"));
  EXPECT_THAT(others_of_the_team(config, "pr"), ElementsAre("care", "board"));
  config.health.channels = {"board", "pr"};
  EXPECT_THAT(others_of_the_team(config, "pr"), ElementsAre("board"));
}

TEST(ChannelHealth, TheSameAlertsHowOftenTheyAreMade) {
  const auto gone = gone_alerts(team(), "pr", "the webhook was deleted", kNow);
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone[0].channel, "care");
  EXPECT_EQ(gone[0].kind, AlertKind::health);
  EXPECT_EQ(gone[0].headline, "Channel pr cannot be written to");
  EXPECT_THAT(gone[0].text, HasSubstr("the webhook was deleted\n"));
  EXPECT_EQ(gone_alerts(team(), "pr", "another reason", kNow)[0].delivery_id, gone[0].delivery_id);
  const auto back = back_alerts(team(), "pr", kNow, kNow + hours{1});
  EXPECT_EQ(back[0].headline, "Channel pr works again");
  EXPECT_NE(back[0].delivery_id, gone[0].delivery_id);
  EXPECT_EQ(back_alerts(team(), "pr", kNow, kNow + hours{2})[0].delivery_id, back[0].delivery_id);
  EXPECT_NE(gone_alerts(team(), "pr", "", kNow + hours{3})[0].delivery_id, gone[0].delivery_id);
}

TEST(ChannelHealth, EachIsToldInItsLanguage) {
  config::Config config = team();
  config.health.channels = {"care", "board"};
  config.channels[1].texts = texts::Texts::shipped("nl");
  config.channels[2].texts = texts::Texts::shipped("tlh");
  const auto gone = gone_alerts(config, "pr", "HTTP 404", kNow);
  ASSERT_EQ(gone.size(), 2U);
  EXPECT_EQ(gone[0].headline, "Kanaal pr kan niet worden bereikt");
  EXPECT_THAT(gone[0].text, HasSubstr("HTTP 404\nWat het had moeten horen is bewaard"));
  EXPECT_EQ(gone[1].headline, "Channel pr cannot be written to") << "English, where nothing else is spoken";
  config.channels[1].texts = *texts::Texts::with("de", {{"channel_gone", "{channel} ist weg"}});
  EXPECT_EQ(gone_alerts(config, "pr", "HTTP 404", kNow)[0].headline, "pr ist weg") << "as the channel wants it";
}

}  // namespace
}  // namespace earshot::run
