// The linter's estimate, from a real store.
#include "run/volume.h"

#include <gtest/gtest.h>

#include "unit/store/support.h"

namespace earshot::run {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using store::candidate_of;
using store::fetch_of;
using store::mention_of;
using store::noon;

class VolumeTest : public store::StoreTest {
 protected:
  // An item that some topic wanted, or none did.
  void heard(const std::string& id, std::string text, Time seen, bool wanted = true,
             std::optional<Time> published = {}) {
    Mention mention = mention_of("blog", id, "https://a.example/" + id,
                                 wanted ? std::vector<std::string>{"brand"} : std::vector<std::string>{}, seen);
    mention.item.title = std::move(text);
    mention.item.published = published;
    ASSERT_OK(store->commit(std::vector{fetch_of("blog", {candidate_of(std::move(mention), "")}, seen)}));
  }
  std::optional<Volume> volume(const std::string& query, Time now = noon) {
    auto found = estimate_volume(*store, config, {{}, query}, now);
    if (!found) {
      ADD_FAILURE() << found.error().message;
      return {};
    }
    return *found;
  }
  config::Config config;
};

TEST_F(VolumeTest, CountsWhatWouldHaveMatchedADay) {
  for (int i = 0; i < 40; ++i)
    heard("m" + std::to_string(i), i % 2 == 0 ? "acme crash" : "acme news", noon - days(4) + hours(2 * i), i % 4 == 0);
  const auto crash = volume("acme crash");
  ASSERT_TRUE(crash);
  EXPECT_NEAR(crash->per_day, 20 / 4.0, 0.01);
  EXPECT_EQ(crash->items, 40U);
  EXPECT_EQ(crash->span, days(4));
  EXPECT_NEAR(volume("title:acme source:blog")->per_day, 10, 0.01);
  EXPECT_EQ(volume("nothing")->per_day, 0);
}

TEST_F(VolumeTest, LooksBackAWeekAndNoFurther) {
  heard("old", "acme", noon - days(30));
  heard("new", "acme", noon - days(2));
  EXPECT_NEAR(volume("acme")->per_day, 1 / 2.0, 0.01);
}

TEST_F(VolumeTest, TheFirstPollsPastDoesNotCount) {
  for (int i = 0; i < 50; ++i) heard("b" + std::to_string(i), "acme", noon - days(2), true, noon - days(40 + i));
  heard("fresh", "acme", noon - days(1), true, noon - days(1));
  EXPECT_NEAR(volume("acme")->per_day, 0.5, 0.01);
}

TEST_F(VolumeTest, AFewHoursSayLittle) {
  EXPECT_FALSE(volume("acme"));  // nothing stored
  heard("a", "acme", noon - hours(5));
  EXPECT_FALSE(volume("acme"));
  EXPECT_TRUE(volume("acme", noon + hours(2)));
}

TEST_F(VolumeTest, KnowsTheTopicsOfTheConfiguration) {
  config.topics.resize(1);
  config.topics[0].name = "brand";
  config.topics[0].query = "acme OR acmebank";
  config.sources.resize(1);
  config.sources[0].name = "blog";
  config.sources[0].type = "feed";
  heard("a", "acmebank is down", noon - days(1));
  EXPECT_NEAR(volume("@{brand} down type:feed")->per_day, 1, 0.01);
  EXPECT_FALSE(estimate_volume(*store, config, {{}, "@{nobody}"}, noon));
}

}  // namespace
}  // namespace earshot::run
