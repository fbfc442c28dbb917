// What finding its story costs a new mention, in archives of two sizes: it must not grow with the archive.
// EARSHOT_BENCH_MENTIONS: the size of the larger one (default 200,000; the goal speaks of 5 million).
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/mention/story.h"
#include "store/store.h"

namespace {

using namespace earshot;

constexpr Time kNow = from_ms(1'790'000'000'000);
constexpr auto kHistory = std::chrono::days{180};
constexpr std::size_t kGroup = 100, kMeasured = 20'000;

template <class T>
T must(Result<T>&& result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}\n", result.error().message);
  std::abort();
}

double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

// A few sentences; the words are spread as those of a language are (Zipf).
std::string text(std::mt19937_64& random) {
  std::string out;
  for (int i = 0; i < 60; ++i) {
    const double u = std::uniform_real_distribution<double>(0, 1)(random);
    out += fmt::format("{}w{}", i == 0 ? "" : i % 15 == 0 ? ". " : " ", static_cast<int>(std::pow(20'000.0, u)));
  }
  return out;
}

store::Candidate candidate(std::uint64_t number, std::string body, Time seen, bool with_story) {
  store::Candidate c;
  c.version = 1;
  Mention& m = c.mention;
  m.source = fmt::format("source-{}", number % 1000);
  m.site = fmt::format("outlet-{}.example", number % 1000);
  m.id = fmt::format("{:016x}", number);
  m.item.id = m.item.url = m.canonical_url = fmt::format("https://{}/{}", m.site, number);
  m.item.title = body.substr(0, 60);
  m.item.summary_text = m.item.summary = std::move(body);
  m.seen = seen;
  m.item.published = seen;
  m.matches = {{"brand", {}}};
  if (!with_story) return c;
  // As the daemon's ingest does.
  auto shingles = mention::shingles(m.item.summary_text);
  if (const auto sketch = mention::sketch(shingles))
    c.likeness = {{sketch->begin(), sketch->end()},
                  [mine = std::move(shingles)](const Mention& other) {
                    const auto like = mention::likeness(mine, mention::shingles(other.item.summary_text));
                    return mention::same_news(like) ? like.containment : 0;
                  },
                  mention::kStoryWindow};
  return c;
}

struct Archive {
  std::filesystem::path folder;
  std::unique_ptr<store::Store> store;
  std::uint64_t number = 0;
  std::mt19937_64 random{1};
  std::vector<std::string> recent;  // what others may copy

  explicit Archive(std::uint64_t mentions) {
    const char* base = std::getenv("EARSHOT_BENCH_DIR");
    std::string name =
        ((base ? std::filesystem::path(base) : std::filesystem::temp_directory_path()) / "earshot-bench-XXXXXX")
            .string();
    if (!::mkdtemp(name.data())) std::abort();
    folder = name;
    store = must(store::Store::open(folder / "store"));
    while (number < mentions)
      add(kNow - kHistory + kHistory * static_cast<std::int64_t>(number) / static_cast<std::int64_t>(mentions), true);
  }
  ~Archive() {
    store.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  // A group commit; every fifth mention tells what another source told not long ago. How many joined a story.
  std::size_t add(Time seen, bool with_stories) {
    std::vector<store::Fetch> group(kGroup);
    std::vector<std::string> ids;
    for (store::Fetch& fetch : group) {
      std::string body = number % 5 == 0 && !recent.empty() ? recent[random() % recent.size()] : text(random);
      if (number % 5 != 0) {
        if (recent.size() < 500)
          recent.push_back(body);
        else
          recent[random() % recent.size()] = body;
      }
      fetch.found.push_back(candidate(number++, std::move(body), seen, with_stories));
      fetch.source.name = fetch.found.front().mention.source;
      fetch.at = seen;
      ids.push_back(fetch.found.front().mention.id);
    }
    must(store->commit(group));
    std::size_t joined = 0;
    if (measuring)
      for (const std::string& id : ids) joined += must(store->story_of(id)) != id ? 1 : 0;
    return joined;
  }
  bool measuring = false;
};

void measure(std::uint64_t mentions) {
  Archive archive(mentions);
  double cost[2] = {1e9, 1e9};
  std::size_t joined = 0;
  for (int round = 0; round < 3; ++round)
    for (const bool with : {false, true}) {
      const double begin = cpu_seconds();
      for (std::size_t n = 0; n < kMeasured; n += kGroup) archive.add(kNow, with);
      cost[with] = std::min(cost[with], (cpu_seconds() - begin) / kMeasured * 1e6);
    }
  archive.measuring = true;
  for (std::size_t n = 0; n < 1000; n += kGroup) joined += archive.add(kNow, true);
  fmt::print("{:>12} {:>22.1f} {:>22.1f} {:>14.1f} {:>16.1f} %\n", mentions, cost[0], cost[1], cost[1] - cost[0],
             100.0 * static_cast<double>(joined) / 1000);
}

}  // namespace

int main() {
  const char* asked = std::getenv("EARSHOT_BENCH_MENTIONS");
  const std::uint64_t most = asked ? std::strtoull(asked, nullptr, 10) : 200'000;
  fmt::print(
      "us of CPU a new mention of 60 words (its making and its durable group commit included; 20 % are copies)\n");
  fmt::print("{:>12} {:>22} {:>22} {:>14} {:>18}\n", "archive", "without stories", "with stories", "stories",
             "joined one");
  for (const std::uint64_t mentions : {std::uint64_t{10'000}, most}) measure(mentions);
}
