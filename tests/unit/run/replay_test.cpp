// A configuration over history: the same history and the same configuration gain and lose nothing; another one tells
// what it changes.
#include "run/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "run/dispatch.h"
#include "run/ingest.h"

namespace earshot::run {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart = from_ms(1'795'000'000'000);

config::Config team() {
  config::Config config;
  for (const auto& [name, query] : {std::pair{"brand", "acme"}, std::pair{"outage", "outage"}}) {
    config::Topic topic;
    topic.name = name;
    topic.query = query;
    config.topics.push_back(topic);
  }
  for (const char* name : {"pr", "care"}) {
    config::Channel channel;
    channel.name = name;
    config.channels.push_back(channel);
  }
  config.routes.resize(2);
  config.routes[0].when.topics = {"brand"};
  config.routes[0].channels = {"pr"};
  config.routes[1].when.topics = {"outage"};
  config.routes[1].channels = {"care"};
  config.routes[1].group = config::Group{{config::GroupBy::source}, 10min, 1h};
  config::Source source;
  source.name = "blog";
  config.sources = {source};
  return config;
}

class Replay : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "earshot-replay-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    store_ = std::move(*store::Store::open(folder_ / "store"));
    poll({"acme long ago"}, kStart);  // the first poll: nobody is told
    poll({"acme grows", "weather", "outage one"}, kStart + 1h);
    poll({"outage two", "acme outage", "a rival grows"}, kStart + 1h + 5min);
    poll({"outage four"}, kStart + 5h);
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void poll(std::vector<std::string> titles, Time now) {
    const config::Config config = team();
    const auto rules = make_rules(config);
    store::Fetch fetch;
    if (auto state = *store_->source("blog")) fetch.source = *state;
    fetch.source.name = "blog";
    fetch.at = now;
    const bool first = !fetch.source.first_poll;
    std::vector<Item> items;
    for (std::string& title : titles) {
      Item item;
      item.id = title;
      item.title = std::move(title);
      item.published = now - 1min;
      items.push_back(std::move(item));
    }
    fetch.found = ingest(std::move(items), {config.sources[0], first}, **rules, *store_, now)->found;
    if (first) fetch.source.first_poll = now;
    ASSERT_TRUE(store_->commit({&fetch, 1}));
  }
  Replayed replay(const config::Config& config) {
    auto done = run::replay(*store_, config, kStart - 1h, kStart + 24h, 2);
    EXPECT_TRUE(done) << done.error().message;
    return std::move(*done);
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(Replay, TheSameConfigurationGainsAndLosesNothing) {
  const std::uint64_t before = store_->stats().owed;
  const Replayed done = replay(team());
  EXPECT_EQ(done.mentions, 8U);
  for (const auto* rows : {&done.topics, &done.channels})
    for (const auto& [name, row] : *rows) {
      EXPECT_EQ(row.gained, 0U) << name;
      EXPECT_EQ(row.lost, 0U) << name;
      EXPECT_EQ(row.was, row.now) << name;
    }
  EXPECT_EQ(done.topics.at("brand").now, 3U);
  EXPECT_EQ(done.topics.at("outage").now, 4U);
  EXPECT_EQ(done.channels.at("pr").now, 2U) << "what stood there at the first poll is told to nobody";
  EXPECT_EQ(done.alerts.at("pr"), 2U);
  EXPECT_EQ(done.channels.at("care").now, 4U);
  EXPECT_EQ(done.alerts.at("care"), 2U) << "a group of three, and its growth";
  EXPECT_EQ(store_->stats().owed, before) << "nothing changes";
}

TEST_F(Replay, AnotherOneTellsWhatItChanges) {
  config::Config config = team();
  config.topics[0].query = "acme OR rival";
  config.topics[1].query = "outage -four";
  config.routes[1].group.reset();
  config.routes[1].channels = {"care", "pr"};
  const Replayed done = replay(config);
  EXPECT_EQ(done.topics.at("brand").gained, 1U);
  EXPECT_EQ(done.topics.at("brand").gained_examples.at(0).title, "a rival grows");
  EXPECT_EQ(done.topics.at("outage").lost, 1U);
  EXPECT_EQ(done.topics.at("outage").lost_examples.at(0).title, "outage four");
  EXPECT_EQ(done.channels.at("pr").gained, 3U) << "the rival and two outages";
  EXPECT_EQ(done.channels.at("pr").gained_examples.size(), 2U) << "no more examples than asked for";
  EXPECT_EQ(done.channels.at("care").lost, 1U);
  EXPECT_EQ(done.alerts.at("care"), 3U);
  EXPECT_EQ(done.alerts.at("pr"), 5U);
}

TEST_F(Replay, LooksNoFurtherBackThanItIsAskedTo) {
  EXPECT_EQ(run::replay(*store_, team(), kStart + 2h, kStart + 24h, 2)->mentions, 1U);
}

}  // namespace
}  // namespace earshot::run
