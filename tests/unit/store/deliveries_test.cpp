#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.h"

namespace earshot::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Deliveries : public StoreTest {
 protected:
  void owe(int count, std::string_view channel = "pr") {
    std::vector<Candidate> found;
    for (int i = 0; i < count; ++i) {
      const std::string item = std::to_string(next_++);
      found.push_back(candidate_of(mention_of("blog", item), channel));
    }
    commit_one(*store, fetch_of("blog", std::move(found)));
  }
  std::vector<std::uint64_t> numbers(std::string_view channel, std::uint64_t after = 0) const {
    std::vector<std::uint64_t> all;
    const auto owed = store->peek(channel, 100, after);
    for (const Delivery& delivery : *owed) all.push_back(delivery.number);
    return all;
  }
  void settle(std::string channel, std::uint64_t number, decltype(Settlement::result) result) {
    const Settlement settlement{std::move(channel), number, noon + hours{1}, std::move(result)};
    ASSERT_OK(store->settle({&settlement, 1}));
  }
  int next_ = 0;
};

TEST_F(Deliveries, SeveralBecomeOneInThePlaceOfTheFirst) {
  owe(5);
  owe(1, "care");
  EXPECT_EQ(store->owed("pr"), 5U);
  EXPECT_EQ(store->owed("nobody"), 0U);
  Alert digest;
  digest.kind = AlertKind::digest;
  digest.channel = "pr";
  digest.delivery_id = "backlog-2-4";
  const auto owed = store->peek("pr", 10);
  for (const int i : {1, 2, 3}) digest.mentions.push_back((*owed)[static_cast<std::size_t>(i)].alert.mentions[0]);
  const std::vector<std::uint64_t> numbers_folded{2, 3, 4};
  ASSERT_OK(store->fold(numbers_folded, digest, noon + hours{1}));
  EXPECT_THAT(numbers("pr"), ElementsAre(1, 2, 5));
  EXPECT_EQ(store->owed("pr"), 3U);
  const Delivery made = (*store->peek("pr", 10))[1];
  EXPECT_EQ(made.alert.delivery_id, "backlog-2-4");
  EXPECT_EQ(made.owed_since, noon);
  EXPECT_EQ(made.attempts, 0U);
  ASSERT_THAT(made.tries, SizeIs(1));
  EXPECT_EQ(made.tries[0].reason, "3 alerts that waited became this digest");
  // Twice is an error that changes nothing.
  EXPECT_FALSE(store->fold(numbers_folded, digest, noon + hours{1}));
  EXPECT_THAT(numbers("pr"), ElementsAre(1, 2, 5));
  settle("pr", 1, Delivered{});
  settle("pr", 2, Delivered{"r"});
  // Of each mention it is known with what it arrived.
  for (const Mention& mention : digest.mentions) {
    const auto trail = store->trail(mention.id);
    ASSERT_OK(trail);
    ASSERT_THAT((*trail)->deliveries, SizeIs(1));
    EXPECT_EQ((*trail)->deliveries[0].delivery_id, "backlog-2-4");
  }
  reopen();
  EXPECT_EQ(store->owed("pr"), 1U);
  EXPECT_THAT(numbers("pr"), ElementsAre(5));
}

TEST_F(Deliveries, WhatASinkWantedBackIsKeptUntilItIsSettled) {
  owe(1);
  settle("pr", 1, RetryLater{noon, "later", "half done"});
  EXPECT_EQ(store->peek("pr", 1)->front().progress, "half done");
  reopen();
  EXPECT_EQ(store->peek("pr", 1)->front().progress, "half done");
  settle("pr", 1, RetryLater{noon, "later"});
  EXPECT_EQ(store->peek("pr", 1)->front().progress, "");
}

