// Threads and messages shown anew, in a real store.
#include "run/follow_up.h"

#include <gtest/gtest.h>

#include <array>

#include "run/wish.h"
#include "unit/store/support.h"

namespace earshot::run {
namespace {

using store::noon;

class FollowUp : public store::StoreTest {
 protected:
  void hear(const std::string& id) {
    Mention mention = store::mention_of("blog", id, "https://blog.example/" + id, {"brand"}, noon);
    mention.id = id;
    mention.severity = Severity::high;
    ASSERT_OK(store->commit(std::vector{store::fetch_of("blog", {store::candidate_of(std::move(mention), "")}, noon)}));
  }
  Alert alert_about(const std::vector<std::string>& ids, AlertKind kind, const std::string& channel) {
    Alert alert;
    alert.kind = kind;
    alert.channel = channel;
    alert.delivery_id = "d-" + std::to_string(++made_);
    alert.total = ids.size();
    for (const std::string& id : ids) alert.mentions.push_back(**store->mention(id));
    return alert;
  }
  // Told to the channel, where it became the message `remote`.
  void tell(const std::vector<std::string>& ids, AlertKind kind, const std::string& channel, const std::string& remote,
            bool editable = true) {
    ASSERT_OK(store->enqueue(std::array{alert_about(ids, kind, channel)}, {}, noon));
    settle(channel, store::Delivered{remote, editable});
  }
  void settle(const std::string& channel, decltype(store::Settlement::result) result) {
    const auto owed = store->peek(channel, 1);
    ASSERT_EQ(owed->size(), 1U);
    ASSERT_OK(store->settle(std::array{store::Settlement{channel, owed->front().number, noon, std::move(result)}}));
  }
  void claim(const std::string& id, const std::string& state = "claimed", const std::string& by = "Ann") {
    const auto wish = read_letter(
        *store,
        {"claim-" + id, R"({"do":"claim","mention":")" + id + R"(","state":")" + state + R"(","by":")" + by + R"("})"},
        noon);
    ASSERT_OK(wish);
    ASSERT_OK(grant(*store, *wish, noon));
  }
  std::vector<store::Delivery> owed(const std::string& channel) { return *store->peek(channel, 100); }
  Alert known(Alert alert, std::string_view language = "en") {
    EXPECT_TRUE(bring_up_to_date(alert, *store, *texts::Texts::shipped(language)));
    return alert;
  }

 private:
  int made_ = 0;
};

TEST_F(FollowUp, AClaimShowsTheMessageAnewWhereItCanBeReplaced) {
  hear("m1");
  hear("m2");
  tell({"m1"}, AlertKind::mention, "chat", "77");
  tell({"m1"}, AlertKind::mention, "mail", "<1@earshot>", false);
  tell({"m1", "m2"}, AlertKind::digest, "chat", "78");
  tell({"m2"}, AlertKind::mention, "chat", "79");
  claim("m1");
  ASSERT_EQ(owed("chat").size(), 1U) << "not the digest, which is a list, nor what tells of another";
  EXPECT_TRUE(owed("mail").empty());
  const Alert anew = known(owed("chat").front().alert, "nl");
  EXPECT_EQ(anew.edits, "77");
  EXPECT_EQ(anew.kind, AlertKind::mention);
  EXPECT_EQ(anew.severity, Severity::high);
  EXPECT_EQ(anew.total, 1U);
  ASSERT_EQ(anew.mentions.size(), 1U);
  EXPECT_EQ(anew.mentions.front().id, "m1");
  EXPECT_EQ(anew.standing, "Ann heeft het opgepakt");
  EXPECT_TRUE(anew.thread.empty());
}

TEST_F(FollowUp, AnEditLeavesNothingBehindHoweverItEnds) {
  hear("m1");
  tell({"m1"}, AlertKind::mention, "chat", "77");
  for (const bool done : {true, false}) {
    claim("m1", done ? "done" : "claimed");
    ASSERT_EQ(owed("chat").size(), 1U);
    if (done)
      settle("chat", store::Delivered{"77", true});
    else
      settle("chat", store::Undeliverable{"the message was deleted"});
    EXPECT_TRUE(owed("chat").empty());
    EXPECT_EQ(store->trail("m1").value()->deliveries.size(), 1U) << "the alert itself";
    EXPECT_TRUE(store->dead_letters("chat", 10)->empty());
  }
}

TEST_F(FollowUp, WhatIsToldLaterSaysAsWellWhoHasIt) {
  hear("m1");
  claim("m1", "done", "Bob");
  EXPECT_EQ(known(alert_about({"m1"}, AlertKind::escalation, "chat")).standing, "Bob has dealt with it");
  EXPECT_EQ(known(alert_about({"m1"}, AlertKind::digest, "chat")).standing, "") << "one of many";
  EXPECT_TRUE(owed("chat").empty()) << "nothing was told before";
}

TEST_F(FollowUp, GrowthBelongsBelowWhatToldTheStoryInThatChannel) {
  for (const char* id : {"m1", "m2", "m3"}) hear(id);
  ASSERT_OK(store->merge_stories("m1", "m2", "Ann", noon));
  ASSERT_OK(store->merge_stories("m1", "m3", "Ann", noon));
  EXPECT_EQ(known(alert_about({"m3"}, AlertKind::growth, "chat")).thread, "") << "nobody was told of it yet";
  tell({"m2"}, AlertKind::story, "chat", "first");  // not by the story's first mention
  tell({"m1"}, AlertKind::story, "other", "elsewhere");
  tell({"m1"}, AlertKind::growth, "chat", "later");
  const Alert growth = known(alert_about({"m3"}, AlertKind::growth, "chat"));
  EXPECT_EQ(growth.story, "m1");
  EXPECT_EQ(growth.thread, "first");
  EXPECT_EQ(known(alert_about({"m3"}, AlertKind::mention, "chat")).thread, "") << "news of its own";

  // Whoever takes one mention takes the story: the message that told it first says so, and the one about it.
  claim("m3");
  ASSERT_EQ(owed("chat").size(), 1U);
  EXPECT_EQ(owed("chat").front().alert.edits, "first");
  ASSERT_EQ(owed("other").size(), 1U);
  EXPECT_EQ(owed("other").front().alert.edits, "elsewhere");
  const Alert anew = known(owed("chat").front().alert);
  EXPECT_EQ(anew.standing, "Ann has taken it");
  EXPECT_NE(anew.text.find("outlet"), std::string::npos) << "the story's figures stay: " << anew.text;
}

}  // namespace
}  // namespace earshot::run
