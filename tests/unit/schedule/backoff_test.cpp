#include "core/schedule/backoff.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace earshot::schedule {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kLeast = 0, kMost = UINT64_MAX;

TEST(Backoff, DoublesUpToTheCap) {
  EXPECT_EQ(backoff(kDelivery, 1, std::nullopt, kLeast), 2500ms);
  EXPECT_EQ(backoff(kDelivery, 2, std::nullopt, kLeast), 5s);
  EXPECT_EQ(backoff(kDelivery, 5, std::nullopt, kLeast), 40s);
  EXPECT_EQ(backoff(kDelivery, 60, std::nullopt, kLeast), 30min);
  EXPECT_EQ(backoff(kDelivery, UINT32_MAX, std::nullopt, kLeast), 30min);
}

TEST(Backoff, LeavesHalfToChance) {
  for (unsigned failures = 1; failures < 40; ++failures) {
    const Duration least = backoff(kDelivery, failures, std::nullopt, kLeast);
    const Duration most = backoff(kDelivery, failures, std::nullopt, kMost);
    EXPECT_GE(most, least * 2 - 2ms);
    EXPECT_LE(most, least * 2);
    EXPECT_LE(most, kDelivery.cap);
  }
}

TEST(Backoff, ObeysRetryAfterInFull) {
  for (const std::uint64_t random : {kLeast, kMost / 3, kMost}) {
    const Duration wait = backoff(kDelivery, 1, 10min, random);
    EXPECT_GE(wait, 10min);
    EXPECT_LE(wait, 11min);
  }
}

TEST(Backoff, KeepsItsOwnWaitWhenRetryAfterIsShorter) {
  EXPECT_EQ(backoff(kDelivery, 8, 1s, kLeast), backoff(kDelivery, 8, std::nullopt, kLeast));
}

TEST(Backoff, CapsWhatTheOtherSideAsksFor) {
  EXPECT_LE(backoff(kDelivery, 1, 24h * 365, kMost), 27h);
  EXPECT_GE(backoff(kDelivery, 1, -5s, kLeast), Duration{0});
}

}  // namespace
}  // namespace earshot::schedule