TEST_F(Deliveries, ComeInTheOrderOfCommitAndLeaveOutBodies) {
  owe(3);
  owe(2, "care");
  owe(1);
  EXPECT_THAT(numbers("pr"), ElementsAre(1, 2, 3, 6));
  EXPECT_THAT(numbers("care"), ElementsAre(4, 5));
  EXPECT_THAT(numbers("pr", 2), ElementsAre(3, 6));
  EXPECT_THAT(numbers("nobody"), IsEmpty());
  EXPECT_THAT(*store->peek("pr", 2), SizeIs(2));
  const Delivery first = store->peek("pr", 1)->front();
  EXPECT_EQ(first.attempts, 0U);
  EXPECT_EQ(first.owed_since, noon);
  EXPECT_EQ(first.alert.channel, "pr");
  ASSERT_THAT(first.alert.mentions, SizeIs(1));
  EXPECT_EQ(first.alert.mentions[0].item.title, "About 0");
  EXPECT_EQ(first.alert.mentions[0].item.content, "");
  const auto pending = store->pending();
  ASSERT_OK(pending);
  ASSERT_THAT(*pending, SizeIs(2));
  EXPECT_EQ((*pending)[1].channel, "pr");
  EXPECT_EQ((*pending)[1].count, 4U);
  EXPECT_EQ((*pending)[1].oldest, noon);
}

TEST_F(Deliveries, NumbersAreNeverUsedAgain) {
  owe(2);
  settle("pr", 1, Delivered{});
  settle("pr", 2, Delivered{});
  EXPECT_THAT(*store->pending(), IsEmpty());
  reopen();
  EXPECT_THAT(*store->pending(), IsEmpty());
  owe(1);
  EXPECT_THAT(numbers("pr"), ElementsAre(3));
}

TEST_F(Deliveries, ARetryKeepsItsPlace) {
  owe(3);
  settle("pr", 1, RetryLater{noon + hours{2}, "503 from the chat"});
  for (int round = 0; round < 2; ++round) {
    EXPECT_THAT(numbers("pr"), ElementsAre(1, 2, 3));
    const Delivery first = store->peek("pr", 1)->front();
    EXPECT_EQ(first.attempts, 1U);
    EXPECT_EQ(first.not_before, noon + hours{2});
    ASSERT_THAT(first.tries, SizeIs(1));
    EXPECT_EQ(first.tries[0].reason, "503 from the chat");
    EXPECT_EQ(first.alert.delivery_id, "d-blog-0");
    reopen();
  }
  // Others overtake it, and it is still there.
  settle("pr", 2, Delivered{});
  settle("pr", 3, Delivered{});
  EXPECT_THAT(numbers("pr"), ElementsAre(1));
  settle("pr", 1, RetryLater{noon + hours{3}, "again"});
  EXPECT_THAT(numbers("pr"), ElementsAre(1));
}

TEST_F(Deliveries, KeepsTheLastTriesOnly) {
  owe(1);
  for (int i = 0; i < 25; ++i) settle("pr", 1, RetryLater{noon, std::to_string(i)});
  const Delivery first = store->peek("pr", 1)->front();
  EXPECT_EQ(first.attempts, 25U);
  ASSERT_THAT(first.tries, SizeIs(max_tries_kept));
  EXPECT_EQ(first.tries.back().reason, "24");
}

TEST_F(Deliveries, OneThatArrivedIsOnItsMentionsTrail) {
  owe(1);
  settle("pr", 1, RetryLater{noon, "busy"});
  settle("pr", 1, Delivered{"ts-17"});
  reopen();
  const auto trail = store->trail("blog-0");
  ASSERT_OK(trail);
  ASSERT_THAT((*trail)->deliveries, SizeIs(1));
  const Arrived& arrived = (*trail)->deliveries[0];
  EXPECT_EQ(arrived.number, 1U);
  EXPECT_EQ(arrived.channel, "pr");
  EXPECT_EQ(arrived.delivery_id, "d-blog-0");
  EXPECT_EQ(arrived.remote_id, "ts-17");
  EXPECT_EQ(arrived.attempts, 2U);
  EXPECT_EQ(arrived.at, noon + hours{1});
  ASSERT_THAT(arrived.tries, SizeIs(1));
  EXPECT_EQ(arrived.tries[0].reason, "busy");
}

