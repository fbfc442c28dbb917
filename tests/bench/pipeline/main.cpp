// What one poll costs in the whole pipeline: schedule → client → feed plugin → 10,000 topics → store, durable, against
// nginx on loopback. CPU of this process, user and system, all threads; the figures of interest are the ratios.
//
//   bench_pipeline [FEEDS]              feeds of 52 KB and 20 items; the idle and the linear part use up to 100 times
//   bench_pipeline unchanged FEEDS      304s alone, 20 rounds of them
//   bench_pipeline changed FEEDS FRESH  200s alone, each with that many new items of 20; 10 rounds of them
//   bench_pipeline memory SOURCES       resident memory with that many sources that are not due
//   bench_pipeline dead BAD             how far that many dead and dripping servers hold up the others
#include <fmt/format.h>
#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "dead.h"
#include "driver.h"
#include "feeds.h"
#include "peers.h"
#include "support/net/nginx.h"

namespace earshot::bench {
namespace {

constexpr std::size_t kTopics = 10'000;

void row(const char* what, double us, double goal) {
  fmt::print("{:<52} {:>9.1f}", what, us);
  if (goal > 0) fmt::print(" {:>9.0f} {:>7.2f}", goal, us / goal);
  fmt::print("\n");
  std::fflush(stdout);
}

std::string name(std::size_t i) { return fmt::format("source-{:07}", i); }

void put_feeds(const test::Nginx& nginx, std::size_t count, std::uint32_t edition, std::uint32_t fresh) {
  for (std::size_t i = 0; i < count; ++i)
    nginx.put(fmt::format("f{}.xml", i), make_feed(static_cast<std::uint32_t>(i), edition, fresh));
}

void check(const Round& round) {
  if (round.failed > 0) throw std::runtime_error(fmt::format("{} polls failed", round.failed));
}

void whole(std::size_t feeds) {
  test::Nginx nginx;
  put_feeds(nginx, feeds, 0, 0);
  const auto n = static_cast<double>(feeds);
  fmt::print("{} feeds of 52 KB and 20 items, {} topics, durable group commit\n", feeds, kTopics);
  fmt::print("{:<52} {:>9} {:>9} {:>7}\n", "us of CPU a poll (user and system, all threads)", "earshot", "goal",
             "ratio");
  {
    Driver driver(kTopics, {});
    for (std::size_t i = 0; i < feeds; ++i)
      driver.add(name(i), fmt::format("http://127.0.0.1:{}/f{}.xml", nginx.port, i));
    const auto timed = [&](const char* what, double goal, int times) {
      double best = 1e18;
      for (int i = 0; i < times; ++i) {
        const Round round = driver.round();
        check(round);
        best = std::min(best, round.cpu / n);
      }
      row(what, best, goal);
    };
    timed("200, first poll: 20 new items", 0, 1);
    timed("304, kept connection", 35, 3);
    put_feeds(nginx, feeds, 1, 2);
    timed("200, 2 of 20 items new", 450, 1);
    put_feeds(nginx, feeds, 2, 0);
    timed("200, none new", 0, 1);
  }
  {
    Driver driver(kTopics, nginx.authority.file());
    const std::size_t some = std::min<std::size_t>(feeds, 500);
    for (std::size_t i = 0; i < some; ++i)
      driver.add(name(i), fmt::format("https://127.0.0.1:{}/closing/f{}.xml", nginx.tls_port, i));
    check(driver.round());
    const Round again = driver.round();
    check(again);
    row("304, TLS 1.3, connection closed after each", again.cpu / static_cast<double>(some), 500 + 35);
    fmt::print("    of its handshakes resumed: {:.1f} % (goal 90)\n",
               100.0 * static_cast<double>(again.net.tls_resumed) /
                   static_cast<double>(again.net.tls_resumed + again.net.tls_full));
  }
  fmt::print("\n{:<52} {:>9} {:>9}\n", "304 by number of feeds, us of CPU", "a poll", "a start");
  nginx.put("idle.xml", "<rss version=\"2.0\"><channel><title>Idle</title></channel></rss>");
  for (const std::size_t count : {feeds / 2, feeds * 5, feeds * 50}) {
    Driver driver(kTopics, {});
    for (std::size_t i = 0; i < count; ++i)
      driver.add(name(i), fmt::format("http://127.0.0.1:{}/idle.xml?{}", nginx.port, i));
    check(driver.round());
    const Round again = driver.round();
    check(again);
    fmt::print("{:<52} {:>9.1f} {:>9.2f}\n", count, again.cpu / static_cast<double>(count),
               again.start / static_cast<double>(count));
    std::fflush(stdout);
  }
  print_peers(nginx, std::min<std::size_t>(feeds, 1000));
}

// Nothing but unchanged feeds: for a profiler.
void unchanged(std::size_t feeds) {
  constexpr int kRounds = 20;
  test::Nginx nginx;
  nginx.put("idle.xml", make_feed(1, 0, 0));
  Driver driver(kTopics, {});
  for (std::size_t i = 0; i < feeds; ++i)
    driver.add(name(i), fmt::format("http://127.0.0.1:{}/idle.xml?{}", nginx.port, i));
  check(driver.round());
  double total = 0, best = 1e18;
  for (int i = 0; i < kRounds; ++i) {
    const Round round = driver.round();
    total += round.cpu;
    best = std::min(best, round.cpu);
  }
  fmt::print("304: {:.1f} us of CPU a poll, {:.1f} in the best of {} rounds\n",
             total / static_cast<double>(feeds) / kRounds, best / static_cast<double>(feeds), kRounds);
}

// Nothing but feeds that changed: for a profiler.
void changed(std::size_t feeds, std::uint32_t fresh) {
  constexpr std::uint32_t kRounds = 10;
  test::Nginx nginx;
  put_feeds(nginx, feeds, 0, 0);
  Driver driver(kTopics, {});
  for (std::size_t i = 0; i < feeds; ++i)
    driver.add(name(i), fmt::format("http://127.0.0.1:{}/f{}.xml", nginx.port, i));
  check(driver.round());
  double total = 0, best = 1e18;
  for (std::uint32_t edition = 1; edition <= kRounds; ++edition) {
    put_feeds(nginx, feeds, edition, fresh);
    const Round round = driver.round();
    check(round);
    total += round.cpu;
    best = std::min(best, round.cpu);
  }
  fmt::print("200, {} of 20 new: {:.1f} us of CPU a poll, {:.1f} in the best of {} rounds\n", fresh,
             total / static_cast<double>(feeds) / kRounds, best / static_cast<double>(feeds), kRounds);
}

void memory(std::size_t sources) {
  Driver driver(0, {});
  malloc_trim(0);
  const std::size_t before = rss_bytes();
  driver.config.sources.reserve(sources);
  for (std::size_t i = 0; i < sources; ++i) driver.add(name(i), fmt::format("https://site{}.example/feed.xml", i));
  malloc_trim(0);
  const std::size_t configured = rss_bytes();
  const std::size_t idle = driver.idle_rss();
  const auto each = [&](std::size_t bytes) { return static_cast<double>(bytes) / static_cast<double>(sources); };
  fmt::print(
      "{} idle sources: {:.1f} MiB resident, {:.0f} bytes each: configuration {:.0f}, collector {:.0f} (goal 300)\n",
      sources, static_cast<double>(idle) / (1 << 20), each(idle - before), each(configured - before),
      each(idle - configured));
}

}  // namespace
}  // namespace earshot::bench

int main(int argc, char** argv) {
  using namespace earshot::bench;
  const auto number = [&](int at, int otherwise) {
    return static_cast<std::size_t>(argc > at ? std::max(std::atoi(argv[at]), 1) : otherwise);
  };
  try {
    if (argc > 1 && std::strcmp(argv[1], "memory") == 0)
      memory(number(2, 1'000'000));
    else if (argc > 1 && std::strcmp(argv[1], "unchanged") == 0)
      unchanged(number(2, 2000));
    else if (argc > 1 && std::strcmp(argv[1], "changed") == 0)
      changed(number(2, 500), static_cast<std::uint32_t>(number(3, 0)));
    else if (argc > 1 && std::strcmp(argv[1], "dead") == 0)
      dead_servers(number(2, 1000));
    else
      whole(number(1, 2000));
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_pipeline: {}\n", e.what());
    return 1;
  }
}
