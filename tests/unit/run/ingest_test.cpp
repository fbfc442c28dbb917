#include "run/ingest.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/mention/make.h"

namespace earshot::run {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow = from_ms(1'795'000'000'000);

config::Config team() {
  config::Config config;
  config::Topic brand;
  brand.name = "brand";
  brand.query = "acme";
  brand.labels = {{"team", "pr"}};
  config::Topic outage;
  outage.name = "outage";
  outage.query = "acme AND outage";
  outage.severity = Severity::high;
  config.topics = {brand, outage};
  config::Route route;
  route.channels = {"pr"};
  config.routes = {route};
  config::Channel channel;
  channel.name = "pr";
  channel.type = "console";
  config.channels = {channel};
  config::Source source;
  source.name = "blog";
  source.type = "feed";
  config.sources = {source};
  return config;
}

Item item(std::string id, std::string title, std::optional<Time> published = kNow) {
  Item item;
  item.id = std::move(id);
  item.title = std::move(title);
  item.url = "https://blog.example/" + item.id;
  item.published = published;
  return item;
}

class Ingest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("earshot-ingest-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    store_ = std::move(*store::Store::open(folder_));
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  Taken take(std::vector<Item> items, bool first_poll = false, Duration backfill = 0ms) {
    const auto rules = make_rules(config_);
    auto taken = ingest(std::move(items), {config_.sources.front(), first_poll, backfill}, **rules, *store_, kNow);
    EXPECT_TRUE(taken);
    return std::move(*taken);
  }

  config::Config config_ = team();
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(Ingest, AMatchOwesItsChannelAnAlertWithASteadyDeliveryId) {
  const Taken first = take({item("1", "acme outage")}), again = take({item("1", "acme outage")});
  ASSERT_EQ(first.found.size(), 1U);
  const store::Candidate& candidate = first.found.front();
  ASSERT_EQ(candidate.mention.matches.size(), 2U);
  EXPECT_EQ(candidate.mention.severity, Severity::high);
  EXPECT_EQ(candidate.mention.labels, (Labels{{"team", "pr"}}));
  ASSERT_EQ(candidate.mention.title_hits.size(), 2U);
  ASSERT_EQ(candidate.alerts.size(), 1U);
  EXPECT_EQ(candidate.alerts[0].channel, "pr");
  EXPECT_EQ(candidate.alerts[0].delivery_id, again.found.front().alerts[0].delivery_id);
  EXPECT_NE(candidate.alerts[0].delivery_id, delivery_id(candidate.mention.id, "care"));
}

TEST_F(Ingest, WhatNoTopicWantsIsKeptAndOwesNothing) {
  const Taken taken = take({item("1", "weather")});
  ASSERT_EQ(taken.found.size(), 1U);
  EXPECT_TRUE(taken.found[0].mention.matches.empty());
  EXPECT_TRUE(taken.found[0].alerts.empty());
}

TEST_F(Ingest, TheFirstPollAlertsOnlyWhatIsYoungerThanBackfill) {
  const auto owes = [&](std::optional<Time> published, Duration backfill) {
    return !take({item("1", "acme", published)}, true, backfill).found.at(0).alerts.empty();
  };
  EXPECT_FALSE(owes(kNow - 1h, 0ms));
  EXPECT_FALSE(owes(kNow - 1h, 30min));
  EXPECT_TRUE(owes(kNow - 1h, 2h));
  EXPECT_FALSE(owes(std::nullopt, 2h));
  EXPECT_FALSE(take({item("1", "acme", std::nullopt)}).found.at(0).alerts.empty())
      << "after the first poll all that is new is news";
}

TEST_F(Ingest, TheSourcesOwnTopicsHoldWhateverTheQueriesSay) {
  config::SourceTraits own;
  own.topics = {"brand"};
  config_.sources[0].shared_traits = std::make_shared<config::SourceTraits>(own);
  const Taken taken = take({item("1", "weather")});
  ASSERT_EQ(taken.found[0].mention.matches.size(), 1U);
  EXPECT_EQ(taken.found[0].mention.matches[0].topic, "brand");
  EXPECT_EQ(taken.found[0].alerts.size(), 1U);
}

TEST_F(Ingest, WithoutTopicsEverythingIsAMention) {
  config_.topics.clear();
  EXPECT_EQ(take({item("1", "weather")}).found[0].alerts.size(), 1U);
}

TEST_F(Ingest, KnownItemsAreNotLookedAtAgainAndEditsOweNothing) {
  store::Fetch fetch;
  fetch.source.name = "blog";
  fetch.at = kNow;
  fetch.found = take({item("1", "acme")}).found;
  ASSERT_TRUE(store_->commit(std::span(&fetch, 1)));
  EXPECT_TRUE(take({item("1", "acme")}).found.empty());
  const Taken edited = take({item("1", "acme, corrected")});
  ASSERT_EQ(edited.found.size(), 1U);
  EXPECT_TRUE(edited.found[0].alerts.empty());
  EXPECT_TRUE(edited.new_items.empty());
}

TEST_F(Ingest, AnItemThatSaysNothingIsLeftOut) {
  const Taken taken = take({Item{}});
  EXPECT_TRUE(taken.found.empty());
  EXPECT_EQ(taken.without_key, 1U);
}

}  // namespace
}  // namespace earshot::run
