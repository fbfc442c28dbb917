// SIGKILL at any instant: a child commits random fetches and settles deliveries until it is killed; whatever it said
// was done must be there afterwards, whole and once, and what it was doing is there whole or not at all.
// EARSHOT_CRASH_ROUNDS: how many kills (default 30).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "store/committer.h"
#include "support.h"

namespace earshot::store {
namespace {

// What the child says through a pipe. A record is written in one piece (it is smaller than PIPE_BUF), so what was read
// is whole.
struct Said {
  enum What : std::uint8_t { trying = 1, committed, settled } what;
  std::uint8_t outcomes[4] = {};  // 1 + Outcome, of a committed fetch's items
  std::uint32_t run = 0, fetch = 0;
  std::uint64_t delivery = 0;
};

constexpr int sources = 5, items_per_fetch = 4;

// Fetch n of a run, the same whenever it is asked for: a few items, some of them known, some with URLs that other
// sources share.
Fetch make_fetch(std::uint32_t run, std::uint32_t n) {
  std::minstd_rand random(run * 7919 + n + 1);
  const std::string source = "s" + std::to_string(random() % sources);
  std::vector<Candidate> found;
  std::set<std::string> used;
  while (found.size() < items_per_fetch) {
    const auto number = random() % (100 + run * 40);
    const std::string item = std::to_string(number);
    if (!used.insert(item).second) continue;
    found.push_back(candidate_of(mention_of(source, item, "https://x.example/" + std::to_string(number / 2), {"brand"},
                                            noon + Duration{run * 1000 + n})));
    found.back().mention.item.content = std::string(random() % (n % 3 == 0 ? 60'000 : 600), 'x');
  }
  Fetch fetch = fetch_of(source, std::move(found));
  fetch.source.plugin_state = std::to_string(run) + "/" + std::to_string(n);
  fetch.notes = {{"last/" + source, fetch.source.plugin_state}};
  return fetch;
}

void say(int to, const Said& said) {
  if (::write(to, &said, sizeof said) != sizeof said) ::_exit(3);
}

[[noreturn]] void child(const std::filesystem::path& path, std::uint32_t run, int to) {
  // Little memory and large texts: the kill also hits flushes and compactions.
  auto store = Store::open(path, {.memory_bytes = 16 << 20});
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().message.c_str());
    ::_exit(2);
  }
  Committer committer(**store);
  std::atomic<int> waiting{0};
  std::minstd_rand random(run);
  for (std::uint32_t n = 0;; ++n) {
    say(to, {Said::trying, {}, run, n, 0});
    ++waiting;
    const auto done = [&waiting, run, n, to](const Result<Committed>& committed) {
      if (!committed) ::_exit(4);
      Said said{Said::committed, {}, run, n, 0};
      for (std::size_t i = 0; i < committed->fates.size(); ++i)
        said.outcomes[i] = static_cast<std::uint8_t>(1 + static_cast<int>(committed->fates[i].outcome));
      say(to, said);
      --waiting;
    };
    while (!committer.submit(make_fetch(run, n), done)) std::this_thread::yield();
    while (waiting > 20) std::this_thread::yield();
    if (random() % 8 != 0) continue;
    const auto owed = (*store)->peek("pr", 3);
    if (!owed) ::_exit(5);
    for (const Delivery& delivery : *owed) {
      const Settlement settlement{"pr", delivery.number, noon, Delivered{}};
      if (!(*store)->settle({&settlement, 1})) ::_exit(6);
      say(to, {Said::settled, {}, run, 0, delivery.number});
    }
  }
}

// What must be there, from what was said. Ids of mentions are those of source and item.
struct Book {
  std::set<std::string> stored, maybe;  // maybe: of fetches that were not acknowledged
  std::set<std::uint64_t> settled;
  std::size_t fetches = 0;

  void hear(const std::vector<Said>& all) {
    std::set<std::uint32_t> acknowledged;
    for (const Said& said : all)
      if (said.what == Said::committed) {
        acknowledged.insert(said.fetch);
        ++fetches;
        const Fetch fetch = make_fetch(said.run, said.fetch);
        for (std::size_t i = 0; i < fetch.found.size(); ++i) {
          const std::string& id = fetch.found[i].mention.id;
          if (said.outcomes[i] == 1 + static_cast<int>(Outcome::stored)) {
            // Once only: neither before nor by a fetch of this run.
            EXPECT_TRUE(stored.insert(id).second) << id << " was new twice";
          }
        }
      } else if (said.what == Said::settled) {
        settled.insert(said.delivery);
      }
    for (const Said& said : all)
      if (said.what == Said::trying && !acknowledged.contains(said.fetch))
        for (const Candidate& candidate : make_fetch(said.run, said.fetch).found) maybe.insert(candidate.mention.id);
  }

