// Hand-overs between the loop and the workers: everything comes back once, whatever happens to either side.
#include "run/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <thread>
#include <vector>

#include "net/asio/asio.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;

template <class F>
asio::awaitable<void> give(Workers& workers, F f, std::vector<std::string>& to) {
  to.push_back(co_await workers.run(std::move(f)));
}

void rethrow(const std::exception_ptr& bug) {
  if (bug) std::rethrow_exception(bug);
}

TEST(Workers, GiveBackWhatWasComputedOnAnotherThread) {
  asio::io_context io{1};
  Workers workers{2};
  std::vector<std::string> got;
  std::thread::id there;
  asio::co_spawn(io,
                 give(
                     workers, [&] { return there = std::this_thread::get_id(), std::string("done"); }, got),
                 rethrow);
  io.run();
  EXPECT_EQ(got, std::vector<std::string>{"done"});
  EXPECT_NE(there, std::this_thread::get_id());
}

TEST(Workers, ThousandsOfJobsAllComeBackToTheLoop) {
  asio::io_context io{1};
  Workers workers{3};
  const auto here = std::this_thread::get_id();
  int done = 0, sum = 0, elsewhere = 0;
  auto one = [&](int i) -> asio::awaitable<void> {
    for (int round = 0; round < 5; ++round) {
      auto job = [i] { return i; };
      sum += co_await workers.run(std::move(job));
      elsewhere += std::this_thread::get_id() != here ? 1 : 0;
    }
    ++done;
  };
  for (int i = 0; i < 2000; ++i) asio::co_spawn(io, one(i), rethrow);
  io.run();
  EXPECT_EQ(done, 2000);
  EXPECT_EQ(sum, 5 * 1999 * 1000);
  EXPECT_EQ(elsewhere, 0);
}

TEST(Workers, WhatAJobThrowsComesBack) {
  asio::io_context io{1};
  Workers workers{1};
  std::string said;
  auto one = [&]() -> asio::awaitable<void> {
    auto job = [] { throw std::runtime_error("no"); };
    try {
      co_await workers.run(std::move(job));
    } catch (const std::runtime_error& e) {
      said = e.what();
    }
  };
  asio::co_spawn(io, one(), rethrow);
  io.run();
  EXPECT_EQ(said, "no");
}

TEST(Workers, ACoroutineThatThrowsDoesNotHoldUpTheOthers) {
  asio::io_context io{1};
  Workers workers{1};
  int done = 0;
  auto one = [&](int i) -> asio::awaitable<void> {
    auto job = [] { return 1; };
    co_await workers.run(std::move(job));
    if (i % 3 == 0) throw std::runtime_error("out");
    ++done;
  };
  for (int i = 0; i < 30; ++i) asio::co_spawn(io, one(i), rethrow);
  int thrown = 0;
  for (bool more = true; more;) try {
      io.run();
      more = false;
    } catch (const std::exception&) {  // one for all that came home together
      ++thrown;
    }
  EXPECT_EQ(done, 20);
  EXPECT_GE(thrown, 1);
}

TEST(Workers, ASlowJobDoesNotKeepOthersFromAnIdleWorker) {
  asio::io_context io{1};
  Workers workers{2};
  std::atomic<bool> go = false;
  std::vector<std::string> got;
  asio::co_spawn(io,
                 give(
                     workers, [&] { return go.wait(false), std::string("slow"); }, got),
                 rethrow);
  asio::co_spawn(io,
                 give(
                     workers, [&] { return std::string("swift"); }, got),
                 rethrow);
  while (got.empty()) io.run_one();
  go = true;
  go.notify_all();
  io.run();
  EXPECT_EQ(got, (std::vector<std::string>{"swift", "slow"}));
}

TEST(Workers, JoinWaitsForWhatWasBegun) {
  asio::io_context io{1};
  Workers workers{1};
  std::atomic<int> ran = 0;
  auto one = [&]() -> asio::awaitable<void> {
    auto job = [&] { ++ran; };
    co_await workers.run(std::move(job));
  };
  for (int i = 0; i < 10; ++i) asio::co_spawn(io, one(), rethrow);
  for (int i = 0; i < 10; ++i) io.run_one();  // begun, not yet handed over
  workers.join();
  EXPECT_EQ(ran, 10);
  io.run();
}

// Under AddressSanitizer this also tells whether a frame was lost.
TEST(Workers, WhatNeverComesBackIsDestroyed) {
  int destroyed = 0;
  struct Witness {
    int& count;
    ~Witness() { ++count; }
  };
  {
    asio::io_context io{1};
    std::atomic<bool> go = false;
    Workers workers{1};
    auto one = [&]() -> asio::awaitable<void> {
      const Witness witness{destroyed};
      auto job = [&] { go.wait(false); };
      co_await workers.run(std::move(job));
    };
    for (int i = 0; i < 5; ++i) asio::co_spawn(io, one(), rethrow);
    for (int i = 0; i < 6; ++i) io.run_one();
    go = true;
    go.notify_all();
  }
  EXPECT_EQ(destroyed, 5);
}

TEST(Workers, TwoLoopsMayShareThem) {
  Workers workers{2};
  std::atomic<int> done = 0;
  std::vector<std::thread> loops;
  for (int loop = 0; loop < 2; ++loop)
    loops.emplace_back([&] {
      asio::io_context io{1};
      auto one = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 200; ++i) {
          auto job = [] { return std::this_thread::get_id(); };
          const auto here = std::this_thread::get_id();
          const auto there = co_await workers.run(std::move(job));
          done += here == std::this_thread::get_id() && there != here ? 1 : 0;
        }
      };
      for (int i = 0; i < 10; ++i) asio::co_spawn(io, one(), rethrow);
      io.run();
    });
  for (std::thread& loop : loops) loop.join();
  EXPECT_EQ(done, 2 * 10 * 200);
}

}  // namespace
}  // namespace earshot::run
