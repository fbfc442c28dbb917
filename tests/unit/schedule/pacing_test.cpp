#include "core/schedule/pacing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

// GCC 12 takes fields that a designated initialiser leaves at their defaults for forgotten ones.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace earshot::schedule {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using Kind = Outcome::Kind;
using Items = std::vector<std::optional<Time>>;

const Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 12h};  // a Monday noon

Outcome ok(const Items& items = {}) {
  Outcome outcome;
  outcome.new_items = items;
  return outcome;
}

Outcome of(Kind kind, std::optional<Duration> retry_after = {}) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.retry_after = retry_after;
  return outcome;
}

// The items of a document: one every `gap` up to shortly before `now`.
Items every(Duration gap, std::size_t count, Time now = kNow) {
  Items items;
  for (std::size_t i = 0; i < count; ++i) items.emplace_back(now - gap / 2 - gap * static_cast<std::int64_t>(i));
  return items;
}

Duration interval(const Items& history, const Policy& policy = {}) {
  State state;
  return next_due(state, ok(history), policy, kNow, 1ull << 63) - kNow;
}

TEST(Pacing, ASourceFindsItsPaceFromItsFirstDocument) {
  EXPECT_NEAR(interval(every(1h, 20)) / 1.0min, 10, 5);
  EXPECT_LT(interval(every(10min, 20)), interval(every(1h, 20)));
  EXPECT_LT(interval(every(1h, 20)), interval(every(24h, 20)));
  EXPECT_LT(interval(every(24h, 20)), interval(every(24h * 30, 20)));
}

TEST(Pacing, StaysWithinItsBounds) {
  EXPECT_EQ(interval(every(1s, 500)), 5min);
  const Policy slow{.min = 1h, .max = 2h};
  EXPECT_GE(interval(every(1min, 100), slow), 1h);
  EXPECT_LE(interval(every(24h * 365, 5), slow), 2h * 1.05);
}

TEST(Pacing, ASourceWithoutHistoryIsAskedWithinTheHour) {
  EXPECT_GE(interval({}), 30min);
  EXPECT_LE(interval({}), 90min);
  EXPECT_LE(interval({std::nullopt, std::nullopt}), 90min);
}

TEST(Pacing, LearnsTheHoursOfTheWeek) {
  State state;
  Items office;  // four an hour from 9 to 12 on working days, for four weeks
  for (Time day = kNow - days{28}; day < kNow; day += days{1})
    if (const auto weekday = std::chrono::weekday{std::chrono::floor<days>(day)}.c_encoding(); weekday % 6 != 0)
      for (int quarter = 0; quarter < 12; ++quarter)
        office.emplace_back(std::chrono::floor<days>(day) + 9h + 15min * quarter);
  std::erase_if(office, [](const auto& t) { return *t > kNow; });
  next_due(state, ok(office), {}, kNow, 0);
  const Time tuesday = std::chrono::floor<days>(kNow) + days{1};
  const Duration morning = next_due(state, ok(), {}, tuesday + 10h, 1ull << 63) - (tuesday + 10h);
  const Duration night = next_due(state, ok(), {}, tuesday + 22h, 1ull << 63) - (tuesday + 22h);
  EXPECT_LT(morning * 4, night);
}

TEST(Pacing, AnItemMakesItLookAgainSoon) {
  State quiet, excited;
  next_due(quiet, ok(every(24h, 20)), {}, kNow, 0);
  next_due(excited, ok(every(24h, 20)), {}, kNow, 0);
  const Time later = kNow + 30min;
  const Duration without = next_due(quiet, ok(), {}, later, 0) - later;
  const Duration with = next_due(excited, ok({later - 1min}), {}, later, 0) - later;
  EXPECT_LT(with, without);
}

TEST(Pacing, NeverSoonerThanTheAnswerIsFresh) {
  State state;
  Outcome outcome = ok();
  outcome.fresh_for = 3h;
  EXPECT_GE(next_due(state, outcome, {}, kNow, 0), kNow + 3h);
  outcome.fresh_for = days{365};  // a mistake: believed for a day
  EXPECT_LE(next_due(state, outcome, {}, kNow, 0), kNow + 24h);
}

TEST(Pacing, TheDocumentsWordHoldsOver304s) {
  State state;
  Outcome outcome = ok();
  outcome.document = DocumentWord{.ttl = 4h};
  next_due(state, outcome, {}, kNow, 0);
  EXPECT_GE(next_due(state, ok(), {}, kNow + 4h, 0), kNow + 8h);
  outcome.document = DocumentWord{};
  EXPECT_LT(next_due(state, outcome, {}, kNow + 8h, 0), kNow + 12h);
}

