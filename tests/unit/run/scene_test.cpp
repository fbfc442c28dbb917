// `earshot test` from the inside: cases that hold, the same cases with each expectation spoilt, and files that are
// wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "run/scene_file.h"

namespace earshot::run {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

config::Config team() {
  config::Config config;
  config::Topic topic;
  topic.name = "brand";
  topic.query = "acme";
  config.topics = {topic};
  topic.name = "outage";
  topic.query = "acme AND outage";
  topic.severity = Severity::high;
  config.topics.push_back(topic);
  for (const char* name : {"pr", "care", "boss"}) {
    config::Channel channel;
    channel.name = name;
    config.channels.push_back(channel);
  }
  config.routes.resize(2);
  config.routes[0].name = "outages";
  config.routes[0].when.topics = {"outage"};
  config.routes[0].channels = {"care"};
  config.routes[0].group = config::Group{{config::GroupBy::story}, 30s, 4h};
  config.routes[1].when.topics = {"brand"};
  config.routes[1].channels = {"pr"};
  config.routes[1].quiet = config::Quiet{19 * 60, 7 * 60, config::kEveryDay, config::AfterQuiet::drop, {}};
  return config;
}

const std::string kCase = R"(cases:
  - name: an outage
    items:
      - id: a
        source: wire
        title: acme outage
        summary: acme said on Monday that its app had stopped working after a faulty update, that customers in several towns could not pay all morning, and that everybody would get a report within a week
        expect: {topics: [brand, outage], severity: high, channels: [care, pr], routes: [outages, "2"], outcome: stored}
      - id: b
        source: paper
        at: 10s
        title: Nobody can pay
        summary: acme outage. acme said on Monday that its app had stopped working after a faulty update, that customers in several towns could not pay all morning, and that everybody would get a report within a week
        expect: {story: a}
      - {id: late, at: 11h, title: acme sleeps, expect: {suppressed: quiet until, channels: []}}
    alerts:
      - {channel: pr, kind: mention, at: 0s, items: [a]}
      - {channel: pr, at: 10s, items: [b]}
      - {channel: care, kind: story, at: 30s, items: [a, b], total: 2, text: acme outage}
)";

class SceneTest : public testing::Test {
 protected:
  std::vector<std::string> play(const std::string& text, bool escalating = false) {
    const config::File file{"t.yaml", text};
    config::Findings findings;
    const auto cases = read_cases(file, "blog", findings);
    std::vector<std::string> said;
    for (const config::Problem& problem : std::move(findings).take({"t.yaml"})) said.push_back(config::format(problem));
    if (!said.empty()) return said;
    config::Config config = team();
    if (escalating) config.routes[0].escalate = config::Escalate{1h, true, {"boss"}};
    const auto rules = make_rules(config);
    for (const Case& one : cases) {
      std::string name = (std::filesystem::temp_directory_path() / "earshot-scene-XXXXXX").string();
      EXPECT_NE(::mkdtemp(name.data()), nullptr);
      const auto played = rehearse(one.scene, config, **rules, std::filesystem::path(name) / "store");
      std::filesystem::remove_all(name);
      if (!played) {
        said.push_back(played.error().message);
        continue;
      }
      for (const config::Problem& problem : differences(one, *played)) said.push_back(config::format(problem));
    }
    return said;
  }
  static std::string with(std::string_view from, std::string_view to) {
    std::string text = kCase;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
};

TEST_F(SceneTest, ACaseHoldsAsTheDaemonWouldDoIt) { EXPECT_THAT(play(kCase), IsEmpty()); }

TEST_F(SceneTest, EveryExpectationIsLookedAt) {
  for (const auto& [from, to, says] : std::vector<std::array<const char*, 3>>{
           {"topics: [brand, outage]", "topics: [brand]", "a: topics: expected brand, got brand, outage"},
           {"severity: high", "severity: low", "a: severity: expected low, got high"},
           {"channels: [care, pr]", "channels: []", "a: channels: expected none, got care, pr"},
           {"routes: [outages, \"2\"]", "routes: [outages]", "a: routes: expected outages, got 2, outages"},
           {"outcome: stored", "outcome: merged", "a: outcome: expected merged, got stored"},
           {"story: a", "story: late", "b: story: expected that of late, got another"},
           {"quiet until", "silenced", "late: suppressed: expected silenced, got dropped: quiet until"},
           {"kind: story", "kind: growth", "alert 3: kind: expected growth, got story"},
           {"at: 30s", "at: 31s", "alert 3: at: expected 31s, got 30s"},
           {"items: [a, b]", "items: [a]", "alert 3: items: expected a, got a, b"},
           {"total: 2", "total: 3", "alert 3: total: expected 3, got 2"},
           {"text: acme outage}", "text: rain}", "alert 3: text: expected rain"},
           {"      - {channel: pr, at: 10s, items: [b]}\n", "", "alert 3: alerts: expected no more"}}) {
    const auto said = play(with(from, to));
    EXPECT_THAT(said, Contains(HasSubstr(says))) << to;
  }
}

// What people do: each act changes what goes out, and one that is left out is missed.
const std::string kActs = R"(cases:
  - name: people
    items:
      - {id: a, title: acme outage one, summary: the first thing}
      - {id: b, at: 1h, title: acme outage two, summary: quite another}
      - {id: c, at: 2h, title: acme on the moon, expect: {suppressed: our own}}
      - {id: d, at: 4h, title: acme on the moon again}
    acts:
      - {at: 90m, silence: moon, for: 1h, by: Ann, why: our own}
      - {at: 30m, merge: [a, b], by: Bob}
      - {at: 10m, claim: a, by: Ann}
      - {at: 20m, done: a}
      - {at: 61m, not_relevant: b}
)";

