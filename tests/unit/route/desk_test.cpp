#include "core/route/desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/route/router.h"

namespace earshot::route {
namespace {

using namespace std::chrono_literals;
using config::GroupBy;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Time kMonday = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 9h;  // 09:00 UTC

Mention mention(std::string id, Severity severity = Severity::normal, std::vector<std::string> topics = {"brand"}) {
  Mention m;
  m.id = std::move(id);
  m.source = "blog";
  m.severity = severity;
  for (std::string& topic : topics) m.matches.push_back({std::move(topic), {}});
  return m;
}

config::Route route_to(std::string channel) {
  config::Route route;
  route.channels = {std::move(channel)};
  return route;
}

std::vector<std::string> ids(const Outgoing& alert) {
  std::vector<std::string> all;
  for (const Gathered::One& one : alert.mentions.listed) all.push_back(one.id);
  return all;
}

// A desk whose documents are kept as a store would keep them, so that it can crash.
class DeskTest : public testing::Test {
 protected:
  void use(std::vector<config::Route> routes) {
    routes_ = std::move(routes);
    crash();
  }
  // What was not kept is lost; what was is read back.
  void crash() {
    desk_.emplace(routes_, zone_);
    for (const auto& [key, value] : kept_) EXPECT_TRUE(desk_->restore(key, value)) << key;
  }
  void arrive(const Mention& m, Time now, std::string_view story = {}) {
    desk_->arrive({"1", routes_.front().channels.front(), m.id, "d-" + m.id, now}, m, story, now);
  }
  std::vector<Outgoing> tick(Time now) {
    desk_->tick(now);
    for (Change& change : desk_->take_changes()) {
      if (change.value)
        kept_[change.key] = *std::move(change.value);
      else
        kept_.erase(change.key);
    }
    return desk_->take_alerts();
  }

  Zone zone_ = *Zone::open("UTC");
  std::vector<config::Route> routes_;
  std::optional<Desk> desk_;
  std::map<std::string, std::string> kept_;
};

TEST_F(DeskTest, AGroupIsOneAlertAndThenItsGrowth) {
  config::Route route = route_to("care");
  route.group = config::Group{{GroupBy::story}, 30s, 4h};
  use({route});
  arrive(mention("a"), kMonday, "story1");
  arrive(mention("b"), kMonday + 10s, "story1");
  arrive(mention("x"), kMonday + 10s, "story2");
  EXPECT_THAT(tick(kMonday + 29s), IsEmpty());
  crash();
  auto alerts = tick(kMonday + 30s);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].kind, AlertKind::story);
  EXPECT_EQ(alerts[0].channel, "care");
  EXPECT_THAT(ids(alerts[0]), ElementsAre("a", "b"));
  EXPECT_EQ(alerts[0].mentions.total, 2u);
  alerts = tick(kMonday + 40s);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].kind, AlertKind::mention) << "one mention alone tells no story";

  arrive(mention("c"), kMonday + 1min, "story1");
  EXPECT_THAT(tick(kMonday + 1min), IsEmpty());
  crash();
  alerts = tick(kMonday + 30s + 4h);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].kind, AlertKind::growth);
  EXPECT_THAT(ids(alerts[0]), ElementsAre("c"));
  EXPECT_EQ(alerts[0].mentions.total, 3u) << "what the story has by now";
}

TEST_F(DeskTest, AGroupThatNothingJoinsIsForgotten) {
  config::Route route = route_to("care");
  route.group = config::Group{{GroupBy::topic}, 1s, 1h};
  use({route});
  arrive(mention("a"), kMonday);
  EXPECT_THAT(tick(kMonday + 1s), SizeIs(1));
  EXPECT_EQ(kept_.size(), 1u);
  tick(kMonday + std::chrono::days{8});
  EXPECT_THAT(kept_, IsEmpty());
  EXPECT_FALSE(desk_->next());
}

