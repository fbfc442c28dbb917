#include "store/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "support.h"

namespace earshot::store {
namespace {

using ::testing::SizeIs;
using Group = StoreTest;

TEST_F(Group, ManyThreadsClaimEachThingOnce) {
  constexpr int threads = 8, fetches = 60;
  std::atomic<int> stored{0}, known{0}, merged{0}, failed{0};
  {
    Committer committer(*store);
    std::vector<std::thread> pollers;
    for (int t = 0; t < threads; ++t)
      pollers.emplace_back([&, t] {
        for (int n = 0; n < fetches; ++n) {
          // Two threads share a source, and all share the URLs.
          const std::string source = "s" + std::to_string(t / 2);
          Fetch fetch =
              fetch_of(source, {candidate_of(mention_of(source, std::to_string(n), "https://x/" + std::to_string(n)))});
          while (!committer.submit(std::move(fetch), [&](const Result<Committed>& committed) {
            if (!committed) {
              ++failed;
              return;
            }
            switch (committed->fates.at(0).outcome) {
              case Outcome::stored: ++stored; break;
              case Outcome::known: ++known; break;
              case Outcome::merged: ++merged; break;
              case Outcome::renamed:
              case Outcome::changed: ++failed; break;
            }
          }))
            std::this_thread::yield();
        }
      });
    for (std::thread& poller : pollers) poller.join();
  }
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(stored, fetches);
  EXPECT_EQ(known, threads / 2 * fetches);
  EXPECT_EQ(merged, (threads / 2 - 1) * fetches);
  EXPECT_THAT(*store->peek("pr", 1000), SizeIs(fetches));
}

TEST_F(Group, OneFetchThatCannotBeStoredDoesNotStopTheOthers) {
  Committer committer(*store);
  // The first holds the thread until the rest is queued, so that they form one group.
  std::promise<void> gate, entered;
  const auto open = gate.get_future().share();
  ASSERT_TRUE(committer.submit(fetch_of("first", {}), [&entered, open](const Result<Committed>&) {
    entered.set_value();
    open.wait();
  }));
  entered.get_future().wait();
  std::atomic<int> good{0}, bad{0};
  for (int i = 0; i < 10; ++i) {
    const std::string source = i == 5 ? "" : "s" + std::to_string(i);
    ASSERT_TRUE(committer.submit(fetch_of(source, {}),
                                 [&](const Result<Committed>& committed) { ++(committed ? good : bad); }));
  }
  gate.set_value();
  committer.close();
  EXPECT_EQ(good, 9);
  EXPECT_EQ(bad, 1);
}

TEST_F(Group, AFullQueueSaysNoAndLeavesTheArgumentAlone) {
  Committer committer(*store, {.waiting = 3, .items = 5, .group = 2});
  std::promise<void> gate, entered;
  const auto open = gate.get_future().share();
  std::atomic<int> done{0};
  ASSERT_TRUE(committer.submit(fetch_of("first", {}), [&entered, &done, open](const Result<Committed>&) {
    entered.set_value();
    open.wait();
    ++done;
  }));
  entered.get_future().wait();
  const auto count = [&done](const Result<Committed>& committed) {
    EXPECT_TRUE(committed);
    ++done;
  };
  EXPECT_EQ(committer.fullness(), 0.0);
  ASSERT_TRUE(
      committer.submit(fetch_of("a", {candidate_of(mention_of("a", "1")), candidate_of(mention_of("a", "2"))}), count));
  ASSERT_TRUE(committer.submit(fetch_of("b", {}), count));
  EXPECT_GT(committer.fullness(), 0.6);
  Fetch many = fetch_of("c", {});
  for (int i = 0; i < 9; ++i) many.found.push_back(candidate_of(mention_of("c", std::to_string(i))));
  EXPECT_FALSE(committer.submit(std::move(many), count)) << "too many items";
  EXPECT_THAT(many.found, SizeIs(9));  // NOLINT(bugprone-use-after-move): that is what is promised
  ASSERT_TRUE(committer.submit(fetch_of("d", {}), count));
  EXPECT_FALSE(committer.submit(fetch_of("e", {}), count)) << "too many waiting";
  EXPECT_FALSE(committer.submit(Settlement{"pr", 1, noon, Delivered{}}, [](const Status&) {}));
  EXPECT_EQ(committer.fullness(), 1.0);
  gate.set_value();
  committer.close();
  EXPECT_EQ(done, 4);
  EXPECT_FALSE(committer.submit(std::move(many), count)) << "closed";
}

TEST_F(Group, CloseWritesWhatWaits) {
  std::atomic<int> done{0};
  {
    Committer committer(*store);
    for (int i = 0; i < 300; ++i)
      ASSERT_TRUE(committer.submit(fetch_of("s" + std::to_string(i), {}), [&done](const Result<Committed>& committed) {
        EXPECT_TRUE(committed);
        ++done;
      }));
  }
  EXPECT_EQ(done, 300);
  reopen();
  int sources = 0;
  ASSERT_OK(store->each_source([&sources](std::string_view, Time) { ++sources; }));
  EXPECT_EQ(sources, 300);
}

TEST_F(Group, SettlesInGroupsToo) {
  std::vector<Candidate> found;
  for (int i = 0; i < 100; ++i) found.push_back(candidate_of(mention_of("a", std::to_string(i))));
  commit_one(*store, fetch_of("a", std::move(found)));
  std::atomic<int> done{0};
  {
    Committer committer(*store);
    for (std::uint64_t number = 1; number <= 100; ++number)
      ASSERT_TRUE(committer.submit(Settlement{"pr", number, noon, Delivered{}}, [&done](const Status& settled) {
        EXPECT_TRUE(settled);
        ++done;
      }));
  }
  EXPECT_EQ(done, 100);
  EXPECT_THAT(*store->pending(), SizeIs(0));
}

}  // namespace
}  // namespace earshot::store