TEST_F(SceneTest, PeopleActMeanwhile) {
  const auto say = [](std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  EXPECT_THAT(play(kActs), Contains(HasSubstr("no item \"b\" has come by then")));
  const std::string sound = say(kActs, "at: 30m, merge", "at: 65m, merge");
  EXPECT_THAT(play(sound), IsEmpty());
  EXPECT_THAT(play(say(sound, "for: 1h", "for: 10m")), Contains(HasSubstr("c: suppressed: expected our own")));
  EXPECT_THAT(play(say(sound, "silence: moon", "silence: '('")),
              ElementsAre(HasSubstr("silence ( : this bracket is not closed")));
  EXPECT_THAT(play(say(sound, "claim: a, ", "")), Contains(HasSubstr("an act is one of claim")));
  EXPECT_THAT(play(say(sound, "merge: [a, b]", "merge: [a]")), Contains(HasSubstr("an act is one of claim")));
  EXPECT_THAT(play(say(sound, "done: a", "done: a, split: a")), Contains(HasSubstr("an act is one of claim")));
}

TEST_F(SceneTest, WhatIsClaimedIsNotEscalated) {
  const std::string both = R"(cases:
  - name: claimed in time
    items:
      - {id: a, at: 1m, title: acme outage one, summary: the first thing}
    acts:
      - {at: 20m, claim: a, by: Ann}
    alerts:
      - {channel: pr, at: 1m}
      - {channel: care, at: 90s}
)";
  EXPECT_THAT(play(both, true), IsEmpty());
  const std::string text = both.substr(0, both.find("    acts")) + both.substr(both.find("    alerts"));
  EXPECT_THAT(play(text, true), ElementsAre(HasSubstr("alert 3: alerts: expected no more, got escalation to boss")));
  // Claimed in the case before: each case has a stage of its own.
  EXPECT_THAT(play(both + text.substr(text.find("  - name")), true), SizeIs(1));
}

TEST_F(SceneTest, ProblemsOfTheFileHavePlaces) {
  EXPECT_THAT(play(with("severity: high", "sevrity: high")).at(0),
              HasSubstr("t.yaml:8:43: error: unknown key \"sevrity\"; did you mean \"severity\"?"));
  EXPECT_THAT(play(with("at: 10s", "at: soon")).at(0), HasSubstr("must be a duration"));
  EXPECT_THAT(play("cases:\n  - items: []\n"), SizeIs(2));
  EXPECT_THAT(play("- a list\n"), testing::Not(IsEmpty()));
  EXPECT_THAT(play("cases: {a"), testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace earshot::run
