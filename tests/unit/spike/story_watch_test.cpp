// A story that spreads: false alarms on synthetic topics whose stories differ in size as real ones do, and what is
// told.
#include "core/spike/story_watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "unit/spike/streams.h"

namespace earshot::spike {
namespace {

const Time kStart = from_ms(1'790'000'000'000);
Time hour_at(std::uint32_t hour) { return kStart + std::chrono::hours(hour); }

// A power law, of at most `most` outlets.
std::uint32_t size_of_story(double exponent, std::uint32_t most, std::mt19937_64& random) {
  const double u = std::uniform_real_distribution<double>(0, 1)(random);
  return static_cast<std::uint32_t>(std::min<double>(most, std::floor(std::pow(1 - u, -1 / (exponent - 1)))));
}

std::uint32_t biggest(const Stream& stream, std::uint32_t hour, std::uint32_t hours, double exponent,
                      std::mt19937_64& random) {
  std::uint32_t found = 0;
  for (std::uint32_t n = draw(stream.mean_at(hour, hours), stream.overdispersion, random); n > 0; --n)
    found = std::max(found, size_of_story(exponent, 50, random));
  return found;
}

TEST(StoriesThatSpread, FewFalseAlarmsAndBurstsAreFound) {
  constexpr std::uint32_t kHours = 6 * 30 * 24, kTopics = 30;
  fmt::print("[          ] {:<44} {:>22} {:>30}\n", "stories", "false alarms a month", "100 mentions found at once");
  for (const auto& [stream, exponent] : {std::pair{Stream{"two a day, one outlet in the main", 0.08}, 3.0},
                                         {{"one an hour", 1}, 3.0},
                                         {{"three an hour, day and night", 3, 1, 0.8}, 3.0},
                                         {{"ten an hour, uneven", 10, 3, 0.5}, 3.0},
                                         {{"ten an hour, often taken up", 10, 1.5, 0.5}, 2.5},
                                         {{"100 an hour, often taken up", 100, 5, 0.5}, 2.5}}) {
    std::uint32_t alarms = 0, found = 0;
    for (std::uint32_t topic = 0; topic < kTopics; ++topic) {
      std::mt19937_64 random(topic * 7919 + 1);
      StoryWatch watch;
      for (std::uint32_t hour = 0; hour < kHours; ++hour) {
        const std::uint32_t n = biggest(stream, hour, kHours, exponent, random);
        alarms += watch.look(hour_at(hour), hour_of_week(hour), fmt::format("s{}", hour), n) ? 1 : 0;
        watch.finish(hour_at(hour), hour_of_week(hour), n);
      }
      found += watch.look(hour_at(kHours), hour_of_week(kHours), "spreads", 100) ? 1 : 0;
    }
    fmt::print("[          ] {:<44} {:>22.2f} {:>28.0f} %\n", stream.name, alarms / 6.0 / kTopics,
               100.0 * found / kTopics);
    EXPECT_LE(alarms / 6.0 / kTopics, 0.7) << stream.name;
    EXPECT_EQ(found, kTopics) << stream.name;
  }
}

class OfOrdinaryStories : public testing::Test {
 protected:
  OfOrdinaryStories() {
    std::mt19937_64 random(1);
    for (; hour_ < 8 * 7 * 24; ++hour_) watch_.finish(hour_at(hour_), hour_of_week(hour_), 1 + draw(1, 1, random));
  }
  std::optional<Wave> look(std::string_view story, std::uint32_t mentions) {
    return watch_.look(hour_at(hour_), hour_of_week(hour_), story, mentions);
  }
  StoryWatch watch_;
  std::uint32_t hour_ = 0;
};

TEST_F(OfOrdinaryStories, EachIsToldOnceAndAgainWhenItDoubles) {
  EXPECT_FALSE(look("a", 9)) << "below " << kLeastOfStory;
  const auto wave = look("a", 40);
  ASSERT_TRUE(wave);
  EXPECT_EQ(wave->story, "a");
  EXPECT_EQ(wave->mentions, 40U);
  EXPECT_NEAR(wave->usual, 2, 0.7);
  EXPECT_EQ(wave->number, 0U);
  EXPECT_FALSE(look("a", 79));
  EXPECT_TRUE(look("b", 41)) << "another";
  const auto again = look("a", 80);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->number, 1U);
  hour_ += 23;
  EXPECT_FALSE(look("a", 100));
  ++hour_;
  EXPECT_EQ(look("a", 100)->number, 0U) << "a day later it is news";
}

TEST_F(OfOrdinaryStories, AStormDoesNotHideTheNext) {
  const auto hour = [&](std::string_view story, std::uint32_t mentions) {
    const auto wave = look(story, mentions);
    watch_.finish(hour_at(hour_), hour_of_week(hour_), mentions);
    ++hour_;
    return wave.has_value();
  };
  EXPECT_TRUE(hour("a", 1000));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(hour("ordinary", 2));
  EXPECT_TRUE(hour("b", 200));
  for (int i = 0; i < 24 * 7 * 9; ++i) EXPECT_FALSE(hour("ordinary", 2));
  EXPECT_TRUE(hour("c", 20)) << "nothing like that in eight weeks";
}

TEST_F(OfOrdinaryStories, SurvivesTheStore) {
  look("a", 40);
  look("b", 50);
  const auto again = StoryWatch::decode(watch_.encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->encode(), watch_.encode());
  for (int i = 0; i < 100; ++i) look(fmt::format("story {}", i), 40);
  EXPECT_LT(watch_.encode().size(), 2000U) << "a bounded number is remembered";
}

TEST(StoryWatch_, RefusesWhatItDidNotWrite) {
  const std::string good = StoryWatch{}.encode();
  EXPECT_TRUE(StoryWatch::decode(good));
  EXPECT_TRUE(StoryWatch::decode(good + "\n1 2 3 a\n4 5 6 b"));
  for (std::size_t cut = 0; cut < good.size(); ++cut) (void)StoryWatch::decode(good.substr(0, cut));
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() - 1), good + "\n\n1 2 3 a", good + "\nx", good + "\n1",
        good + "\n1 2", good + "\n1 2 3", good + "\n-1 2 3 a", good + "\n99999999999999 2 3 a"})
    EXPECT_FALSE(StoryWatch::decode(bad)) << bad;
}

}  // namespace
}  // namespace earshot::spike
