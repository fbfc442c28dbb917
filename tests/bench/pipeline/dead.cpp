#include "dead.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "driver.h"
#include "feeds.h"
#include "support/net/nginx.h"

namespace earshot::bench {
namespace {

constexpr std::size_t kAddresses = 25;

std::string address(std::size_t i) { return fmt::format("127.0.1.{}", i % kAddresses + 1); }

// Takes every connection, at many addresses, as dead servers have; never says a word, or drips. On a thread of its own.
class BadServer {
 public:
  explicit BadServer(bool drips) : drips_(drips), port(test::free_port()) {
    for (std::size_t i = 0; i < kAddresses; ++i) {
      const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      sockaddr_in at{};
      at.sin_family = AF_INET;
      inet_pton(AF_INET, address(i).c_str(), &at.sin_addr);
      at.sin_port = htons(static_cast<std::uint16_t>(port));
      if (bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || listen(fd, 4096) != 0)
        throw std::runtime_error("a bad server cannot listen");
      listeners_.push_back({fd, POLLIN, 0});
    }
    thread_ = std::thread([this] { run(); });
  }
  ~BadServer() {
    ending_ = true;
    thread_.join();
    for (const int fd : taken_) close(fd);
    for (const pollfd& listener : listeners_) close(listener.fd);
  }
  BadServer(const BadServer&) = delete;
  BadServer& operator=(const BadServer&) = delete;

 private:
  void run() {
    static constexpr char kHeader[] = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
    while (!ending_) {
      const bool quiet = poll(listeners_.data(), listeners_.size(), 1000) == 0;
      for (const pollfd& listener : listeners_) {
        if (listener.revents == 0) continue;
        const int fd = accept4(listener.fd, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) continue;
        taken_.push_back(fd);
        if (drips_) (void)!send(fd, kHeader, sizeof kHeader - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
      }
      if (quiet && drips_)
        for (const int fd : taken_) (void)!send(fd, "<", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  }

  bool drips_;
  std::atomic<bool> ending_ = false;
  std::vector<pollfd> listeners_;
  std::vector<int> taken_;
  std::thread thread_;

 public:
  int port;
};

}  // namespace

void dead_servers(std::size_t bad) {
  constexpr std::size_t kGood = 20'000;
  constexpr int kRounds = 10;  // of each, in turns: the speed of machines varies by more than the goal
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  test::Nginx nginx;
  nginx.put("good.xml", make_feed(1, 0, 0));
  BadServer silent(false), dripping(true);
  Driver driver(100, {});
  driver.config.fetch.concurrency = 256;
  driver.config.fetch.host_connections = 64;
  driver.config.fetch.interval_max = std::chrono::hours{1};
  driver.config.fetch.timeout = std::chrono::seconds{10};
  const auto listen_to = [&](bool to_bad, bool to_closing) {
    driver.config.sources.clear();
    for (std::size_t i = 0; to_bad && i < bad; ++i)
      driver.add(fmt::format("bad-{}", i),
                 fmt::format("http://{}:{}/{}", address(i / 2), i % 2 == 0 ? silent.port : dripping.port, i));
    for (std::size_t i = 0; to_closing && i < bad; ++i)
      driver.add(fmt::format("closing-{}", i), fmt::format("http://127.0.0.1:{}/closing/good.xml?{}", nginx.port, i));
    for (std::size_t i = 0; i < kGood; ++i)
      driver.add(fmt::format("good-{}", i), fmt::format("http://127.0.0.1:{}/good.xml?{}", nginx.port, i));
  };
  listen_to(true, true);
  const Round cold = driver.round();
  fmt::print("first round of all, {} of {} fail: {:.0f} ms\n", cold.failed, bad, cold.wall / 1000);
  double alone = 1e18, beside = 1e18, more = 1e18;
  for (int i = 0; i < kRounds; ++i) {
    listen_to(false, false);
    alone = std::min(alone, driver.round(kGood).wall);
    listen_to(true, false);
    beside = std::min(beside, driver.round(kGood).wall);
    listen_to(false, true);
    more = std::min(more, driver.round().wall);
  }
  fmt::print("{} good sources: {:.0f} ms alone, {:.0f} ms beside {} dead and dripping ones: {:.2f} (goal 1.10)\n",
             kGood, alone / 1000, beside / 1000, bad, beside / alone);
  // What the bad ones cost even if they held up nobody: so many more polls, each with a connection of its own.
  fmt::print("    and as many more good ones whose server closes each connection: {:.0f} ms, {:.2f}\n", more / 1000,
             more / alone);
}

}  // namespace earshot::bench