// What is asked of a document that is new at 10 past each of `period`.
Outcome at_ten_past(Duration period, Duration turns = Duration{0}) {
  Outcome outcome = ok();
  outcome.document = DocumentWord{.ttl = period, .update_base = kNow + 10min + turns};
  return outcome;
}

TEST(Pacing, WaitsForTheNextInstantOfAnUpdateBase) {
  for (const Duration turns : {0h, 4h, -4h, 4h * 100'000, -4h * 100'000}) {
    State least, most;
    EXPECT_EQ(next_due(least, at_ten_past(4h, turns), {}, kNow + 8h - 2h, 0), kNow + 8h + 10min);
    const Time due = next_due(most, at_ten_past(4h, turns), {}, kNow + 8h - 2h, UINT64_MAX);
    EXPECT_GT(due, kNow + 8h + 14min);  // not everybody at the same instant
    EXPECT_LE(due, kNow + 8h + 15min);
  }
  State state;  // at an instant: the next one
  EXPECT_EQ(next_due(state, at_ten_past(24h), {}, kNow + 10min, 0), kNow + 24h + 10min);
}

TEST(Pacing, AnUpdateBaseHoldsOver304s) {
  State state;
  Time now = next_due(state, at_ten_past(24h), {}, kNow + 3h, 77);
  for (int day = 1; day < 5; ++day) {
    EXPECT_GE(now, kNow + 24h * day + 10min);
    EXPECT_LE(now, kNow + 24h * day + 15min);
    state = *State::decode(state.encode());
    now = next_due(state, ok(), {}, now, UINT64_MAX / 3 * 2);
  }
  Outcome outcome = ok();  // until a document says otherwise
  outcome.document = DocumentWord{.ttl = 23h};
  EXPECT_GE(next_due(state, outcome, {}, now, 0), now + 23h);
}

TEST(Pacing, AnUpdateBaseNeitherShortensNorExceedsWhatElseHolds) {
  State state;
  EXPECT_GE(next_due(state, at_ten_past(4h), {}, kNow + 9min, 0), kNow + 14min);  // policy.min
  Outcome outcome = at_ten_past(4h);
  outcome.fresh_for = 6h;
  EXPECT_EQ(next_due(state, outcome, {}, kNow, 0), kNow + 6h);
  EXPECT_LE(next_due(state, at_ten_past(days{365}), {}, kNow + 11min, UINT64_MAX), kNow + 11min + 24h + 5min);
  EXPECT_EQ(state.wish, 24h);
  next_due(state, at_ten_past(20h), {}, kNow, 0);
  EXPECT_EQ(state.wish, 20h);  // what it costs in the long run, however near the first instant is
}

TEST(Pacing, AnUpdateBaseThatCannotBeDoesNoHarm) {
  for (const Time base : {Time::min(), Time::max(), Time{}, Time{Duration{-62'167'219'200'000}}})
    for (const Duration ttl :
         {Duration{0}, Duration{1}, Duration{-1}, Duration::min(), Duration::max(), Duration{24h}}) {
      State state;
      Outcome outcome = ok();
      outcome.document = DocumentWord{.ttl = ttl, .update_base = base};
      const Time due = next_due(state, outcome, {}, kNow, UINT64_MAX);
      EXPECT_GE(due, kNow + 5min);
      EXPECT_LE(due, kNow + 26h);
    }
}

TEST(Pacing, LeavesOutSkippedHoursAndDays) {
  State state;
  const Items items = every(30min, 20);
  Outcome outcome = ok(items);
  outcome.document = DocumentWord{.skip_hours = 0x00fff000};  // 12 to 24
  const Time due = next_due(state, outcome, {}, kNow, 0);
  EXPECT_EQ(std::chrono::floor<std::chrono::hours>(due), std::chrono::floor<days>(kNow) + days{1});
  outcome.document = DocumentWord{.skip_days = 0x7e};  // all but Sunday
  EXPECT_EQ(std::chrono::floor<days>(next_due(state, outcome, {}, kNow, 0)), std::chrono::floor<days>(kNow) + days{6});
  outcome.document = DocumentWord{.skip_hours = 0xffffff, .skip_days = 0x7f};  // no time at all is no word
  EXPECT_LT(next_due(state, outcome, {}, kNow, 0), kNow + 2h);
}

