#include "core/route/group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::route {
namespace {

using namespace std::chrono_literals;
using config::GroupBy;

const Time kNow = from_ms(1'795'000'000'000);
const config::Group kStory{{GroupBy::story}, 30s, 4h};

TEST(Group, OneAlertAfterTheWaitForAllThatCame) {
  GroupState state;
  EXPECT_FALSE(group_due(state, kStory));
  for (int i = 0; i < 5; ++i) join(state, kNow + 5s * i);
  EXPECT_EQ(group_due(state, kStory), kNow + 30s);
  const GroupAlert alert = take_group(state, kNow + 30s);
  EXPECT_EQ(alert.kind, AlertKind::story);
  EXPECT_EQ(alert.fresh, 5u);
  EXPECT_FALSE(group_due(state, kStory));
}

TEST(Group, ThenItsGrowthNoSoonerThanRepeat) {
  GroupState state;
  for (int i = 0; i < 5; ++i) join(state, kNow);
  take_group(state, kNow + 30s);
  join(state, kNow + 1min);
  EXPECT_EQ(group_due(state, kStory), kNow + 30s + 4h);
  const GroupAlert alert = take_group(state, kNow + 30s + 4h);
  EXPECT_EQ(alert.kind, AlertKind::growth);
  EXPECT_EQ(alert.fresh, 1u);
  EXPECT_EQ(alert.total, 6u);
}

TEST(Group, DoublingIsToldAtOnce) {
  GroupState state;
  for (int i = 0; i < 5; ++i) join(state, kNow);
  take_group(state, kNow + 30s);
  for (int i = 0; i < 5; ++i) join(state, kNow + 1h);
  EXPECT_LE(*group_due(state, kStory), kNow + 1h);
}

TEST(Group, OnceOnlyWithoutRepeat) {
  const config::Group once{{GroupBy::story}, 30s, 0s};
  GroupState state;
  join(state, kNow);
  take_group(state, kNow + 30s);
  for (int i = 0; i < 100; ++i) join(state, kNow + 1h);
  EXPECT_FALSE(group_due(state, once));
}

TEST(GroupKeys, PartByWhatIsNamed) {
  Mention mention;
  mention.id = "m1";
  mention.source = "blog";
  mention.matches = {{"brand", {}}, {"outage", {}}};
  const auto keys = [&](std::vector<GroupBy> by, std::string_view story) {
    return group_keys({std::move(by), 0s, 0s}, "1", "pr", mention, story);
  };
  EXPECT_EQ(keys({GroupBy::story}, "s1").size(), 1u);
  EXPECT_EQ(keys({GroupBy::topic}, "").size(), 2u);
  EXPECT_NE(keys({GroupBy::topic}, "")[0], keys({GroupBy::topic}, "")[1]);
  EXPECT_NE(keys({GroupBy::story}, "s1"), keys({GroupBy::story}, "s2"));
  EXPECT_NE(keys({GroupBy::story}, ""), keys({GroupBy::story}, "s1"));
  EXPECT_EQ(keys({}, "s1"), keys({}, "s2"));
  EXPECT_NE(group_keys(kStory, "1", "pr", mention, "s"), group_keys(kStory, "2", "pr", mention, "s"));
  EXPECT_NE(group_keys(kStory, "1", "pr", mention, "s"), group_keys(kStory, "1", "care", mention, "s"));
  const auto by_source = keys({GroupBy::source}, "s1");
  mention.source = "news";
  EXPECT_NE(keys({GroupBy::source}, "s1"), by_source);
}

}  // namespace
}  // namespace earshot::route
