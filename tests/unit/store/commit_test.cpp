#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.h"

namespace earshot::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Commit = StoreTest;

TEST_F(Commit, KeepsAMentionItsAlertAndTheSourceInOneAct) {
  Fetch fetch = fetch_of("blog", {candidate_of(mention_of("blog", "1", "https://a/1"))});
  fetch.source.plugin_state = std::string("\0cursor", 7);
  fetch.source.validators = {{"https://a/feed", "\"x\"", "Mon, 21 Sep 2026 13:33:20 GMT"}};
  fetch.notes = {{"route/group/pr", "open"}};
  const auto fates = commit_one(*store, fetch);
  ASSERT_THAT(fates, SizeIs(1));
  EXPECT_EQ(fates[0].outcome, Outcome::stored);
  EXPECT_EQ(fates[0].mention_id, "blog-1");

  reopen();
  const auto mention = store->mention("blog-1");
  ASSERT_OK(mention);
  ASSERT_TRUE(*mention);
  EXPECT_EQ((*mention)->item.title, "About 1");
  EXPECT_EQ((*mention)->item.content_text, "Acme Bank is said to have done 1");
  const auto owed = store->peek("pr", 10);
  ASSERT_OK(owed);
  ASSERT_THAT(*owed, SizeIs(1));
  EXPECT_EQ(owed->front().alert.delivery_id, "d-blog-1");
  const auto source = store->source("blog");
  ASSERT_OK(source);
  ASSERT_TRUE(*source);
  EXPECT_EQ((*source)->plugin_state, std::string("\0cursor", 7));
  ASSERT_THAT((*source)->validators, SizeIs(1));
  EXPECT_EQ((*source)->validators[0].etag, "\"x\"");
  const auto note = store->note("route/group/pr");
  ASSERT_OK(note);
  EXPECT_EQ(*note, "open");
}

TEST_F(Commit, KnowsTheSameItemOfTheSameSource) {
  commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "1"))}));
  reopen();
  const auto fates = commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "1"))}));
  ASSERT_THAT(fates, SizeIs(1));
  EXPECT_EQ(fates[0].outcome, Outcome::known);
  EXPECT_THAT(*store->peek("pr", 10), SizeIs(1));
}

TEST_F(Commit, ItemIdsOfDifferentSourcesAreDifferentThings) {
  commit_one(*store, fetch_of("a", {candidate_of(mention_of("a", "1", "https://a/1"))}));
  const auto fates = commit_one(*store, fetch_of("b", {candidate_of(mention_of("b", "1", "https://b/1"))}));
  EXPECT_EQ(fates.at(0).outcome, Outcome::stored);
}

TEST_F(Commit, OneUrlFromTwoSourcesIsOneMentionSightedTwice) {
  commit_one(*store, fetch_of("outlet", {candidate_of(mention_of("outlet", "1", "https://a/1"))}));
  const auto fates =
      commit_one(*store, fetch_of("planet", {candidate_of(mention_of("planet", "x", "https://a/1"))}, noon + hours{1}));
  ASSERT_THAT(fates, SizeIs(1));
  EXPECT_EQ(fates[0].outcome, Outcome::merged);
  EXPECT_EQ(fates[0].mention_id, "outlet-1");
  EXPECT_THAT(*store->peek("pr", 10), SizeIs(1));
  const auto trail = store->trail("outlet-1");
  ASSERT_OK(trail);
  ASSERT_TRUE(*trail);
  ASSERT_THAT((*trail)->sightings, SizeIs(1));
  EXPECT_EQ((*trail)->sightings[0].source, "planet");
  EXPECT_EQ((*trail)->sightings[0].item_id, "x");
  EXPECT_EQ((*trail)->sightings[0].at, noon + hours{1});
  EXPECT_FALSE(*store->mention("planet-x"));
  // And it is known from now on.
  const auto again = commit_one(*store, fetch_of("planet", {candidate_of(mention_of("planet", "x", "https://a/1"))}));
  EXPECT_EQ(again.at(0).outcome, Outcome::known);
}

TEST_F(Commit, OneUrlTwiceInsideOneSourceStaysTwo) {
  const auto fates = commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "1", "https://a/live")),
                                                          candidate_of(mention_of("blog", "2", "https://a/live"))}));
  ASSERT_THAT(fates, SizeIs(2));
  EXPECT_EQ(fates[0].outcome, Outcome::stored);
  EXPECT_EQ(fates[1].outcome, Outcome::stored);
  // Another source's copy goes to the first of them.
  const auto other =
      commit_one(*store, fetch_of("planet", {candidate_of(mention_of("planet", "1", "https://a/live"))}));
  EXPECT_EQ(other.at(0).mention_id, "blog-1");
}

