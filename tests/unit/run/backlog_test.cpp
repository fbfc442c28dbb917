#include "run/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::run {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;

const Time kNow = from_ms(1'795'551'000'000);

class Backlog : public testing::Test {
 protected:
  store::Delivery& owe(AlertKind kind, const std::vector<std::string>& ids, std::uint64_t total = 0) {
    store::Delivery& delivery = line.emplace_back();
    delivery.number = line.size() * 10;
    delivery.owed_since = kNow - minutes{20};
    delivery.alert.kind = kind;
    delivery.alert.channel = "pr";
    for (const std::string& id : ids) delivery.alert.mentions.emplace_back().id = id;
    delivery.alert.total = std::max<std::uint64_t>(total, ids.size());
    return delivery;
  }
  std::optional<Fold> folded(std::uint64_t waiting = 100) const {
    return fold(line, waiting, limits, *texts::Texts::shipped("de"), kNow);
  }

  std::vector<store::Delivery> line;
  config::Backlog limits;
};

TEST_F(Backlog, BecomesOneDigestInOrder) {
  owe(AlertKind::mention, {"a"});
  owe(AlertKind::story, {"b", "c"}, 7).alert.severity = Severity::critical;
  owe(AlertKind::growth, {"c", "d"});
  const auto made = folded();
  ASSERT_TRUE(made);
  EXPECT_THAT(made->numbers, ElementsAre(10, 20, 30));
  std::vector<std::string> ids;
  for (const Mention& m : made->digest.mentions) ids.push_back(m.id);
  EXPECT_THAT(ids, ElementsAre("a", "b", "c", "d"));  // each once
  EXPECT_EQ(made->digest.total, 1U + 7U + 1U);
  EXPECT_EQ(made->digest.kind, AlertKind::digest);
  EXPECT_EQ(made->digest.severity, Severity::critical);
  EXPECT_EQ(made->digest.delivery_id, "backlog-a-1e");
  EXPECT_EQ(made->digest.headline, "Was kam, während dieser Kanal nicht nachkam");
  EXPECT_EQ(made->digest.channel, "pr");
}

TEST_F(Backlog, OnlyALongAndOldOne) {
  for (int i = 0; i < 5; ++i) owe(AlertKind::mention, {std::to_string(i)});
  EXPECT_FALSE(folded(20));
  EXPECT_TRUE(folded(21));
  limits.over = 4;
  EXPECT_TRUE(folded(5));
  line.front().owed_since = kNow - minutes{14};
  EXPECT_FALSE(folded(5));
  line.front().owed_since = kNow - minutes{15};
  EXPECT_TRUE(folded(5));
  limits.digest = false;
  EXPECT_FALSE(folded(5000));
  line.clear();
  EXPECT_FALSE(folded(0));
}

TEST_F(Backlog, WhatIsNotAboutMentionsKeepsItsPlace) {
  owe(AlertKind::mention, {"a"});
  owe(AlertKind::mention, {"b"});
  for (const AlertKind kind :
       {AlertKind::report, AlertKind::health, AlertKind::spike, AlertKind::escalation, AlertKind::test}) {
    owe(kind, kind == AlertKind::escalation ? std::vector<std::string>{"x"} : std::vector<std::string>{});
    EXPECT_THAT(folded()->numbers, ElementsAre(10, 20));
    line.pop_back();
  }
  line.insert(line.begin(), line.front());
  line.front().alert.kind = AlertKind::spike;
  EXPECT_FALSE(folded()) << "the head goes first";
}

TEST_F(Backlog, WhatWasTriedMayHaveArrivedAndStaysAsItIs) {
  owe(AlertKind::mention, {"a"}).attempts = 1;
  owe(AlertKind::mention, {"b"});
  owe(AlertKind::mention, {"c"});
  EXPECT_FALSE(folded());
}

TEST_F(Backlog, ADigestHoldsFiftyMentionsAtMost) {
  for (int i = 0; i < 60; ++i) owe(AlertKind::mention, {std::to_string(i)});
  EXPECT_EQ(folded()->numbers.size(), kFolded);
  line.clear();
  std::vector<std::string> many;
  for (int i = 0; i < 49; ++i) many.push_back("m" + std::to_string(i));
  owe(AlertKind::digest, many);
  owe(AlertKind::digest, {"x", "y"});
  EXPECT_FALSE(folded()) << "one alone is left as it is";
}

}  // namespace
}  // namespace earshot::run