TEST_F(Deliveries, SettlingTwiceChangesNothing) {
  owe(2);
  const std::vector<Settlement> twice{{"pr", 1, noon, Delivered{}},
                                      {"pr", 1, noon, Undeliverable{"no"}},
                                      {"pr", 77, noon, Delivered{}},
                                      {"ghost", 1, noon, Delivered{}}};
  ASSERT_OK(store->settle(twice));
  ASSERT_OK(store->settle(twice));
  EXPECT_THAT(numbers("pr"), ElementsAre(2));
  EXPECT_THAT(*store->dead_letters("", 10), IsEmpty());
  EXPECT_EQ(store->stats().owed, 1U);
}

TEST_F(Deliveries, DeadLettersAreListedAndCanBeSentAgain) {
  owe(2);
  owe(1, "care");
  settle("pr", 1, Undeliverable{"404: no such channel"});
  settle("care", 3, Undeliverable{"410"});
  reopen();
  EXPECT_EQ(store->stats().dead, 2U);
  const auto letters = store->dead_letters("pr", 10);
  ASSERT_OK(letters);
  ASSERT_THAT(*letters, SizeIs(1));
  EXPECT_EQ(letters->front().reason, "404: no such channel");
  EXPECT_EQ(letters->front().died, noon + hours{1});
  EXPECT_EQ(letters->front().delivery.alert.channel, "pr");
  EXPECT_EQ(letters->front().delivery.attempts, 1U);
  EXPECT_THAT(*store->dead_letters("", 10), SizeIs(2));

  EXPECT_EQ(*store->retry_dead("pr", noon + hours{3}), 1U);
  EXPECT_THAT(numbers("pr"), ElementsAre(2, 4));
  const Delivery again = store->peek("pr", 1, 2)->front();
  EXPECT_EQ(again.alert.delivery_id, "d-blog-0");
  EXPECT_EQ(again.attempts, 0U);
  EXPECT_EQ(again.owed_since, noon);
  EXPECT_EQ(*store->retry_dead("", noon), 1U);
  EXPECT_EQ(store->stats().dead, 0U);
  EXPECT_EQ(*store->retry_dead("", noon), 0U);
}

TEST_F(Deliveries, WhatAVanishedChannelIsOwedCanBeBuried) {
  owe(1200);
  EXPECT_EQ(*store->bury("pr", "the channel is no longer configured", noon), 1200U);
  EXPECT_THAT(*store->pending(), IsEmpty());
  EXPECT_EQ(store->stats().dead, 1200U);
  EXPECT_EQ(*store->retry_dead("", noon), 1200U);
  EXPECT_EQ(store->stats().owed, 1200U);
}

TEST_F(Deliveries, AlertsWithoutAFetchGoTheSameWay) {
  Alert alert;
  alert.kind = AlertKind::digest;
  alert.channel = "pr";
  alert.delivery_id = "digest-1";
  alert.headline = "Yesterday";
  alert.total = 38;
  alert.actions = {{"Open", "https://earshot.example.com/"}};
  const std::vector<Note> notes{{"digest/pr", "sent"}, {"digest/open", std::nullopt}};
  ASSERT_OK(store->enqueue({&alert, 1}, notes, noon));
  const Delivery owed = store->peek("pr", 1)->front();
  EXPECT_EQ(owed.alert.kind, AlertKind::digest);
  EXPECT_EQ(owed.alert.headline, "Yesterday");
  EXPECT_EQ(owed.alert.total, 38U);
  EXPECT_THAT(owed.alert.actions,
              ElementsAre(std::pair<std::string, std::string>("Open", "https://earshot.example.com/")));
  EXPECT_EQ(*store->note("digest/pr"), "sent");
  ASSERT_THAT(*store->notes("digest/", 10), SizeIs(1));
  alert.channel = "";
  EXPECT_FALSE(store->enqueue({&alert, 1}, {}, noon));
}

TEST_F(Deliveries, AChannelWhoseNameBeginsLikeAnotherIsAnother) {
  owe(1, "pr");
  owe(1, "pr2");
  owe(1, "p");
  owe(1, std::string_view("pr\0x", 4));
  EXPECT_THAT(numbers("pr"), ElementsAre(1));
  EXPECT_THAT(numbers("p"), ElementsAre(3));
  EXPECT_THAT(numbers(std::string_view("pr\0x", 4)), ElementsAre(4));
  reopen();
  EXPECT_THAT(*store->pending(), SizeIs(4));
}

}  // namespace
}  // namespace earshot::store