TEST_F(Commit, DecidesBetweenTheFetchesOfOneGroup) {
  const std::vector<Fetch> group{
      fetch_of("a",
               {candidate_of(mention_of("a", "1", "https://x/1")), candidate_of(mention_of("a", "1", "https://x/1"))}),
      fetch_of("b", {candidate_of(mention_of("b", "9", "https://x/1"))}),
      fetch_of("a", {candidate_of(mention_of("a", "1", "https://x/1")), candidate_of(mention_of("a", "2"))})};
  const auto committed = store->commit(group);
  ASSERT_OK(committed);
  EXPECT_EQ((*committed)[0].fates[0].outcome, Outcome::stored);
  EXPECT_EQ((*committed)[0].fates[1].outcome, Outcome::known);
  EXPECT_EQ((*committed)[1].fates[0].outcome, Outcome::merged);
  EXPECT_EQ((*committed)[2].fates[0].outcome, Outcome::known);
  EXPECT_EQ((*committed)[2].fates[1].outcome, Outcome::stored);
  EXPECT_EQ((*committed)[0].enqueued, 1U);
  EXPECT_EQ((*committed)[1].enqueued, 0U);
  EXPECT_THAT(*store->peek("pr", 10), SizeIs(2));
  EXPECT_THAT((*store->trail("a-1"))->sightings, SizeIs(1));
}

TEST_F(Commit, AnEditIsCountedAndNotAlertedAgain) {
  commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "1"), "pr", 7)}));
  const auto fates = commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "1"), "pr", 8)}));
  EXPECT_EQ(fates.at(0).outcome, Outcome::changed);
  EXPECT_THAT(*store->peek("pr", 10), SizeIs(1));
  const auto again = commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "1"), "pr", 8)}));
  EXPECT_EQ(again.at(0).outcome, Outcome::known);
}

TEST_F(Commit, AnEditThatMatchesForTheFirstTimeIsNew) {
  commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "1", "https://a/1", {}), "", 7)}));
  const Mention edited = mention_of("blog", "1", "https://a/1", {"brand"}, noon + hours{1});
  const auto fates = commit_one(*store, fetch_of("blog", {candidate_of(edited, "pr", 8)}, noon + hours{1}));
  EXPECT_EQ(fates.at(0).outcome, Outcome::stored);
  EXPECT_THAT(*store->peek("pr", 10), SizeIs(1));
  MentionQuery query;
  EXPECT_THAT(ids_of(store->mentions(query)->mentions), ElementsAre("blog-1"));
  query.unmatched = true;
  EXPECT_THAT(store->mentions(query)->mentions, IsEmpty());
  query.source = "blog";
  EXPECT_THAT(store->mentions(query)->mentions, IsEmpty());
}

TEST_F(Commit, WhatMatchesIsNotSwallowedByAnUnmatchedFirst) {
  commit_one(*store, fetch_of("headlines", {candidate_of(mention_of("headlines", "1", "https://a/1", {}), "")}));
  const auto fates = commit_one(*store, fetch_of("outlet", {candidate_of(mention_of("outlet", "1", "https://a/1"))}));
  EXPECT_EQ(fates.at(0).outcome, Outcome::stored);
  EXPECT_THAT(*store->peek("pr", 10), SizeIs(1));
  // From then on that one stands for the URL.
  const auto third = commit_one(*store, fetch_of("planet", {candidate_of(mention_of("planet", "1", "https://a/1"))}));
  EXPECT_EQ(third.at(0).outcome, Outcome::merged);
  EXPECT_EQ(third.at(0).mention_id, "outlet-1");
}

TEST_F(Commit, OneBadFetchOfAGroupStopsAllOfIt) {
  std::vector<Fetch> group{fetch_of("a", {candidate_of(mention_of("a", "1"))}),
                           fetch_of("b", {candidate_of(mention_of("other", "1"))})};
  EXPECT_FALSE(store->commit(group));
  EXPECT_FALSE(*store->mention("a-1"));
  EXPECT_FALSE(*store->source("a"));
  group[1].found[0].mention.source = "b";
  group[1].found[0].mention.id = "";
  EXPECT_FALSE(store->commit(group));
  group[1].found[0].mention.id = std::string("a\0b", 3);
  EXPECT_FALSE(store->commit(group));
  group[1].found[0].mention.id = "b1";
  group[1].found[0].alerts[0].channel = "";
  EXPECT_FALSE(store->commit(group));
  group[1].found[0].alerts[0].channel = "pr";
  EXPECT_TRUE(store->commit(group));
}

