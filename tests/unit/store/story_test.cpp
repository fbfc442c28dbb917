// Stories inside a commit, with bands and a likeness made for the test: what the bands mean is no concern of the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.h"

namespace earshot::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class StoryTest : public StoreTest {
 protected:
  // Mentions whose titles begin with the same letter tell the same news.
  static Candidate told(std::string_view source, std::string_view title, std::vector<std::uint64_t> bands,
                        Time at = noon) {
    Candidate candidate = candidate_of(mention_of(source, title, {}, {"brand"}, at));
    candidate.mention.item.title = title;
    candidate.likeness.bands = std::move(bands);
    candidate.likeness.window = days{5};
    candidate.likeness.to = [letter = title.front()](const Mention& other) {
      return other.item.title.front() == letter ? 0.9 : 0.0;
    };
    return candidate;
  }
  void keep(std::string_view source, std::vector<Candidate> found, Time at = noon) {
    commit_one(*store, fetch_of(source, std::move(found), at));
  }
  std::string story(std::string_view source, std::string_view title) const {
    return *store->story_of(id_of(source, title));
  }
};

TEST_F(StoryTest, IsFoundAcrossSourcesAlsoAfterARestart) {
  keep("wire", {told("wire", "a1", {1, 2, 3})});
  EXPECT_EQ(story("wire", "a1"), "wire-a1");
  reopen();
  keep("paper", {told("paper", "a2", {7, 2, 8})});
  keep("radio", {told("radio", "a3", {8, 9}, noon + minutes{1})}, noon + minutes{1});
  EXPECT_EQ(story("paper", "a2"), "wire-a1");
  EXPECT_EQ(story("radio", "a3"), "wire-a1") << "known by the second, of the story of the first";
  EXPECT_THAT(*store->members("wire-a1", 10), ElementsAre("paper-a2", "radio-a3"));
  const Trail trail = **store->trail("radio-a3");
  ASSERT_TRUE(trail.kin);
  EXPECT_EQ(trail.kin->like, "paper-a2");
  EXPECT_DOUBLE_EQ(trail.kin->likeness, 0.9);
}

TEST_F(StoryTest, IsFoundInsideOneGroup) {
  const std::vector<Fetch> group{fetch_of("wire", {told("wire", "a1", {1})}),
                                 fetch_of("paper", {told("paper", "a2", {1})}),
                                 fetch_of("radio", {told("radio", "a3", {1})})};
  ASSERT_OK(store->commit(group));
  EXPECT_EQ(story("paper", "a2"), "wire-a1");
  EXPECT_EQ(story("radio", "a3"), "wire-a1");
}

TEST_F(StoryTest, NeedsTheRealLikeness) {
  keep("wire", {told("wire", "a1", {1, 2, 3})});
  keep("paper", {told("paper", "b1", {1, 2, 3})});
  EXPECT_EQ(story("paper", "b1"), "paper-b1");
  EXPECT_THAT(*store->members("wire-a1", 10), IsEmpty());
  EXPECT_FALSE((**store->trail("paper-b1")).kin);
}

TEST_F(StoryTest, IsOfSeveralSourcesAndOfAWindow) {
  keep("wire", {told("wire", "a1", {1})});
  keep("wire", {told("wire", "a2", {1})});
  EXPECT_EQ(story("wire", "a2"), "wire-a2") << "one source repeats its boilerplate";
  keep("paper", {told("paper", "a3", {1}, noon + days{7})}, noon + days{7});
  EXPECT_EQ(story("paper", "a3"), "paper-a3") << "too late";
}

TEST_F(StoryTest, OfWhatWasKnownOrMergedIsNotAsked) {
  keep("wire", {told("wire", "a1", {1})});
  Candidate asked = told("wire", "a1", {1});
  asked.likeness.to = [](const Mention&) -> double {
    ADD_FAILURE() << "it was known";
    return 1;
  };
  keep("wire", {std::move(asked)});
}

TEST_F(StoryTest, ItsBandsGoWithTheirTimeAndFingerprintsStay) {
  keep("wire", {told("wire", "a1", {1})});
  ASSERT_OK(store->sweep({}, noon + days{10}));
  ASSERT_OK(store->compact());
  Candidate late = told("paper", "a2", {1}, noon + days{10});
  late.likeness.window = days{400};
  keep("paper", {std::move(late)}, noon + days{10});
  EXPECT_EQ(story("paper", "a2"), "paper-a2");
  const ItemRef item{"a1", 0};
  EXPECT_TRUE(store->look("wire", std::span(&item, 1), noon + days{10})->front().known);
}

TEST_F(StoryTest, NotesAndTheAccountAreKeptWithWhatIsNewAlone) {
  Candidate first = told("wire", "a1", {});
  first.notes = {{"route/in/1", "x"}};
  first.account = "because";
  Fetch fetch = fetch_of("wire", {first});
  const auto committed = store->commit({&fetch, 1});
  ASSERT_OK(committed);
  EXPECT_EQ(committed->front().enqueued, 2u);
  EXPECT_EQ(**store->note("route/in/1"), "x");
  EXPECT_EQ((**store->trail("wire-a1")).account, "because");
  fetch.found[0].notes = {{"route/in/2", "y"}};
  ASSERT_OK(store->commit({&fetch, 1}));
  EXPECT_FALSE(*store->note("route/in/2")) << "it was known: nothing is owed";
}

}  // namespace
}  // namespace earshot::store
