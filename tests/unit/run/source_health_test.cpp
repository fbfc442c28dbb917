// Health end to end: what polls come to is kept with the source, and a change is owed to the channels named for it,
// once.
#include "core/schedule/health.h"
#include "polls.h"
#include "run/conclude.h"

namespace earshot::run {
namespace {

using schedule::Health;
using testing::HasSubstr;

class SourceHealth : public Polls {
 protected:
  void SetUp() override {
    Polls::SetUp();
    config_.health.channels = {"ops"};
    config::Topic& topic = config_.topics.emplace_back();
    topic.name = "never";
    topic.query = "nothingsaysthis";
  }
  Health health(const store::SourceState& state) { return schedule::HealthState::decode(state.health)->health; }
};

TEST_F(SourceHealth, BrokenIsToldOnceAndSoIsRecovery) {
  Server server(io_, saying({feed({"a"}), answer("500 Oops"), answer("500 Oops"), answer("500 Oops"),
                             answer("500 Oops"), answer("500 Oops"), feed({"a"}), feed({"a"})}));
  source(server.url("/"));
  poll();
  EXPECT_TRUE(alerts().empty());
  poll();
  poll();
  EXPECT_TRUE(alerts().empty());  // may still be an accident
  EXPECT_EQ(health(poll()), Health::broken);
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_EQ(owed_, 1);
  const Alert told = alerts()[0];
  EXPECT_EQ(told.kind, AlertKind::health);
  EXPECT_EQ(told.headline, "Source blog is broken");
  EXPECT_THAT(told.text, HasSubstr("500"));
  EXPECT_TRUE(told.mentions.empty());
  poll();
  poll();
  EXPECT_EQ(alerts().size(), 1U);  // once
  EXPECT_EQ(health(poll()), Health::ok);
  ASSERT_EQ(alerts().size(), 2U);
  EXPECT_EQ(alerts()[1].headline, "Source blog works again");
  poll();
  EXPECT_EQ(alerts().size(), 2U);
  EXPECT_TRUE(store_->mentions({})->mentions.empty());  // never as a mention
}

TEST_F(SourceHealth, EachStateHasItsReason) {
  struct Row {
    std::string name;
    std::vector<std::string> answers;
    Health health;
    std::string reason;
  };
  const std::string captcha =
      test::ok("<html><body><div class=\"h-captcha\"></div></body></html>", "Content-Type: text/html\r\n");
  for (const Row& row : std::vector<Row>{
           {"refused", {answer("403 No")}, Health::blocked, "HTTP 403"},
           {"slowed", {answer("429 No")}, Health::blocked, "HTTP 429"},
           {"captcha", {captcha}, Health::blocked, "a page that asks whether we are a person"},
           {"gone", {answer("410 Gone")}, Health::gone, "HTTP 410"},
           {"nothing", {feed({"a"}), feed({"a", "b"}), feed({})}, Health::empty, "nothing that can be read"},
           {"garbage", {test::ok("\x01\x02")}, Health::broken, "in a row"}}) {
    said_ = 0;
    Server server(io_, saying(row.answers));
    config_.sources.clear();
    source(server.url("/"), row.name);
    store::SourceState state;
    for (int i = 0; i < 6 && state.next_due != schedule::kNever; ++i) state = poll(row.name);
    EXPECT_EQ(health(state), row.health) << row.name;
    EXPECT_THAT(schedule::HealthState::decode(state.health)->reason, HasSubstr(row.reason)) << row.name;
  }
}

TEST_F(SourceHealth, MovedSaysWhereTo) {
  Server server(io_, [](Peer& peer) -> asio::awaitable<void> {
    while (const auto request = co_await peer.request()) {
      const std::string bytes =
          request->starts_with("GET /old") ? answer("301 Moved", "Location: /new\r\n") : feed({"a"});
      co_await peer.send(bytes);
    }
  });
  source(server.url("/old"));
  EXPECT_EQ(health(poll()), Health::ok);
  EXPECT_EQ(health(poll()), Health::moved);
  poll();
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_THAT(alerts()[0].text, HasSubstr(server.url("/new")));
}

TEST_F(SourceHealth, WithoutChannelsOnlyTheStateIsKept) {
  config_.health.channels.clear();
  Server server(io_, saying({answer("403 No")}));
  source(server.url("/"));
  poll();
  EXPECT_EQ(health(poll()), Health::blocked);
  EXPECT_TRUE(alerts().empty());
}

// A cable that was pulled must not raise an alert for each of a thousand sources.
TEST_F(SourceHealth, WhenNobodyIsReachedNoSourceIsBlamed) {
  const config::Source& blog = source("http://site.example/");
  const auto rules = make_rules(config_);
  schedule::State pace;
  store::SourceState before;
  before.name = "blog";
  for (const bool offline : {true, false}) {
    std::size_t told = 0;
    for (int i = 0; i < 5; ++i) {
      Polled failed;
      failed.kind = Polled::Kind::failed;
      failed.error = "no route to host";
      auto came_to = conclude(
          blog, before, pace, std::move(failed),
          {.rules = **rules, .store = *store_, .config = config_, .policy = {}, .offline = offline, .now = now_});
      ASSERT_TRUE(came_to);
      told += came_to->fetch.alerts.size();
      before = came_to->fetch.source;
    }
    EXPECT_EQ(told, offline ? 0U : 1U);
    EXPECT_EQ(before.failures, offline ? 5U : 10U);
  }
}

}  // namespace
}  // namespace earshot::run