TEST_F(Commit, BytesThatAreNoUtf8ComeBackAsTheyWere) {
  Mention mention = mention_of("blog", "\xff\xfe");
  mention.id = "x";
  mention.item.title = "\xc3\x28 \x80";
  commit_one(*store, fetch_of("blog", {candidate_of(mention)}));
  const auto kept = store->mention("x");
  ASSERT_OK(kept);
  EXPECT_EQ((*kept)->item.title, "\xc3\x28 \x80");
}

TEST_F(Commit, CountsTheDay) {
  commit_one(*store,
             fetch_of("a", {candidate_of(mention_of("a", "1", "https://x/1")), candidate_of(mention_of("a", "2"))}));
  Fetch fetch = fetch_of("b", {candidate_of(mention_of("b", "1", "https://x/1"))});
  fetch.counts = {{"bytes", 1000}, {"bytes", 24}};
  commit_one(*store, fetch);
  commit_one(*store, fetch_of("a", {candidate_of(mention_of("a", "3"))}, noon + days{1}));
  reopen();
  const Day day = std::chrono::floor<days>(noon);
  const auto counts = store->counters(day, day);
  ASSERT_OK(counts);
  std::vector<std::pair<std::string, std::uint64_t>> said;
  for (const DayCount& count : *counts) {
    EXPECT_EQ(count.day, day);
    said.emplace_back(count.name, count.value);
  }
  using P = std::pair<std::string, std::uint64_t>;
  EXPECT_THAT(said, ElementsAre(P{"alerts/pr", 2}, P{"bytes", 1024}, P{"fetches", 2}, P{"items/merged", 1},
                                P{"items/new", 2}, P{"matched/brand", 2}));
  EXPECT_THAT(*store->counters(day + days{1}, day + days{1}), SizeIs(4));
  EXPECT_THAT(*store->counters(day, day + days{5}), SizeIs(10));
}

TEST_F(Commit, AnEmptyGroupIsFine) { EXPECT_TRUE(store->commit({})); }

using Look = StoreTest;

TEST_F(Look, SaysWhatIsKnownChangedAndWantsRefreshing) {
  EXPECT_THAT(*store->look("a", {}, noon), IsEmpty());
  std::vector<Candidate> found;
  for (int i = 0; i < 500; ++i) found.push_back(candidate_of(mention_of("a", std::to_string(i)), "", 5));
  commit_one(*store, fetch_of("a", std::move(found)));
  const std::vector<ItemRef> items{{"17", 5}, {"nope", 5}, {"499", 6}, {"0", 0}, {"17", 9}};
  for (int round = 0; round < 2; ++round) {
    const auto known = store->look("a", items, noon + days{6});
    ASSERT_OK(known);
    EXPECT_TRUE((*known)[0].known && !(*known)[0].changed && !(*known)[0].refresh);
    EXPECT_FALSE((*known)[1].known);
    EXPECT_TRUE((*known)[2].known && (*known)[2].changed);
    EXPECT_TRUE((*known)[3].known && !(*known)[3].changed);
    EXPECT_TRUE((*known)[4].known && (*known)[4].changed);
    reopen();
  }
  EXPECT_FALSE((*store->look("b", items, noon))[0].known);
  EXPECT_TRUE((*store->look("a", items, noon + days{7}))[0].refresh);
  Fetch fetch = fetch_of("a", {}, noon + days{7});
  fetch.still_listed = {{"17", "", 5}};
  commit_one(*store, fetch);
  const auto known = store->look("a", items, noon + days{8});
  EXPECT_FALSE((*known)[0].refresh);
  EXPECT_FALSE((*known)[0].changed);
  EXPECT_TRUE((*known)[2].refresh);
}

TEST_F(Look, AgreesWithCommitForEveryItem) {
  std::vector<Candidate> found;
  for (int i = 0; i < 3000; i += 3) found.push_back(candidate_of(mention_of("a", std::to_string(i)), ""));
  commit_one(*store, fetch_of("a", std::move(found)));
  std::vector<std::string> names;
  for (int i = 0; i < 3000; ++i) names.push_back(std::to_string(i));
  std::vector<ItemRef> items;
  for (const std::string& name : names) items.push_back({name, 0});
  for (const std::size_t n : {1UL, 2UL, 20UL, 3000UL}) {
    const auto known = store->look("a", std::span(items).subspan(0, n), noon);
    ASSERT_OK(known);
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ((*known)[i].known, i % 3 == 0) << i;
  }
}

}  // namespace
}  // namespace earshot::store