TEST(Pacing, FailuresBackOffAndRecoverAtOnce) {
  State state;
  next_due(state, ok(every(1h, 20)), {}, kNow, 0);
  const Duration healthy = state.next_due - kNow;
  Duration before{0};
  for (int n = 1; n < 9; ++n) {
    const Duration wait = next_due(state, of(Kind::failed), {}, kNow, 0) - kNow;
    EXPECT_GE(wait, 5min);
    EXPECT_GT(wait, before);
    before = wait;
  }
  for (int n = 0; n < 100'000; ++n) EXPECT_LE(next_due(state, of(Kind::failed), {}, kNow, UINT64_MAX), kNow + 24h);
  EXPECT_LE(next_due(state, ok(), {}, kNow, 0) - kNow, healthy * 2);
  EXPECT_EQ(state.failures, 0);
}

TEST(Pacing, A429SlowsDownAndIsForgivenStepByStep) {
  State state;
  next_due(state, ok(every(1h, 20)), {}, kNow, 0);
  const Duration healthy = state.next_due - kNow;
  const Duration once = next_due(state, of(Kind::throttled), {}, kNow, 0) - kNow;
  const Duration twice = next_due(state, of(Kind::throttled), {}, kNow, 0) - kNow;
  EXPECT_GT(once, healthy * 3 / 2);
  EXPECT_GT(twice, once * 3 / 2);
  next_due(state, ok(), {}, kNow, 0);
  next_due(state, ok(), {}, kNow, 0);
  EXPECT_LE(next_due(state, ok(), {}, kNow, 0) - kNow, healthy * 3 / 2);
  for (int n = 0; n < 100; ++n) EXPECT_LE(next_due(state, of(Kind::throttled), {}, kNow, 0), kNow + 26h);
}

TEST(Pacing, ObeysRetryAfterOnAnyStatus) {
  for (const Kind kind : {Kind::ok, Kind::throttled, Kind::failed}) {
    State state;
    EXPECT_GE(next_due(state, of(kind, 30h), {}, kNow, 0), kNow + 30h);
    EXPECT_LE(next_due(state, of(kind, days{1000}), {}, kNow, UINT64_MAX), kNow + days{8});
  }
}

TEST(Pacing, GoneEndsItForGood) {
  State state;
  EXPECT_EQ(next_due(state, of(Kind::gone), {}, kNow, 0), kNever);
  EXPECT_EQ(next_due(state, ok(), {}, kNow, 0), kNever);
  EXPECT_EQ(State::decode(state.encode())->next_due, kNever);
}

TEST(Pacing, TheBudgetStretchesTheSourcesPaceNotTheServersWord) {
  State state;
  next_due(state, ok(every(1h, 20)), {}, kNow, 0);
  const Duration plain = state.next_due - kNow;
  State stretched;
  next_due(stretched, ok(every(1h, 20)), {.stretch = 3}, kNow, 0);
  EXPECT_NEAR((stretched.next_due - kNow) / 1.0s, plain / 1.0s * 3, 1);
  EXPECT_EQ(stretched.wish, state.wish);
}

TEST(Pacing, JitterIsSmallAndBothWays) {
  State a, b;
  const Items history = every(3h, 20);
  const auto least = next_due(a, ok(history), {}, kNow, 0) - kNow;
  const auto most = next_due(b, ok(history), {}, kNow, UINT64_MAX) - kNow;
  EXPECT_NEAR(most / 1.0s, least / 1.0s * 1.05 / 0.95, 2);
}

TEST(State, SurvivesTheStore) {
  State state;
  const Items items = every(5h, 30);
  Outcome outcome = ok(items);
  outcome.document = DocumentWord{.ttl = 15min, .skip_hours = 6, .skip_days = 1};
  next_due(state, outcome, {}, kNow, 12345);
  next_due(state, of(Kind::throttled), {}, kNow + 1h, 12345);
  next_due(state, of(Kind::failed), {}, kNow + 2h, 12345);
  const std::string bytes = state.encode();
  EXPECT_LE(bytes.size(), 200u);
  auto back = State::decode(bytes);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->encode(), bytes);
  EXPECT_EQ(back->next_due, state.next_due);
  EXPECT_EQ(back->failures, 1);
  const Time later = kNow + 6h;
  const Duration difference = next_due(*back, ok(), {}, later, 7) - next_due(state, ok(), {}, later, 7);
  EXPECT_LE(std::chrono::abs(difference), 2s);
}

