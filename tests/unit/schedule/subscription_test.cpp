#include "core/schedule/subscription.h"

#include <gtest/gtest.h>

namespace earshot::schedule {
namespace {

using namespace std::chrono_literals;
using State = Subscription::State;
constexpr Time kNow = from_ms(1'790'000'000'000);

Subscription fresh() { return subscribe("https://hub.example/", "https://a.example/feed", "key", "secret", kNow); }

TEST(Subscription, IsAskedForAtOnceAndRenewedBeforeItsLeaseEnds) {
  Subscription s = fresh();
  EXPECT_EQ(s.next, kNow);
  EXPECT_FALSE(s.pushes());
  accepted(s, kNow);
  EXPECT_EQ(s.next, kNow + 1h);
  confirmed(s, 10 * 24h, kNow + 1s);
  EXPECT_TRUE(s.pushes());
  EXPECT_EQ(s.since, kNow + 1s);
  EXPECT_EQ(s.next, kNow + 1s + 9 * 24h);
  confirmed(s, 10 * 24h, s.next);
  EXPECT_EQ(s.since, kNow + 1s);  // of the state: it went on
}

TEST(Subscription, NeitherTinyNorEndlessLeasesAreBelieved) {
  Subscription s = fresh();
  confirmed(s, 1s, kNow);
  EXPECT_GE(s.next, kNow + 4min);
  confirmed(s, 24h * 36'500, kNow);
  EXPECT_LE(s.next, kNow + 24h * 90);
}

TEST(Subscription, AHubThatCannotBeReachedIsAskedLessAndLessOften) {
  Subscription s = fresh();
  Duration before{0};
  for (int i = 0; i < 6; ++i) {
    failed(s, "connection refused", kNow, ~std::uint64_t{0});
    EXPECT_GT(s.next - kNow, before);
    before = s.next - kNow;
  }
  for (int i = 0; i < 50; ++i) failed(s, "connection refused", kNow, ~std::uint64_t{0});
  EXPECT_LE(s.next - kNow, 12h);
  EXPECT_EQ(s.reason, "connection refused");
  confirmed(s, 24h, kNow);
  EXPECT_EQ(s.failures, 0U);
  EXPECT_EQ(s.reason, "");
}

TEST(Subscription, ARefusalHoldsForADayAtLeast) {
  Subscription s = fresh();
  refused(s, "denied: no", kNow, 0);
  EXPECT_EQ(s.state, State::refused);
  EXPECT_GE(s.next, kNow + 24h);
}

TEST(Subscription, AHubThatDoesNotPushIsFoundOut) {
  Subscription s = fresh();
  missed(s, kNow, 0);  // not confirmed yet: nothing was promised
  EXPECT_EQ(s.missed, 0U);
  confirmed(s, 24h * 10, kNow);
  missed(s, kNow, 0);
  missed(s, kNow, 0);
  pushed(s);
  missed(s, kNow, 0);
  missed(s, kNow, 0);
  EXPECT_TRUE(s.pushes());
  missed(s, kNow, 0);
  EXPECT_EQ(s.state, State::refused);
  EXPECT_NE(s.reason.find("does not push"), std::string::npos);
}

TEST(Subscription, IsReadAsItWasWritten) {
  Subscription s = fresh();
  confirmed(s, 24h, kNow);
  failed(s, "it answered 500", kNow + 1h, 7);
  const auto read = Subscription::decode(s.encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->encode(), s.encode());
  EXPECT_EQ(read->topic, s.topic);
  EXPECT_EQ(read->reason, s.reason);
  EXPECT_EQ(read->next, s.next);
  const std::string bytes = s.encode();
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(Subscription::decode(bytes.substr(0, n))) << n;
  EXPECT_FALSE(Subscription::decode(bytes + "x"));
}

}  // namespace
}  // namespace earshot::schedule