  void check(Store& store) {
    std::map<std::string, int> owed;
    std::uint64_t after = 0;
    for (;;) {
      const auto page = store.peek("pr", 1000, after);
      ASSERT_OK(page);
      if (page->empty()) break;
      for (const Delivery& delivery : *page) {
        ++owed[delivery.alert.mentions.at(0).id];
        EXPECT_FALSE(settled.contains(delivery.number)) << "settled, and owed again";
        after = delivery.number;
      }
    }
    std::set<std::string> kept;
    MentionQuery query;
    query.limit = 1000;
    for (;;) {
      const auto page = store.mentions(query);
      ASSERT_OK(page);
      for (const Mention& mention : page->mentions) {
        EXPECT_TRUE(kept.insert(mention.id).second) << mention.id << " is there twice";
        const auto by_id = store.mention(mention.id);
        ASSERT_OK(by_id);
        EXPECT_TRUE(*by_id) << mention.id << " has no id row";
        // Its alert is owed, or was delivered: the same instant made both.
        const auto trail = store.trail(mention.id);
        ASSERT_OK(trail);
        EXPECT_EQ(owed[mention.id] + static_cast<int>((*trail)->deliveries.size()), 1) << mention.id;
      }
      query.cursor = page->next;
      if (page->next.empty()) break;
    }
    for (const std::string& id : stored) EXPECT_TRUE(kept.contains(id)) << id << " was acknowledged and is lost";
    for (const std::string& id : kept)
      EXPECT_TRUE(stored.contains(id) || maybe.contains(id)) << id << " came from nowhere";
    stored = kept;  // what was in flight and got there is there for good
    maybe.clear();
    // Each of a fetch's rows or none: the source's state and the note it came with agree.
    for (int i = 0; i < sources; ++i) {
      const std::string name = "s" + std::to_string(i);
      const auto source = store.source(name);
      const auto note = store.note("last/" + name);
      ASSERT_OK(source);
      ASSERT_OK(note);
      EXPECT_EQ(source->has_value(), note->has_value());
      if (*source && *note) {
        EXPECT_EQ((*source)->plugin_state, **note);
      }
    }
  }
};

// RocksDB's threads do not survive a fork, so the child is this program anew, told to run the test below it.
[[noreturn]] void become_child(const std::filesystem::path& path, std::uint32_t run, int to) {
  ::setenv("EARSHOT_CRASH_STORE", path.c_str(), 1);
  ::setenv("EARSHOT_CRASH_RUN", std::to_string(run).c_str(), 1);
  ::setenv("EARSHOT_CRASH_PIPE", std::to_string(to).c_str(), 1);
  ::execl("/proc/self/exe", "unit_store", "--gtest_also_run_disabled_tests", "--gtest_filter=Crash.DISABLED_Child",
          "--gtest_brief=1", nullptr);
  ::_exit(7);
}

TEST(Crash, DISABLED_Child) {
  const char* path = std::getenv("EARSHOT_CRASH_STORE");
  if (path == nullptr) GTEST_SKIP() << "only started by the test below";
  child(path, static_cast<std::uint32_t>(std::atoi(std::getenv("EARSHOT_CRASH_RUN"))),
        std::atoi(std::getenv("EARSHOT_CRASH_PIPE")));
}

TEST(Crash, NothingAcknowledgedIsLostAndNothingIsThereTwice) {
  const char* asked = std::getenv("EARSHOT_CRASH_ROUNDS");
  const int rounds = asked != nullptr ? std::atoi(asked) : 30;
  TempFolder folder;
  const auto path = folder.path() / "store";
  Book book;
  std::minstd_rand random(17);
  for (int round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      ::close(pipe[0]);
      become_child(path, static_cast<std::uint32_t>(round), pipe[1]);
    }
    ::close(pipe[1]);
    // The kill comes after so many records, and then at any point of what follows them.
    const std::size_t enough = random() % 400;
    const auto extra = std::chrono::microseconds(random() % 3000);
    std::vector<Said> all;
    Said said{};
    while (::read(pipe[0], &said, sizeof said) == sizeof said) {
      all.push_back(said);
      if (all.size() == enough + 1) {
        std::this_thread::sleep_for(extra);  // a random instant, nothing is waited for
        ::kill(pid, SIGKILL);
      }
    }
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(pid, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the child ended by itself: " << status;
    book.hear(all);
    const auto store = open_or_die(path);
    book.check(*store);
  }
  RecordProperty("rounds", rounds);
  std::printf("[          ] %d kills, %zu fetches acknowledged, %zu mentions kept, %zu deliveries settled\n", rounds,
              book.fetches, book.stored.size(), book.settled.size());
}

}  // namespace
}  // namespace earshot::store
