// Spikes of a real store: what is counted, who is told, and that each is told once, whatever the daemon lives through.
#include "run/spikes.h"

#include <fmt/format.h>

#include <array>

#include "core/spike/story_watch.h"
#include "core/spike/watch.h"
#include "polls.h"
#include "run/dispatch.h"
#include "run/spike_texts.h"
#include "support/spike/ordinary_hours.h"
#include "unit/store/support.h"

namespace earshot::run {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class SpikesOfAStore : public Polls {
 protected:
  void SetUp() override {
    Polls::SetUp();
    config::Topic& topic = config_.topics.emplace_back();
    topic.name = "brand";
    topic.query = "acme";
    source("http://127.0.0.1:1/feed", "blog");
    config_.routes.front().when = {};
    now_ = *parse_rfc3339("2026-11-02T00:00:00Z");
    store::SourceState known;
    known.name = "blog";
    known.first_poll = now_ - hours(24);
    EXPECT_TRUE(store_->put_source(known));
  }
  // Mentions in the hour that begins at `now_`, each a story of its own.
  void hear(int count, std::optional<Duration> age = {}, const std::string& from = "blog") {
    store::Fetch fetch = store::fetch_of(from, {}, now_);
    if (const auto known = store_->source(from); known && *known) fetch.source = **known;
    for (int i = 0; i < count; ++i) {
      const Time seen = now_ + minutes(1) + std::chrono::seconds(i);
      const std::string id = fmt::format("m{}", ++heard_);
      Mention mention = store::mention_of(from, id, fmt::format("https://blog.example/{}", id), {"brand"}, seen);
      mention.id = fmt::format("{:016}", heard_);
      mention.item.title = fmt::format("acme and the number {}", heard_);
      mention.language = "en";
      mention.site = "blog.example";
      mention.snippet = fmt::format("People say that acme did something about {}.", heard_);
      mention.snippet_hits = {{16, 20}};
      if (age) mention.item.published = seen - *age;
      fetch.found.push_back(store::candidate_of(std::move(mention), ""));
    }
    ASSERT_OK(store_->commit(std::vector{std::move(fetch)}));
  }
  std::size_t look(Time at) {
    const auto home = open_home([at] { return at; });
    if (silence_) {
      std::vector<std::string> problems;
      EXPECT_TRUE(hang_silences(*store_, *home->house.rules, config_.topics, problems));
      EXPECT_TRUE(problems.empty());
    }
    Spikes spikes(home->house, [] {});
    const auto told = spikes.look(at);
    if (!told) {
      ADD_FAILURE() << told.error().message;
      return 0;
    }
    return *told;
  }
  // Nine weeks ended now in which each hour brought two to four stories, as they are remembered.
  void ordinary() {
    spike::Watch watch;
    spike::StoryWatch stories;
    spike::ordinary_hours(now_, [&](Time hour, spike::HourOfWeek at, std::uint32_t told) {
      watch.finish(hour, at, told, false);
      stories.finish(hour, at, told == 2 ? 2 : 1);
    });
    const std::array notes{
        store::Note{"spike/topic/brand", watch.encode()}, store::Note{"spike/story/brand", stories.encode()},
        store::Note{"spike/listening",
                    fmt::format("{} {}", to_ms(now_ - spike::kOrdinary) / 1000, to_ms(now_) / 1000)}};
    ASSERT_OK(store_->enqueue({}, notes, now_));
  }
  int heard_ = 0;
  bool silence_ = false;
};

TEST_F(SpikesOfAStore, ASpikeIsToldWithWhatItConsistsOf) {
  ordinary();
  hear(40);
  EXPECT_EQ(look(now_ + minutes(5)), 1U);
  EXPECT_EQ(look(now_ + minutes(10)), 0U) << "once";
  ASSERT_EQ(alerts().size(), 1U);
  const Alert alert = alerts().front();
  EXPECT_EQ(alert.kind, AlertKind::spike);
  EXPECT_EQ(alert.severity, Severity::high);
  EXPECT_TRUE(alert.headline.starts_with("brand: 40 stories in an hour, usually ")) << alert.headline;
  EXPECT_EQ(alert.text, "Terms: acme 40\nFrom: blog.example 40\nLanguages: en 40");
  EXPECT_EQ(alert.total, 40U);
  EXPECT_EQ(alert.mentions.size(), 10U);
  hear(60);
  EXPECT_EQ(look(now_ + minutes(20)), 1U) << "it has doubled";
  EXPECT_NE(alerts()[0].delivery_id, alerts()[1].delivery_id);
}

TEST_F(SpikesOfAStore, AStoryThatSpreadsIsToldByItself) {
  ordinary();
  hear(3);
  const int first = heard_ + 1;
  hear(12);
  for (int i = first + 1; i < first + 12; ++i)
    ASSERT_OK(store_->merge_stories(fmt::format("{:016}", first), fmt::format("{:016}", i), "ann", now_));
  EXPECT_EQ(look(now_ + minutes(5)), 1U) << "four stories are ordinary, one of twelve mentions is not";
  EXPECT_EQ(look(now_ + minutes(10)), 0U) << "once";
  ASSERT_EQ(alerts().size(), 1U);
  const Alert alert = alerts().front();
  EXPECT_EQ(alert.kind, AlertKind::spike);
  EXPECT_EQ(alert.headline, "brand: one story told 12 times in an hour, the biggest usually 1.9");
  EXPECT_EQ(alert.text, "Terms: acme 12\nFrom: blog.example 12\nLanguages: en 12");
  EXPECT_EQ(alert.total, 12U);
  EXPECT_EQ(alert.mentions.size(), 1U) << "one of an outlet";
  EXPECT_EQ(alert.story, *store_->story_of(fmt::format("{:016}", first)));
}

TEST_F(SpikesOfAStore, WhoIsToldOfStoriesHearsOfItsGrowthInstead) {
  ordinary();
  hear(12);
  for (int i = 2; i <= 12; ++i)
    ASSERT_OK(store_->merge_stories(fmt::format("{:016}", 1), fmt::format("{:016}", i), "ann", now_));
  config_.routes.front().group = config::Group{{config::GroupBy::story}, minutes(1), hours(4)};
  EXPECT_EQ(look(now_ + minutes(5)), 0U);
  config_.routes.front().group.reset();
  EXPECT_EQ(look(now_ + minutes(10)), 1U);
}

TEST_F(SpikesOfAStore, WhatIsSilencedTellsNobody) {
  ordinary();
  hear(40);
  route::Silence silence{"s-00000001", "acme", "ann", "our own campaign", now_, now_ + hours(5)};
  const std::array notes{store::Note{"route/silence/s-00000001", route::encode(silence)}};
  ASSERT_OK(store_->enqueue({}, notes, now_));
  silence_ = true;
  EXPECT_EQ(look(now_ + minutes(5)), 0U);
  silence_ = false;
  EXPECT_EQ(look(now_ + minutes(10)), 1U) << "it has been lifted";
}

TEST_F(SpikesOfAStore, WhatIsFoundLateOrWithAFirstPollIsNoSpike) {
  ordinary();
  hear(40, hours(30));
  EXPECT_EQ(look(now_ + minutes(5)), 0U);
  store::SourceState fresh;
  fresh.name = "planet";
  fresh.first_poll = now_;
  ASSERT_OK(store_->put_source(fresh));
  hear(40, {}, "planet");
  EXPECT_EQ(look(now_ + minutes(10)), 0U);
}

TEST_F(SpikesOfAStore, AHoleInTheListeningIsNoCalm) {
  ordinary();
  const auto before = spike::Watch::decode(**store_->note("spike/topic/brand"));
  now_ += hours(30);  // nobody listened
  EXPECT_EQ(look(now_ + minutes(5)), 0U);
  const auto after = spike::Watch::decode(**store_->note("spike/topic/brand"));
  EXPECT_EQ(after->baseline().encode(), before->baseline().encode());
  hear(40);
  EXPECT_EQ(look(now_ + minutes(15)), 1U);
}

TEST_F(SpikesOfAStore, ARestartIsNoHole) {
  look(now_);
  for (int i = 0; i < 24; ++i, now_ += minutes(15)) look(now_ + minutes(15));  // every look is a new daemon
  const auto watch = spike::Watch::decode(**store_->note("spike/topic/brand"));
  EXPECT_NEAR(watch->baseline().hours(), 6, 0.1);
}

TEST_F(SpikesOfAStore, ATopicMayBeLeftOut) {
  config_.topics.front().spikes = false;
  ordinary();
  hear(40);
  EXPECT_EQ(look(now_ + minutes(5)), 0U);
}

TEST_F(SpikesOfAStore, InQuietHoursItWaitsAndIsToldIfItLasts) {
  ordinary();  // it is midnight
  config::Quiet quiet;
  quiet.to = 2 * 60;
  config_.routes.front().quiet = quiet;
  hear(40);
  EXPECT_EQ(look(now_ + minutes(5)), 0U);
  for (int i = 0; i < 2; ++i) {
    now_ += hours(1);
    hear(40);
    EXPECT_EQ(look(now_ + minutes(5)), i == 1 ? 1U : 0U);
  }
  config_.routes.front().quiet->except = {Severity::high};
}

TEST(SpikeTexts, AreThoseOfTheChannelsLanguage) {
  const spike::Spike spike{{}, 47, 6.04, 0};
  EXPECT_EQ(spike_headline("brand", spike, *texts::Texts::shipped("en")), "brand: 47 stories in an hour, usually 6");
  EXPECT_EQ(spike_headline("brand", spike, *texts::Texts::shipped("nl")), "brand: 47 verhalen in een uur, normaal 6");
  EXPECT_EQ(spike_headline("brand", {{}, 470, 61.7, 0}, *texts::Texts::shipped("??")),
            "brand: 470 stories in an hour, usually 62");
  const spike::Wave wave{{}, "id", 40, 2.1, 0};
  EXPECT_EQ(spike_headline("brand", wave, *texts::Texts::shipped("")),
            "brand: one story told 40 times in an hour, the biggest usually 2.1");
  EXPECT_EQ(spike_headline("brand", wave, *texts::Texts::shipped("de")),
            "brand: ein Thema 40-mal in einer Stunde, das größte sonst 2,1");
  Heard heard;
  EXPECT_EQ(spike_text(heard, *texts::Texts::shipped("en")), "");
  heard.terms = {{"refund", 20}, {"outage", 12}};
  heard.languages = {{"nl", 47}};
  EXPECT_EQ(spike_text(heard, *texts::Texts::shipped("de")), "Wörter: refund 20 · outage 12\nSprachen: nl 47");
}

}  // namespace
}  // namespace earshot::run
