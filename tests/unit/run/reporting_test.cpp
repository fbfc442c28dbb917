// Reports of a real store: what they count, and that each is sent once, whatever the daemon lives through.
#include "run/reporting.h"

#include <fmt/format.h>

#include "polls.h"
#include "unit/store/support.h"

namespace earshot::run {
namespace {

class Reports : public Polls {
 protected:
  void SetUp() override {
    Polls::SetUp();
    config_.timezone = "Europe/Amsterdam";
    config::Topic& topic = config_.topics.emplace_back();
    topic.name = "brand";
    topic.query = "acme";
    config::Report& weekly = config_.reports.emplace_back();
    weekly.name = "weekly";
    weekly.at = {.days = 1U << 1, .minute = 9 * 60};
    weekly.channels = {"ops"};
    now_ = at("2026-11-18T12:00:00Z");
  }
  static Time at(std::string_view text) { return *parse_rfc3339(text); }

  void hear(const std::string& id, Time seen) {
    Mention mention = store::mention_of("blog", id, fmt::format("https://blog.example/{}", id), {"brand"}, seen);
    mention.site = "blog.example";
    mention.snippet = fmt::format("People say that acme did something about {}.", id);
    mention.snippet_hits = {{16, 20}};
    ASSERT_OK(
        store_->commit(std::vector{store::fetch_of("blog", {store::candidate_of(std::move(mention), "")}, seen)}));
  }
  // A daemon that lives from one moment to the next; how often it said that something is owed.
  int live(std::string_view from, std::string_view to) {
    now_ = at(from);
    const auto home = open_home([this] { return now_; });
    int told = 0;
    {
      Reporter reporter(home->house, [&] { ++told; });
      const auto started = test::run(io_, reporter.start());
      EXPECT_TRUE(started);
      settle();
      now_ = at(to);
      reporter.stop();  // wakes it: what is due is looked at when it begins again
      settle();
      EXPECT_EQ(reporter.busy(), 0U);
    }
    Reporter again(home->house, [&] { ++told; });
    EXPECT_TRUE(test::run(io_, again.start()));
    settle();
    again.stop();
    settle();
    return told;
  }
  std::vector<std::string> ids() {
    std::vector<std::string> out;
    for (const Alert& alert : alerts()) out.push_back(alert.delivery_id);
    return out;
  }
  // Until neither the loop nor a worker has anything to do.
  void settle() {
    for (int quiet = 0; quiet < 3;) {
      auto nothing = [] { return 0; };
      test::run(io_, workers_.run(std::move(nothing)));
      io_.restart();
      quiet = io_.poll() > 0 ? 0 : quiet + 1;
    }
  }
};

TEST_F(Reports, AreSentAtTheirMomentOnce) {
  for (int i = 0; i < 3; ++i) hear(fmt::format("m{}", i), at("2026-11-19T10:00:00Z"));
  hear("before", at("2026-11-12T10:00:00Z"));
  EXPECT_EQ(live("2026-11-18T12:00:00Z", "2026-11-23T07:59:59Z"), 0) << "not yet";
  EXPECT_EQ(live("2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"), 1);
  ASSERT_EQ(alerts().size(), 1U);
  const Alert alert = alerts().front();
  EXPECT_EQ(alert.kind, AlertKind::report);
  EXPECT_EQ(alert.headline, "weekly: 16 Nov – 23 Nov 2026");
  EXPECT_EQ(alert.text.substr(0, alert.text.find('\n')), "Mentions 3 ▲ 200 % · Stories 3 ▲ 200 % · Outlets 1");
  EXPECT_EQ(alert.total, 3U);
  EXPECT_EQ(alert.mentions.size(), 2U) << "no more than two quotes of one outlet";
  EXPECT_EQ(live("2026-11-24T08:00:00Z", "2026-11-29T09:00:00Z"), 0) << "no second time";
  EXPECT_EQ(live("2026-11-30T08:00:00Z", "2026-11-30T09:00:00Z"), 1);
  EXPECT_NE(ids()[0], ids()[1]);
}

TEST_F(Reports, OneThatWasDueMeanwhileIsSentWhenTheDaemonIsBack) {
  hear("m", at("2026-12-10T10:00:00Z"));
  EXPECT_EQ(live("2026-11-18T12:00:00Z", "2026-11-18T13:00:00Z"), 0);
  EXPECT_EQ(live("2026-12-16T10:00:00Z", "2026-12-16T11:00:00Z"), 1) << "of four the latest";
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_EQ(alerts().front().headline, "weekly: 7 Dec – 14 Dec 2026");
}

TEST_F(Reports, ANewOneDoesNotTellOfThePast) {
  hear("m", at("2026-11-10T10:00:00Z"));
  EXPECT_EQ(live("2026-11-18T12:00:00Z", "2026-11-18T13:00:00Z"), 0);
  config_.reports.push_back(config_.reports.front());
  config_.reports.back().name = "second";
  EXPECT_EQ(live("2026-11-19T12:00:00Z", "2026-11-19T13:00:00Z"), 0);
}

TEST_F(Reports, SpeakTheLanguageOfEachChannelAndLeaveOutThoseThatAreOff) {
  config::Channel care = config_.channels.front();
  care.name = "care";
  care.texts = texts::Texts::shipped("de");
  config_.channels.push_back(care);
  care.name = "off";
  care.enabled = false;
  config_.channels.push_back(care);
  config_.reports.front().channels = {"ops", "care", "off"};
  EXPECT_EQ(live("2026-11-18T12:00:00Z", "2026-11-18T13:00:00Z"), 0);
  EXPECT_EQ(live("2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"), 1);
  ASSERT_EQ(alerts("care").size(), 1U);
  EXPECT_EQ(alerts("care").front().text, "Es war nichts zu hören.");
  EXPECT_NE(alerts("care").front().delivery_id, alerts("ops").front().delivery_id);
  EXPECT_TRUE(alerts("off").empty());
}

TEST_F(Reports, TheSameReportHasTheSameDeliveryId) {
  hear("m", at("2026-11-19T10:00:00Z"));
  const route::Zone zone = *route::Zone::open("UTC");
  const report::Period week{at("2026-11-16T08:00:00Z"), at("2026-11-23T08:00:00Z")};
  const auto once = write_report(*store_, week, {"brand"}), twice = write_report(*store_, week, {"brand"});
  ASSERT_TRUE(once && twice);
  const auto id = [&](const report::Report& report, Time now) {
    return report_alert(report, "weekly", config_.channels.front(), zone, now).delivery_id;
  };
  EXPECT_EQ(id(*once, week.to), id(*twice, week.to + std::chrono::hours(1)));
  EXPECT_THAT(id(*once, week.to), testing::MatchesRegex("[a-z0-9-]{1,64}"));
}

TEST_F(Reports, SyndicatedCopiesAreOneStory) {
  for (int i = 0; i < 4; ++i) hear(fmt::format("m{}", i), at("2026-11-19T10:00:00Z") + std::chrono::minutes(i));
  const auto ids = store_->ids("", 10);
  ASSERT_TRUE(ids);
  ASSERT_OK(store_->merge_stories(ids->at(0), ids->at(1), "sam", at("2026-11-19T12:00:00Z")));
  ASSERT_OK(store_->merge_stories(ids->at(0), ids->at(2), "sam", at("2026-11-19T12:00:00Z")));
  const report::Period week{at("2026-11-16T08:00:00Z"), at("2026-11-23T08:00:00Z")};
  const auto written = write_report(*store_, week, report_topics(config_, nullptr));
  ASSERT_TRUE(written);
  EXPECT_EQ(written->figures.now.mentions, 4U);
  EXPECT_EQ(written->figures.now.stories, 2U);
}

}  // namespace
}  // namespace earshot::run