TEST(State, AnUpdateBaseSurvivesTheStore) {
  State state;
  next_due(state, at_ten_past(1h), {}, kNow, 0);
  const auto back = State::decode(state.encode());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->document.update_base, kNow + 10min);
  EXPECT_EQ(back->encode(), state.encode());
}

// What was written before there were update bases: version 1, all fields of fixed length.
TEST(State, ReadsWhatAnOlderEarshotWrote) {
  std::string bytes(State{}.encode().size(), '\0');
  bytes[0] = 1;
  EXPECT_EQ(State{}.encode(), bytes);  // and an older one reads what has none
  const auto state = State::decode(bytes);
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->document.update_base, std::nullopt);
}

TEST(State, RefusesWhatItDidNotWrite) {
  State with_base;
  with_base.document.update_base = kNow;
  for (const State& state : {State{}, with_base}) {
    const std::string bytes = state.encode();
    for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(State::decode(bytes.substr(0, n))) << n;
    EXPECT_FALSE(State::decode(bytes + "x"));
    EXPECT_FALSE(State::decode("\x7f" + bytes.substr(1)));
  }
}

// Whatever comes, the next poll is in the future and no sooner than the operator allows, and the state stays storable.
TEST(Pacing, HoldsItsBoundsWhateverComes) {
  std::mt19937_64 random(5);
  const auto any = [&](std::int64_t below) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below));
  };
  for (int source = 0; source < 300; ++source) {
    State state;
    Policy policy;
    policy.min = Duration{1000 + any(3'600'000)};
    policy.max = policy.min + Duration{any(86'400'000)};
    policy.stretch = any(2) ? 1.0 : 4.0;
    Time now = kNow;
    for (int poll = 0; poll < 60; ++poll) {
      Items items;
      for (auto n = any(8); n > 0; --n)
        items.push_back(any(4) ? std::optional{now + Duration{any(1ll << 40) - (1ll << 39)}} : std::nullopt);
      Outcome outcome = ok(items);
      outcome.kind = static_cast<Kind>(any(3));
      if (any(3) == 0) outcome.retry_after = Duration{any(1ll << 50) - 1000};
      if (any(3) == 0) outcome.fresh_for = Duration{any(1ll << 50)};
      if (any(3) == 0)
        outcome.document = DocumentWord{
            Duration{any(1ll << 50)}, static_cast<std::uint32_t>(random()), static_cast<std::uint32_t>(random()),
            any(2) ? std::optional{from_ms(static_cast<std::int64_t>(random()))} : std::nullopt};
      const Time due = next_due(state, outcome, policy, now, random());
      ASSERT_GE(due, now + policy.min);
      ASSERT_LE(due, now + days{20});
      const auto back = State::decode(state.encode());
      ASSERT_TRUE(back);
      state = *back;
      now = any(10) == 0 ? now - Duration{any(1ll << 38)} : due;  // clocks are set back
    }
  }
}

TEST(FirstDue, ANewSourceIsPolledNow) {
  EXPECT_EQ(first_due(UINT64_MAX, kNow, 1), kNow);
  EXPECT_EQ(first_due(UINT64_MAX, kNow, 20), kNow);
}

// The most that fall into one second, of sources with random names.
template <class Due>
std::size_t busiest_second(std::size_t count, Due due) {
  std::mt19937_64 random(3);
  std::vector<std::size_t> seconds(100'000);
  for (std::size_t i = 0; i < count; ++i) ++seconds.at(static_cast<std::size_t>((due(random()) - kNow) / 1s));
  return std::ranges::max(seconds);
}

TEST(FirstDue, ManyNewOnesAreSpread) {
  EXPECT_LT(busiest_second(10'000, [](auto hash) { return first_due(hash, kNow, 10'000); }), 45u);
}

TEST(ResumeDue, ARestartKeepsWhatIsInTheFuture) { EXPECT_EQ(resume_due(kNow + 5s, 1, kNow, 9, 1, 24h), kNow + 5s); }

TEST(ResumeDue, ARestartSpreadsWhatIsOverdue) {
  const auto due = [](auto hash) { return resume_due(kNow - 3h, hash, kNow, 10'000, 20, 24h); };
  EXPECT_LT(busiest_second(10'000, due), 45u);
  EXPECT_EQ(due(7), due(7));
  EXPECT_LE(resume_due(kNow - 1h, UINT64_MAX, kNow, 1'000'000, 1, 24h), kNow + 24h);
}

}  // namespace
}  // namespace earshot::schedule