TEST_F(DeskTest, ADigestGathersUntilItsTime) {
  config::Route route = route_to("archive");
  route.digest = config::Digest{{{config::kEveryDay, 10 * 60}}, std::nullopt};
  use({route});
  arrive(mention("a"), kMonday);
  arrive(mention("b", Severity::high), kMonday + 5min);
  EXPECT_THAT(tick(kMonday + 5min), IsEmpty());
  EXPECT_EQ(desk_->next(), kMonday + 1h);
  crash();
  EXPECT_EQ(desk_->next(), kMonday + 1h);
  const auto alerts = tick(kMonday + 1h);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].kind, AlertKind::digest);
  EXPECT_THAT(ids(alerts[0]), ElementsAre("a", "b"));
  EXPECT_EQ(alerts[0].mentions.severity, Severity::high);
  EXPECT_THAT(kept_, IsEmpty());
  arrive(mention("c"), kMonday + 1h);
  tick(kMonday + 1h);
  EXPECT_EQ(desk_->next(), kMonday + 25h);
}

TEST_F(DeskTest, ADigestListsTheWeightyAndCountsTheRest) {
  config::Route route = route_to("archive");
  route.digest = config::Digest{{}, 1h};
  use({route});
  for (int i = 0; i < 200; ++i)
    arrive(mention("m" + std::to_string(i), i == 150 ? Severity::critical : Severity::low), kMonday);
  const auto alerts = tick(kMonday + 1h);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].mentions.total, 200u);
  EXPECT_THAT(alerts[0].mentions.listed, SizeIs(kListed));
  EXPECT_THAT(ids(alerts[0]), testing::Contains("m150"));
}

TEST_F(DeskTest, QuietHoursHoldEachOrGatherOrDrop) {
  config::Route route = route_to("pr");
  route.quiet = config::Quiet{8 * 60, 10 * 60, config::kEveryDay, config::AfterQuiet::send, {Severity::critical}};
  use({route});
  arrive(mention("a"), kMonday);
  arrive(mention("b"), kMonday);
  arrive(mention("now", Severity::critical), kMonday);
  auto alerts = tick(kMonday);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].delivery_id, "d-now") << "what disturbs goes out at once";
  crash();
  alerts = tick(kMonday + 1h);
  ASSERT_THAT(alerts, SizeIs(2));
  for (const Outgoing& alert : alerts) EXPECT_EQ(alert.kind, AlertKind::mention);

  route.quiet->then = config::AfterQuiet::digest;
  use({route});
  arrive(mention("a"), kMonday);
  arrive(mention("b"), kMonday);
  EXPECT_THAT(tick(kMonday + 59min), IsEmpty());
  alerts = tick(kMonday + 1h);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].kind, AlertKind::digest);

  route.quiet->then = config::AfterQuiet::drop;
  use({route});
  arrive(mention("a"), kMonday);
  EXPECT_THAT(tick(kMonday + 1h), IsEmpty());
  EXPECT_THAT(kept_, IsEmpty());
}

TEST_F(DeskTest, WhatIsTooMuchIsRolledIntoOne) {
  config::Route route = route_to("pr");
  route.limit = config::Limit{3, 1h};
  use({route});
  for (int i = 0; i < 40; ++i) arrive(mention("m" + std::to_string(i)), kMonday);
  auto alerts = tick(kMonday);
  EXPECT_THAT(alerts, SizeIs(3));
  crash();
  EXPECT_EQ(desk_->next(), kMonday + 1h);
  alerts = tick(kMonday + 1h);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].kind, AlertKind::rollup);
  EXPECT_EQ(alerts[0].mentions.total, 37u);
  EXPECT_THAT(alerts[0].mentions.listed, SizeIs(37));
  // The roll-up was the first alert of the next period.
  for (int i = 0; i < 3; ++i) arrive(mention("n" + std::to_string(i)), kMonday + 1h);
  EXPECT_THAT(tick(kMonday + 1h), SizeIs(2));
}

TEST_F(DeskTest, AnotherConfigurationLosesNothing) {
  config::Route route = route_to("pr");
  route.digest = config::Digest{{}, 6h};
  use({route});
  arrive(mention("a"), kMonday);
  tick(kMonday);
  use({route_to("pr")});  // the digest is taken out
  const auto alerts = tick(kMonday + 1s);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_THAT(ids(alerts[0]), ElementsAre("a"));
  EXPECT_THAT(kept_, IsEmpty());

  route = route_to("pr");
  route.name = "gone";
  route.group = config::Group{{GroupBy::topic}, 1h, 4h};
  use({route});
  desk_->arrive({"gone", "pr", "b", "d-b", kMonday}, mention("b"), {}, kMonday);
  tick(kMonday);
  use({});
  EXPECT_THAT(tick(kMonday + 1s), SizeIs(1));
  EXPECT_THAT(kept_, IsEmpty());
}

