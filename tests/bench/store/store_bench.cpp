// What the store costs, beside bare RocksDB in the same run:
//   dedupe of a polled feed (20 items, 90 % known) at 1 million fingerprints, or EARSHOT_BENCH_FINGERPRINTS of them;
//   durable ingest with group commit; recovery after SIGKILL; bytes per mention on disk.
// Goals: dedupe ≤ 6 µs an item at 20 million; ≥ 30,000 items/s durable, 90 % of them known; recovery ≤ 5 s.
// EARSHOT_BENCH_MENTIONS: how many mentions to recover with (default 100,000). EARSHOT_BENCH_DIR: on which disk.
#include <benchmark/benchmark.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "store/committer.h"
#include "store/store.h"

namespace {

using namespace earshot;
using namespace earshot::store;
namespace fs = std::filesystem;

constexpr Time now = from_ms(1'790'000'000'000);
constexpr int feed_items = 20, listed_per_source = 20;

std::uint64_t asked(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Folder {
 public:
  Folder() {
    const char* base = std::getenv("EARSHOT_BENCH_DIR");
    std::string name =
        (fs::path(base == nullptr ? fs::temp_directory_path() : fs::path(base)) / "earshot-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

template <class T>
T must(Result<T>&& result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::abort();
  }
  return std::move(*result);
}

void must_do(const Status& status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", status.error().message.c_str());
  std::abort();
}

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  statm >> size >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

std::string item_name(std::uint64_t source, std::uint64_t item) {
  return "https://outlet-" + std::to_string(source) + ".example/2026/09/article-" + std::to_string(item) + ".html";
}

// Real mentions are about this long: a title, a summary of a few sentences.
Candidate candidate(const std::string& source, const std::string& id, std::mt19937_64& random, bool matched) {
  static const std::array<const char*, 16> words{"acme",   "bank",   "outage", "customer", "says", "report",
                                                 "the",    "of",     "today",  "market",   "app",  "payment",
                                                 "broken", "shares", "and",    "new"};
  Candidate c;
  Mention& m = c.mention;
  m.source = source;
  m.item.id = m.item.url = m.canonical_url = id;
  std::array<char, 17> name{};
  std::snprintf(name.data(), name.size(), "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(id.data(), id.size())));
  m.id = name.data();
  m.site = "outlet.example";
  const auto text = [&](int n) {
    std::string s;
    for (int i = 0; i < n; ++i) s += std::string(words[random() % words.size()]) + std::to_string(random() % 50) + " ";
    return s;
  };
  m.item.title = text(9);
  m.item.summary = m.item.summary_text = text(35);
  m.item.published = now;
  m.seen = now + Duration{static_cast<std::int64_t>(random() % 1'000'000)};
  c.version = 1;
  if (matched) {
    m.matches = {{"brand", {{"acme", "title", {0, 4}}}}};
    m.snippet = m.item.summary.substr(0, 200);
    Alert alert;
    alert.channel = "pr";
    alert.delivery_id = "d-" + m.id;
    alert.mentions = {m};
    c.alerts = {alert};
  }
  return c;
}

// ---------------------------------------------------------------------------------------------------------- dedupe

// Ours: filled through the door, 20 items a source.
struct Filled {
  Folder folder;
  std::uint64_t sources;
  std::unique_ptr<Store> store;
  double fill_s = 0;

  Filled() : sources(asked("EARSHOT_BENCH_FINGERPRINTS", 1'000'000) / listed_per_source) {
    const auto begin = std::chrono::steady_clock::now();
    store = must(Store::open(folder.path));
    std::vector<Fetch> group;
    for (std::uint64_t s = 0; s < sources; ++s) {
      Fetch fetch;
      fetch.source.name = "source-" + std::to_string(s);
      fetch.at = now;
      for (int i = 0; i < listed_per_source; ++i) {
        Candidate& c = fetch.found.emplace_back();
        c.mention.item.id = item_name(s, static_cast<std::uint64_t>(i));
        c.mention.source = fetch.source.name;
        c.mention.id = std::to_string(s) + "-" + std::to_string(i);
        c.mention.seen = now;
        c.version = 1;
      }
      group.push_back(std::move(fetch));
      if (group.size() == 500 || s + 1 == sources) {
        must(store->commit(group));
        group.clear();
      }
    }
    store.reset();
    store = must(Store::open(folder.path));
    fill_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
};

Filled& filled() {
  static Filled only;
  return only;
}

void dedupe(benchmark::State& state) {
  Filled& f = filled();
  std::mt19937_64 random(1);
  std::vector<std::string> names(feed_items);
  std::vector<ItemRef> items(feed_items);
  std::uint64_t known = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::uint64_t s = random() % f.sources;
    for (int i = 0; i < feed_items; ++i) {
      const bool old = i % 10 != 0;
      names[static_cast<std::size_t>(i)] = item_name(s, old ? static_cast<std::uint64_t>(i) : random());
      items[static_cast<std::size_t>(i)] = {names[static_cast<std::size_t>(i)], 1};
    }
    const std::string source = "source-" + std::to_string(s);
    state.ResumeTiming();
    const auto answer = f.store->look(source, items, now);
    if (!answer) std::abort();
    for (const Known& k : *answer) known += k.known ? 1 : 0;
  }
  if (known != static_cast<std::uint64_t>(state.iterations()) * 18) state.SkipWithError("a known item was not known");
  state.counters["per_item"] = benchmark::Counter(static_cast<double>(state.iterations()) * feed_items,
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["fingerprints"] = static_cast<double>(f.sources * listed_per_source);
  state.counters["rss_MiB"] = resident_mib();
  state.counters["store_MiB"] = static_cast<double>(f.store->stats().memory_bytes) / (1 << 20);
  state.counters["fill_s"] = f.fill_s;
}
BENCHMARK(dedupe)->Unit(benchmark::kMicrosecond);

// Bare: one column of random 16-byte keys, point reads, as a simple design would have it.
struct Bare {
  Folder folder;
  std::uint64_t count = asked("EARSHOT_BENCH_FINGERPRINTS", 1'000'000);
  std::unique_ptr<rocksdb::DB> db;

  Bare() {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.compression = rocksdb::kNoCompression;
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.block_cache = rocksdb::NewLRUCache(256 << 20);
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    rocksdb::DB* raw = nullptr;
    if (!rocksdb::DB::Open(options, folder.path.string(), &raw).ok()) std::abort();
    db.reset(raw);
    rocksdb::WriteBatch batch;
    for (std::uint64_t i = 0; i < count; ++i) {
      batch.Put(key(item_name(i / listed_per_source, i % listed_per_source)), "1234567");
      if (batch.Count() == 10'000 || i + 1 == count) {
        if (!db->Write({}, &batch).ok()) std::abort();
        batch.Clear();
      }
    }
    db->Flush({});
  }
  static std::string key(const std::string& name) {
    const XXH128_hash_t hash = XXH3_128bits(name.data(), name.size());
    return {reinterpret_cast<const char*>(&hash), sizeof hash};
  }
};

void bare_random_keys(benchmark::State& state) {
  static Bare bare;
  std::mt19937_64 random(1);
  std::vector<std::string> names(feed_items);
  std::string value;
  for (auto _ : state) {
    state.PauseTiming();
    const std::uint64_t s = random() % (bare.count / listed_per_source);
    for (int i = 0; i < feed_items; ++i)
      names[static_cast<std::size_t>(i)] = item_name(s, i % 10 != 0 ? static_cast<std::uint64_t>(i) : random());
    state.ResumeTiming();
    for (const std::string& name : names) benchmark::DoNotOptimize(bare.db->Get({}, Bare::key(name), &value));
  }
  state.counters["per_item"] = benchmark::Counter(static_cast<double>(state.iterations()) * feed_items,
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(bare_random_keys)->Unit(benchmark::kMicrosecond);

// ---------------------------------------------------------------------------------------------------------- ingest

// The whole way of a poll but the network and matching: look, then commit what is new; `pollers` at a time, 20 items
// each, 90 % known; every second new item matches and owes an alert.
void ingest(benchmark::State& state) {
  const auto pollers = static_cast<std::size_t>(state.range(0));
  Folder folder;
  const auto store = must(Store::open(folder.path));
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> newest(1000, 18);
  for (std::size_t s = 0; s < newest.size(); ++s) {  // the past
    Fetch fetch;
    fetch.source.name = "source-" + std::to_string(s);
    fetch.at = now;
    for (std::uint64_t i = 0; i < newest[s]; ++i)
      fetch.found.push_back(candidate(fetch.source.name, item_name(s, i), random, false));
    must(store->commit({&fetch, 1}));
  }
  std::mutex mutex;
  std::condition_variable freed;
  std::size_t flying = 0;
  std::uint64_t items = 0, new_items = 0;
  {
    Committer committer(*store);
    for (auto _ : state) {
      const std::size_t s = random() % newest.size();
      newest[s] += 2;
      Fetch fetch;
      fetch.source.name = "source-" + std::to_string(s);
      fetch.at = now;
      std::vector<std::string> names;
      for (std::uint64_t i = newest[s] - feed_items; i < newest[s]; ++i) names.push_back(item_name(s, i));
      std::vector<ItemRef> refs;
      for (const std::string& name : names) refs.push_back({name, 1});
      const auto known = must(store->look(fetch.source.name, refs, now));
      for (std::size_t i = 0; i < names.size(); ++i)
        if (!known[i].known) fetch.found.push_back(candidate(fetch.source.name, names[i], random, i % 2 == 0));
      items += feed_items;
      new_items += fetch.found.size();
      std::unique_lock lock(mutex);
      freed.wait(lock, [&] { return flying < pollers; });
      ++flying;
      lock.unlock();
      if (!committer.submit(std::move(fetch), [&](const Result<Committed>& committed) {
            if (!committed) std::abort();
            const std::lock_guard guard(mutex);
            --flying;
            freed.notify_one();
          }))
        std::abort();
    }
  }
  state.counters["items/s"] = benchmark::Counter(static_cast<double>(items), benchmark::Counter::kIsRate);
  state.counters["new/s"] = benchmark::Counter(static_cast<double>(new_items), benchmark::Counter::kIsRate);
}
BENCHMARK(ingest)->ArgName("pollers")->Arg(1)->Arg(32)->Arg(256)->UseRealTime()->Unit(benchmark::kMicrosecond);

// What the disk gives: one synced write of 100 bytes.
void bare_synced_write(benchmark::State& state) {
  Folder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(options, folder.path.string(), &raw).ok()) std::abort();
  const std::unique_ptr<rocksdb::DB> db(raw);
  rocksdb::WriteOptions durable;
  durable.sync = true;
  std::uint64_t n = 0;
  const std::string value(100, 'x');
  for (auto _ : state)
    if (!db->Put(durable, std::to_string(n++), value).ok()) std::abort();
}
BENCHMARK(bare_synced_write)->UseRealTime()->Unit(benchmark::kMicrosecond);

// -------------------------------------------------------------------------------------------------------- recovery

// Half a year of a busy team, killed in mid-work; then the time until the store is open again.
void recovery(benchmark::State& state) {
  const std::uint64_t mentions = asked("EARSHOT_BENCH_MENTIONS", 100'000);
  Folder folder;
  // RocksDB's threads would not survive a fork after it was used: this program again, as the one that is killed.
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) std::abort();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setenv("EARSHOT_BENCH_CHILD", folder.path.c_str(), 1);
    ::setenv("EARSHOT_BENCH_CHILD_MENTIONS", std::to_string(mentions).c_str(), 1);
    ::dup2(pipe[1], 1);
    ::execl("/proc/self/exe", "bench_store", nullptr);
    ::_exit(1);
  }
  ::close(pipe[1]);
  char byte = 0;
  if (::read(pipe[0], &byte, 1) != 1) std::abort();
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  ::close(pipe[0]);
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    auto store = must(Store::open(folder.path));
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    must_do(store->compact());
    const Stats stats = store->stats();
    state.counters["mentions"] = static_cast<double>(stats.mentions);
    state.counters["B/mention"] = static_cast<double>(stats.disk_bytes) / static_cast<double>(stats.mentions);
    state.counters["rss_MiB"] = resident_mib();
  }
}
BENCHMARK(recovery)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

void fill_and_wait(const char* path, std::uint64_t mentions) {
  const auto store = must(Store::open(path));
  std::mt19937_64 random(3);
  std::vector<Fetch> group;
  for (std::uint64_t n = 0; n < mentions; n += 10) {
    Fetch& fetch = group.emplace_back();
    fetch.source.name = "source-" + std::to_string(random() % 1000);
    fetch.at = now;
    for (std::uint64_t i = n; i < n + 10; ++i)
      fetch.found.push_back(candidate(fetch.source.name, item_name(0, i), random, i % 4 == 0));
    for (Candidate& c : fetch.found) c.alerts.clear();
    if (group.size() == 100) {
      must(store->commit(group));
      group.clear();
    }
  }
  must(store->commit(group));
  if (::write(1, "x", 1) != 1) std::abort();
  for (;;) ::pause();
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* path = std::getenv("EARSHOT_BENCH_CHILD"))
    fill_and_wait(path, asked("EARSHOT_BENCH_CHILD_MENTIONS", 0));
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
