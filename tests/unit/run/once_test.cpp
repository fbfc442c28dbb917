// Each thing once: the ways in which feeds make other tools tell the same thing twice, played on the real store. A way
// is a few polls of one or more sources; what counts is whom each poll makes an alert.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "core/mention/make.h"
#include "run/ingest.h"

namespace earshot::run {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using Told = std::vector<std::string>;

constexpr Time kStart = from_ms(1'795'000'000'000);

Item item(std::string id, std::string title, std::string url = {}, std::string text = "acme said so") {
  Item item;
  item.url = url.empty() ? "https://paper.example/" + id : std::move(url);
  item.id = std::move(id);
  item.title = std::move(title);
  item.summary = std::move(text);
  item.published = kStart;
  return item;
}

class Once : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "earshot-once-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    store_ = std::move(*store::Store::open(folder_ / "store"));
    config::Topic topic;
    topic.name = "brand";
    topic.query = "acme";
    config_.topics = {topic};
    config::Channel channel;
    channel.name = "pr";
    config_.channels = {channel};
    config_.routes.resize(1);
    config_.routes[0].channels = {"pr"};
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Polls `name`, keeps what came, and says of which titles an alert is owed now.
  Told poll(const std::string& name, std::vector<Item> items) {
    config::Source source;
    source.name = name;
    const auto rules = make_rules(config_);
    auto state = *store_->source(name);
    store::Fetch fetch;
    if (state) fetch.source = *state;
    fetch.source.name = name;
    fetch.at = now_;
    const bool first = !fetch.source.first_poll.has_value();
    auto taken = ingest(std::move(items), {source, first, backfill_, fetch.source.first_poll}, **rules, *store_, now_);
    if (first) fetch.source.first_poll = now_;
    EXPECT_TRUE(taken) << taken.error().message;
    fetch.found = std::move(taken->found);
    fetch.still_listed = std::move(taken->still_listed);
    const auto committed = store_->commit({&fetch, 1});
    EXPECT_TRUE(committed) << committed.error().message;
    Told told;
    const auto owed = *store_->peek("pr", 1000, last_);
    for (const store::Delivery& delivery : owed) {
      told.push_back((delivery.alert.kind == AlertKind::edit ? "edit: " : "") + delivery.alert.mentions[0].item.title);
      last_ = delivery.number;
      EXPECT_TRUE(ids_.insert(delivery.alert.delivery_id).second) << "a delivery id twice";
    }
    now_ += 15min;
    return told;
  }
  // A source that was heard before, with nothing in it.
  void begin(const std::string& name) { EXPECT_EQ(poll(name, {}), Told{}); }
  store::Trail trail(const std::string& source, const std::string& id) {
    auto found = *store_->trail(mention::mention_id(source, id));
    EXPECT_TRUE(found) << id;
    return found.value_or(store::Trail{});
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  config::Config config_;
  Time now_ = kStart;
  Duration backfill_{0};
  std::uint64_t last_ = 0;
  std::set<std::string> ids_;
};

TEST_F(Once, TwoEntriesWithOneUrlStayTwo) {
  begin("status");
  const std::string url = "https://status.example/";
  EXPECT_EQ(poll("status", {item("1", "acme is down", url, "since noon"), item("2", "acme is back", url, "all well")}),
            (Told{"acme is down", "acme is back"}));
  EXPECT_EQ(poll("status", {item("3", "acme is down", url, "since three")}), Told{"acme is down"})
      << "the same title with another text is another entry";
  EXPECT_EQ(poll("status", {item("4", "acme again", url, "since noon")}), Told{"acme again"});
}

TEST_F(Once, AChangedTitleTextOrDateIsARevisionAndNoSecondAlert) {
  begin("paper");
  Item entry = item("1", "acme fails");
  EXPECT_EQ(poll("paper", {entry}), Told{"acme fails"});
  const Time seen = trail("paper", "1").mention.seen;
  entry.title = "acme did not fail";
  EXPECT_EQ(poll("paper", {entry}), Told{});
  entry.summary = "acme said <b>otherwise</b>";
  EXPECT_EQ(poll("paper", {entry}), Told{});
  entry.published = kStart - days{3};
  EXPECT_EQ(poll("paper", {entry}), Told{});
  EXPECT_EQ(poll("paper", {entry}), Told{});
  const store::Trail now = trail("paper", "1");
  EXPECT_EQ(now.mention.item.title, "acme did not fail");
  EXPECT_EQ(now.mention.item.summary_text, "acme said otherwise");
  EXPECT_EQ(now.mention.item.published, kStart - days{3});
  EXPECT_EQ(now.mention.seen, seen) << "its place in time stays";
  ASSERT_EQ(now.revisions.size(), 3U);
  EXPECT_EQ(now.revisions[0].title, "acme fails");
  EXPECT_EQ(now.revisions[0].text, "acme said so");
  EXPECT_EQ(now.revisions[1].title, "acme did not fail");
  EXPECT_EQ(now.revisions[2].published, kStart);
  EXPECT_EQ((*store_->mentions({})).mentions.size(), 1U);
}

TEST_F(Once, AnotherHourOfTheSameDayIsNoRevision) {
  begin("paper");
  Item entry = item("1", "acme");
  poll("paper", {entry});
  entry.published = kStart + 1min;
  poll("paper", {entry});
  EXPECT_TRUE(trail("paper", "1").revisions.empty());
}

TEST_F(Once, ARouteMayAskForEdits) {
  config_.routes[0].alert_on_edit = true;
  begin("paper");
  Item entry = item("1", "acme fails");
  EXPECT_EQ(poll("paper", {entry}), Told{"acme fails"});
  entry.title = "acme did not fail";
  EXPECT_EQ(poll("paper", {entry}), Told{"edit: acme did not fail"});
  entry.published = kStart - days{3};
  EXPECT_EQ(poll("paper", {entry}), Told{}) << "a date alone says nothing new";
  entry.title = "acme fails";
  EXPECT_EQ(poll("paper", {entry}), Told{}) << "what it said before is no news";
  entry.title = "the firm did not fail";
  entry.summary = "it said so";
  EXPECT_EQ(poll("paper", {entry}), Told{"edit: the firm did not fail"}) << "it stays under the topics it had";
  EXPECT_EQ(trail("paper", "1").mention.matches.size(), 1U);
}

TEST_F(Once, AnEditThatMatchesForTheFirstTimeIsNew) {
  begin("paper");
  Item entry = item("1", "A firm fails", {}, "nobody said which");
  EXPECT_EQ(poll("paper", {entry}), Told{});
  entry.title = "acme fails";
  EXPECT_EQ(poll("paper", {entry}), Told{"acme fails"});
  EXPECT_EQ((*store_->mentions({})).mentions.size(), 1U);
}

TEST_F(Once, TheFirstWordingAndTheLatestAreKept) {
  begin("paper");
  Item entry = item("1", "acme 0");
  for (int i = 0; i <= 50; ++i) {
    entry.title = "acme " + std::to_string(i);
    poll("paper", {entry});
  }
  const auto revisions = trail("paper", "1").revisions;
  ASSERT_EQ(revisions.size(), store::kRevisions);
  EXPECT_EQ(revisions.front().title, "acme 0");
  EXPECT_EQ(revisions[1].title, "acme 31");
  EXPECT_EQ(revisions.back().title, "acme 49");
}

TEST_F(Once, AFeedThatRenumbersItsIds) {
  begin("paper");
  poll("paper", {item("1", "acme one"), item("2", "acme two")});
  Item one = item("n-1", "acme one", "http://paper.example/1?utm_source=rss"), two = item("n-2", "acme two");
  two.url = "https://PAPER.example/2#top";
  one.published = kStart + days{1};
  EXPECT_EQ(poll("paper", {one, two, item("n-3", "acme three")}), Told{"acme three"});
  EXPECT_EQ(poll("paper", {one, two}), Told{}) << "the new ids are known";
  EXPECT_EQ((*store_->mentions({})).mentions.size(), 3U);
}

TEST_F(Once, AFeedThatReturnsOldItemsAfterAnOutage) {
  begin("paper");
  std::vector<Item> archive;
  for (int i = 0; i < 20; ++i) archive.push_back(item(std::to_string(i), "acme " + std::to_string(i)));
  EXPECT_EQ(poll("paper", archive).size(), 20U);
  for (int i = 0; i < 300; ++i) {
    now_ += days{1};
    if (i % 30 == 0) poll("paper", {});
    ASSERT_TRUE(store_->sweep({}, now_));
  }
  ASSERT_TRUE(store_->compact());
  Item meanwhile = item("m", "acme meanwhile"), unseen = item("u", "acme long ago");
  meanwhile.published = now_ - days{40};
  unseen.published = kStart - days{400};
  archive.push_back(meanwhile);
  archive.push_back(unseen);
  EXPECT_EQ(poll("paper", archive), Told{"acme meanwhile"})
      << "what appeared during the outage is news, an archive is not";
}

TEST_F(Once, AFirstPollTellsNothingButWhatIsYoung) {
  backfill_ = 2h;
  std::vector<Item> all;
  for (int i = 0; i < 500; ++i) {
    all.push_back(item(std::to_string(i), "acme " + std::to_string(i)));
    all.back().published = now_ - i * 1h;
  }
  EXPECT_EQ(poll("paper", all), (Told{"acme 0", "acme 1", "acme 2"}));
  EXPECT_EQ(poll("paper", all), Told{});
}

TEST_F(Once, OneArticleFromGoogleAlertsItsOutletAndAPlanet) {
  for (const char* source : {"alerts", "outlet", "planet"}) begin(source);
  const std::string url = "https://www.outlet.example/2026/11/acme-fails.html";
  Item alert = item("tag:google.com,2013:googlealerts/feed:1", "<b>acme</b> fails",
                    "https://www.google.com/url?rct=j&sa=t&url=" + url + "&ct=ga&cd=CAIyGmY&usg=AOvVaw1");
  EXPECT_EQ(poll("alerts", {alert}).size(), 1U);
  EXPECT_EQ(poll("outlet", {item("outlet-77", "acme fails", url + "?utm_source=rss&utm_medium=feed")}), Told{});
  EXPECT_EQ(
      poll("planet", {item("planet/9", "Outlet: acme fails", "http://outlet.example/2026/11/acme-fails.html#more")}),
      Told{});
  EXPECT_EQ(trail("alerts", alert.id).sightings.size(), 2U);
  EXPECT_EQ((*store_->mentions({})).mentions.size(), 1U);
  EXPECT_EQ(poll("outlet", {item("outlet-77", "acme failed", url)}), Told{})
      << "an edit at another source is none here";
}

}  // namespace
}  // namespace earshot::run
