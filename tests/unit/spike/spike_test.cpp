// False alarms and detection on synthetic streams, and the bound against a slow obvious version.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/spike/watch.h"
#include "unit/spike/streams.h"

namespace earshot::spike {
namespace {

constexpr std::uint32_t kMonth = 30 * 24;

const Time kStart = from_ms(1'790'000'000'000);
Time hour_at(std::uint32_t hour) { return kStart + std::chrono::hours(hour); }

struct Result {
  double false_alarms = 0;  // a month
  double found = 0;         // of the bursts, within two hours
};

// Half a year of each of `topics` such topics; after it a burst of five times the usual.
Result play(const Stream& stream, std::uint32_t topics) {
  constexpr std::uint32_t kHours = 6 * kMonth;
  std::uint32_t alarms = 0, found = 0;
  for (std::uint32_t topic = 0; topic < topics; ++topic) {
    std::mt19937_64 random(topic * 7919 + 1);
    Watch watch;
    for (std::uint32_t hour = 0; hour < kHours; ++hour) {
      const std::uint32_t n = draw(stream.mean_at(hour, kHours), stream.overdispersion, random);
      alarms += watch.look(hour_at(hour), hour_of_week(hour), n) ? 1 : 0;
      watch.finish(hour_at(hour), hour_of_week(hour), n, false);
    }
    bool seen = watch.on();
    for (std::uint32_t hour = kHours + 12; hour < kHours + 14; ++hour) {
      const std::uint32_t n = draw(5 * stream.mean_at(hour, kHours), stream.overdispersion, random);
      seen = watch.look(hour_at(hour), hour_of_week(hour), n).has_value() || seen;
      watch.finish(hour_at(hour), hour_of_week(hour), n, false);
    }
    found += seen ? 1 : 0;
  }
  return {alarms / 6.0 / topics, static_cast<double>(found) / topics};
}

TEST(Spikes, FewFalseAlarmsAndBurstsAreFound) {
  struct Row {
    Stream stream;
    double found;  // at least
  };
  const Row rows[] = {{{"one or two a week", 0.01}, 0},
                      {{"two a day", 0.08}, 0},
                      {{"one an hour", 1}, 0.5},
                      {{"three an hour", 3}, 0.95},
                      {{"three an hour, day and night", 3, 1, 0.8}, 0.95},
                      {{"ten an hour, day and night", 10, 1.5, 0.8}, 0.99},
                      {{"ten an hour, uneven", 10, 3, 0.5}, 0.95},
                      {{"ten an hour, growing threefold", 10, 1.5, 0.5, 3}, 0.99},
                      {{"ten an hour, dying away to two", 10, 1.5, 0.5, 0.2}, 0.6},
                      {{"500 an hour, uneven", 500, 20, 0.5}, 0.99},
                      {{"5,000 an hour, uneven", 5000, 200, 0.5}, 0.99}};
  fmt::print("[          ] {:<34} {:>22} {:>24}\n", "stories", "false alarms a month", "5× found within 2 hours");
  for (const Row& row : rows) {
    const Result result = play(row.stream, 30);
    fmt::print("[          ] {:<34} {:>22.2f} {:>22.0f} %\n", row.stream.name, result.false_alarms, 100 * result.found);
    EXPECT_LE(result.false_alarms, 1) << row.stream.name;
    EXPECT_GE(result.found, row.found) << row.stream.name;
  }
}

TEST(Spikes, ATopicOfAFewDaysIsSilent) {
  Watch watch;
  for (std::uint32_t hour = 0; hour < 100; ++hour) {
    EXPECT_FALSE(watch.look(hour_at(hour), hour_of_week(hour), 1000 * (hour % 7)));
    watch.finish(hour_at(hour), hour_of_week(hour), hour % 3, false);
  }
}

class OfOrdinaryWeeks : public testing::Test {
 protected:
  OfOrdinaryWeeks() {
    std::mt19937_64 random(1);
    for (; hour_ < 8 * 7 * 24; ++hour_) quiet(draw(4, 1, random));
  }
  void quiet(std::uint32_t n) {
    EXPECT_FALSE(watch_.look(hour_at(hour_), hour_of_week(hour_), n)) << hour_;
    watch_.finish(hour_at(hour_), hour_of_week(hour_), n, false);
  }
  std::optional<Spike> hour(std::uint32_t n) {
    auto spike = watch_.look(hour_at(hour_), hour_of_week(hour_), n);
    watch_.finish(hour_at(hour_), hour_of_week(hour_), n, false);
    ++hour_;
    return spike;
  }
  Watch watch_;
  std::uint32_t hour_ = 0;
};

TEST_F(OfOrdinaryWeeks, ASpikeIsToldOnceAndAgainWhenItDoubles) {
  const auto began = hour(40);
  ASSERT_TRUE(began);
  EXPECT_EQ(began->stories, 40U);
  EXPECT_EQ(began->number, 0U);
  EXPECT_NEAR(began->usual, 4, 1.5);
  EXPECT_FALSE(hour(60));
  const auto doubled = hour(80);
  ASSERT_TRUE(doubled);
  EXPECT_EQ(doubled->number, 1U);
  EXPECT_FALSE(hour(70));
  EXPECT_TRUE(watch_.on());
}

TEST_F(OfOrdinaryWeeks, ItIsOverAfterThreeCalmHoursAndTheNextIsAnother) {
  EXPECT_TRUE(hour(40));
  hour(4);
  hour(4);
  EXPECT_FALSE(hour(40)) << "two calm hours are a pause";
  for (int i = 0; i < 3; ++i) hour(4);
  EXPECT_FALSE(watch_.on());
  EXPECT_TRUE(hour(40));
}

TEST_F(OfOrdinaryWeeks, ABurstOfADayDoesNotBecomeTheOrdinary) {
  const double before = watch_.baseline().usual(hour_of_week(hour_));
  for (int i = 0; i < 24; ++i) hour(400);
  EXPECT_LT(watch_.baseline().usual(hour_of_week(hour_)), 2 * before);
}

TEST_F(OfOrdinaryWeeks, AnHourThatIsUnderWayIsJudgedByWhatItHasBrought) {
  EXPECT_FALSE(watch_.look(hour_at(hour_), hour_of_week(hour_), 3));
  EXPECT_TRUE(watch_.look(hour_at(hour_), hour_of_week(hour_), 40));
  EXPECT_FALSE(watch_.look(hour_at(hour_), hour_of_week(hour_), 41));
}

TEST_F(OfOrdinaryWeeks, AnHourThatWasWatchedInPartSaysNothingOfTheOrdinary) {
  const std::string before = watch_.baseline().encode();
  watch_.finish(hour_at(hour_), hour_of_week(hour_), 0, true);
  EXPECT_EQ(watch_.baseline().encode(), before);
  EXPECT_EQ(watch_.finished(), hour_at(hour_));
}

TEST_F(OfOrdinaryWeeks, SurvivesTheStore) {
  hour(40);
  const auto again = Watch::decode(watch_.encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->encode(), watch_.encode());
  EXPECT_TRUE(again->on());
  EXPECT_EQ(again->finished(), watch_.finished());
  EXPECT_EQ(again->baseline().bound(hour_of_week(3)), watch_.baseline().bound(hour_of_week(3)));
  EXPECT_LT(watch_.encode().size(), 1000U);
}

TEST(Watch_, RefusesWhatItDidNotWrite) {
  const std::string good = Watch{}.encode();
  EXPECT_TRUE(Watch::decode(good));
  for (std::size_t cut = 0; cut < good.size(); ++cut) (void)Watch::decode(good.substr(0, cut));
  for (const char* bad :
       {"", "|", "1 2 3", "x|1", "-1 0 0 0 0 0 0 0 0|1 nan", "-1 0 0 0 0 0 0 0 0|2 0 0", "1 0 0 0 0 0 0 0 0|1 -5"})
    EXPECT_FALSE(Watch::decode(bad)) << bad;
}

// The sum over a table, term by term.
std::uint32_t slow_poisson(double mean, double alpha) {
  double below = 0;
  for (std::uint32_t n = 0;; ++n) {
    if (1 - below <= alpha) return n;
    below += std::exp(-mean + n * std::log(mean) - std::lgamma(n + 1.0));
  }
}

TEST(UpperBound, IsTheQuantile) {
  for (const double mean : {0.01, 0.1, 0.5, 1.0, 3.0, 10.0, 50.0, 300.0, 1500.0})
    EXPECT_EQ(upper_bound(mean, mean, 1e-4), slow_poisson(mean, 1e-4)) << mean;
  EXPECT_GT(upper_bound(10, 30, 1e-4), upper_bound(10, 10, 1e-4));
}

TEST(UpperBound, ContinuesWhereTheSumBecomesLong) {
  for (const double spread : {1.0, 5.0, 100.0}) {
    const double below = upper_bound(1999, spread * 1999, 1e-4), above = upper_bound(2001, spread * 2001, 1e-4);
    EXPECT_NEAR(above / below, 1, 0.01) << spread;
  }
}

}  // namespace
}  // namespace earshot::spike