TEST_F(DeskTest, RefusesWhatIsNoDocument) {
  use({route_to("pr")});
  for (const char* bad : {"", "{", "[]", "{}", R"({"kind":"x","channel":"pr"})", R"({"kind":"g"})",
                          R"({"kind":"d","channel":"pr","listed":[1]})"})
    EXPECT_FALSE(desk_->restore(std::string(kDeskPrefix) + "x", bad)) << bad;
  EXPECT_FALSE(desk_->restore("route/silence/s-1", R"({"kind":"d","channel":"pr"})"));
}

// Whatever happens, and wherever it crashes, the alerts are those of a desk that never crashed; and every mention is in
// one, waits, or was dropped by nobody.
TEST_F(DeskTest, ACrashBetweenAnyTwoStepsChangesNothing) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 dice(seed);
    const auto roll = [&](unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(dice); };
    config::Route route = route_to("pr");
    if (roll(2))
      route.group = config::Group{{roll(2) ? GroupBy::story : GroupBy::topic}, 10s * roll(4), 10min * roll(3)};
    if (roll(2))
      route.quiet = config::Quiet{
          9 * 60 + 30, 10 * 60, config::kEveryDay, roll(2) ? config::AfterQuiet::digest : config::AfterQuiet::send, {}};
    if (roll(2)) route.digest = config::Digest{{}, 5min};
    if (roll(2)) route.limit = config::Limit{2, 3min};

    struct Event {
      Time at;
      std::string id, story;
    };
    std::vector<Event> events;
    Time at = kMonday;
    for (std::size_t i = 0; i < kListed - 5; ++i)  // so that none is only counted
      events.push_back({at += 1s * roll(60), "m" + std::to_string(i), "s" + std::to_string(roll(6))});

    const auto run = [&](bool crashing) {
      kept_.clear();
      use({route});
      std::vector<std::pair<std::string, std::uint64_t>> sent;
      std::size_t listed = 0;
      const auto take = [&](std::vector<Outgoing> alerts) {
        for (const Outgoing& alert : alerts) {
          sent.emplace_back(alert.delivery_id, alert.mentions.total);
          listed += alert.mentions.listed.size();
        }
      };
      for (const Event& event : events) {
        if (crashing && roll(3) == 0) crash();
        arrive(mention(event.id), event.at, event.story);
        take(tick(event.at));
      }
      take(tick(at + std::chrono::days{1}));
      take(tick(at + std::chrono::days{30}));  // what a limit rolled up
      take(tick(at + std::chrono::days{60}));  // what is forgotten
      if (!route.group || route.group->repeat > 0s) {
        EXPECT_EQ(listed, events.size()) << seed;
      }
      EXPECT_THAT(kept_, IsEmpty()) << seed;
      return sent;
    };
    const auto whole = run(false);
    EXPECT_EQ(run(true), whole) << seed;
  }
}

TEST(Arrival, ComesBack) {
  const Arrival arrival{"2", "pr/team", "0123456789abcdef", "0123456789abcdef-12345678", kMonday};
  const auto back = decode_arrival(encode(arrival));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->route, arrival.route);
  EXPECT_EQ(back->channel, arrival.channel);
  EXPECT_EQ(back->mention, arrival.mention);
  EXPECT_EQ(back->delivery_id, arrival.delivery_id);
  EXPECT_EQ(back->at, arrival.at);
  Arrival later = arrival;
  later.at += 1ms;
  EXPECT_LT(arrival_key(arrival), arrival_key(later));
  for (const char* bad : {"", "{}", "[1]", R"({"route":"1","channel":"","mention":"m","delivery":"d","at":1})"})
    EXPECT_FALSE(decode_arrival(bad)) << bad;
}

}  // namespace
}  // namespace earshot::route
