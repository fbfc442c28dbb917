#include "core/schedule/queue.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace earshot::schedule {
namespace {

TEST(Queue, GivesTheFirstThatIsDue) {
  Queue queue;
  EXPECT_FALSE(queue.next_time());
  queue.set(3, from_ms(300));
  queue.set(1, from_ms(100));
  queue.set(2, from_ms(200));
  EXPECT_EQ(queue.next_time(), from_ms(100));
  EXPECT_FALSE(queue.pop_due(from_ms(99)));
  EXPECT_EQ(queue.pop_due(from_ms(250)), 1u);
  EXPECT_EQ(queue.pop_due(from_ms(250)), 2u);
  EXPECT_FALSE(queue.pop_due(from_ms(250)));
  EXPECT_EQ(queue.size(), 1u);
}

TEST(Queue, MovesASourceThatIsSetAgain) {
  Queue queue;
  queue.set(0, from_ms(10));
  queue.set(1, from_ms(20));
  queue.set(0, from_ms(30));
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.pop_due(from_ms(100)), 1u);
  EXPECT_EQ(queue.pop_due(from_ms(100)), 0u);
}

TEST(Queue, ErasesAndForgives) {
  Queue queue;
  queue.erase(5);
  queue.set(5, from_ms(1));
  EXPECT_TRUE(queue.contains(5));
  queue.erase(5);
  queue.erase(5);
  EXPECT_FALSE(queue.contains(5));
  EXPECT_FALSE(queue.pop_due(Time::max()));
}

// Against an ordered set, through some ten thousand random acts.
TEST(Queue, BehavesAsAnOrderedSet) {
  std::mt19937_64 random(7);
  Queue queue;
  std::map<std::uint32_t, Time> due;
  std::set<std::pair<Time, std::uint32_t>> order;
  for (int act = 0; act < 20'000; ++act) {
    const auto source = static_cast<std::uint32_t>(random() % 300);
    if (const auto was = due.find(source); was != due.end() && random() % 8 != 0) {
      order.erase({was->second, source});
      due.erase(was);
      if (random() % 2) {
        queue.erase(source);
      } else {
        const Time at = from_ms(static_cast<std::int64_t>(random() % 1000));
        queue.set(source, at);
        due[source] = at;
        order.emplace(at, source);
      }
      ASSERT_EQ(queue.contains(source), due.contains(source));
    } else if (random() % 3 == 0) {
      const Time now = from_ms(static_cast<std::int64_t>(random() % 1000));
      const auto popped = queue.pop_due(now);
      if (order.empty() || order.begin()->first > now) {
        ASSERT_FALSE(popped);
      } else {
        ASSERT_EQ(popped, order.begin()->second);
        due.erase(*popped);
        order.erase(order.begin());
      }
    } else {
      if (due.contains(source)) order.erase({due[source], source});
      const Time at = from_ms(static_cast<std::int64_t>(random() % 1000));
      queue.set(source, at);
      due[source] = at;
      order.emplace(at, source);
    }
    ASSERT_EQ(queue.size(), order.size());
    ASSERT_EQ(queue.next_time(), order.empty() ? std::nullopt : std::optional{order.begin()->first});
  }
}

}  // namespace
}  // namespace earshot::schedule
