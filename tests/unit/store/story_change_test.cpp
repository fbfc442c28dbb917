// A story's figures, and what people make of stories: split and merged, and it sticks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "support.h"

namespace earshot::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class StoryChange : public StoreTest {
 protected:
  // Mentions whose titles begin with the same letter tell the same news; every source is an outlet of its own.
  void keep(const std::string& source, const std::string& title, Time at, const std::string& language = "en",
            std::optional<Time> published = {}) {
    Candidate candidate = candidate_of(mention_of(source, title, {}, {"brand"}, at));
    Mention& mention = candidate.mention;
    mention.item.title = title;
    mention.site = source + ".example";
    mention.language = language;
    mention.item.published = published;
    candidate.likeness.bands = {static_cast<std::uint64_t>(title.front())};
    candidate.likeness.window = days{5};
    candidate.likeness.to = [letter = title.front()](const Mention& other) {
      return other.item.title.front() == letter ? 0.9 : 0.0;
    };
    commit_one(*store, fetch_of(source, {std::move(candidate)}, at));
    all.push_back(id_of(source, title));
  }
  std::string story(const std::string& id) const { return *store->story_of(id); }

  std::vector<std::string> all;
};

TEST_F(StoryChange, ItsFiguresAreKeptWithIt) {
  keep("wire", "a1", noon + minutes{5}, "en", noon + minutes{4});
  EXPECT_EQ((*store->story("wire-a1"))->mentions, 1U) << "alone it is a story of one";
  keep("paper", "a2", noon + minutes{10}, "nl", noon);
  reopen();
  keep("radio", "a3", noon + minutes{20}, "und");
  const auto figures = *store->story("radio-a3");
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->id, "wire-a1");
  EXPECT_EQ(figures->mentions, 3U);
  EXPECT_THAT(figures->outlets, ElementsAre("wire.example", "paper.example", "radio.example"));
  EXPECT_THAT(figures->languages, ElementsAre("en", "nl"));
  EXPECT_EQ(figures->first_outlet, "paper.example") << "heard later, published first";
  EXPECT_EQ(figures->first_at, noon);
  EXPECT_EQ(figures->last, noon + minutes{20});
}

TEST_F(StoryChange, WhatIsSplitOffStaysOffAndIsFollowed) {
  keep("wire", "a1", noon);
  keep("paper", "a2", noon + minutes{1});
  keep("radio", "a3", noon + minutes{2});
  ASSERT_OK(store->split_story("paper-a2", "Ann", noon + hours{1}));
  reopen();
  EXPECT_EQ(story("paper-a2"), "paper-a2");
  EXPECT_THAT(*store->members("wire-a1", 10), ElementsAre("radio-a3"));
  EXPECT_EQ((*store->story("wire-a1"))->mentions, 2U);
  EXPECT_THAT((*store->story("wire-a1"))->outlets, ElementsAre("wire.example", "radio.example"));
  const auto kin = (**store->trail("paper-a2")).kin;
  ASSERT_TRUE(kin);
  EXPECT_EQ(kin->by, "Ann");
  EXPECT_EQ(kin->at, noon + hours{1});
  keep("radio", "b1", noon + hours{2});
  ASSERT_OK(store->merge_stories("paper-a2", "radio-b1", "Ann", noon + hours{3}));
  keep("wire", "b2", noon + hours{4});
  EXPECT_EQ(story("wire-b2"), "paper-a2") << "what is like a merged one follows it";
  ASSERT_OK(store->split_story("paper-a2", "Ann", noon + hours{5}));
  EXPECT_EQ(story("wire-b2"), "radio-b1") << "the first left: the next one leads";
}

TEST_F(StoryChange, AMergeIsUndoneByASplit) {
  keep("wire", "a1", noon);
  keep("paper", "a2", noon + minutes{1});
  keep("wire", "b1", noon + minutes{2});
  keep("radio", "b2", noon + minutes{3}, "fr");
  ASSERT_OK(store->merge_stories("paper-a2", "radio-b2", "Ann", noon));
  ASSERT_OK(store->merge_stories("paper-a2", "radio-b2", "Ann", noon));  // twice is as once
  EXPECT_EQ(story("radio-b2"), "wire-a1");
  EXPECT_THAT(*store->members("wire-a1", 10), ElementsAre("paper-a2", "wire-b1", "radio-b2"));
  EXPECT_EQ((*store->story("wire-a1"))->mentions, 4U);
  EXPECT_THAT((*store->story("wire-a1"))->languages, UnorderedElementsAre("en", "fr"));
  ASSERT_OK(store->split_story("wire-b1", "Ann", noon));
  EXPECT_EQ(story("radio-b2"), "wire-b1");
  EXPECT_EQ((*store->story("wire-a1"))->mentions, 2U);
  EXPECT_EQ((*store->story("wire-b1"))->mentions, 2U);
}

TEST_F(StoryChange, NothingIsWrittenWhereThereIsNothingToSplit) {
  keep("wire", "a1", noon);
  ASSERT_OK(store->split_story("wire-a1", "Ann", noon));
  EXPECT_FALSE((**store->trail("wire-a1")).kin);
}

// Whatever people and commits do: a mention is in the one story that lists it, and the figures are those of its
// mentions.
class StoryChangeProperty : public StoryChange, public testing::WithParamInterface<unsigned> {};

TEST_P(StoryChangeProperty, ListsAndFiguresAgreeWithWhatEachMentionSays) {
  std::minstd_rand random(GetParam());
  for (int step = 0; step < 80; ++step) {
    const Time at = noon + minutes{step};
    const auto any = [&] { return all[random() % all.size()]; };
    if (all.size() < 3 || random() % 2 == 0)
      keep("s" + std::to_string(random() % 5),
           std::string(1, static_cast<char>('a' + random() % 4)) + std::to_string(step), at,
           random() % 2 == 0 ? "en" : "nl");
    else if (random() % 2 == 0)
      ASSERT_OK(store->split_story(any(), "Ann", at));
    else
      ASSERT_OK(store->merge_stories(any(), any(), "Ann", at));
    std::map<std::string, std::set<std::string>> stories, outlets;
    for (const std::string& id : all) {
      stories[story(id)].insert(id);
      outlets[story(id)].insert((**store->mention(id)).site);
    }
    for (const auto& [root, ids] : stories) {
      ASSERT_TRUE(ids.contains(root)) << "a story is led by one of its own";
      auto listed = *store->members(root, 1000);
      listed.push_back(root);
      ASSERT_EQ(std::set<std::string>(listed.begin(), listed.end()), ids) << "step " << step;
      ASSERT_EQ(listed.size(), ids.size());
      const auto figures = *store->story(*ids.rbegin());
      ASSERT_TRUE(figures);
      ASSERT_EQ(figures->mentions, ids.size()) << root << " at step " << step;
      ASSERT_EQ(std::set<std::string>(figures->outlets.begin(), figures->outlets.end()), outlets[root]);
    }
    if (step % 20 == 19) reopen();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoryChangeProperty, testing::Range(1U, 9U));

}  // namespace
}  // namespace earshot::store
