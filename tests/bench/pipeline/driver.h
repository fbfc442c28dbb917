// The daemon's own pieces from schedule to durable commit, with a clock that is moved by hand: every source is due
// whenever a round begins.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "net/asio/asio.h"
#include "run/collect.h"
#include "run/engine.h"

namespace earshot::bench {

double cpu_us();  // user and system time of this process
double wall_us();
std::size_t rss_bytes();

struct Round {
  double cpu = 0, wall = 0;  // µs of the polls, without the start
  double start = 0;          // µs of CPU: reading when each source is due
  net::Stats net;            // of this round alone
  std::size_t failed = 0;
};

class Driver {
 public:
  // `topics` queries of a word each. The store is in a folder of its own that goes with the driver.
  Driver(std::size_t topics, std::string ca_file);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  void add(const std::string& name, const std::string& url);
  // Every source is due. Ends when that many polls went well (0: when every source was polled, well or not); what is
  // still under way then is cancelled. Throws when it does not end.
  Round round(std::size_t good = 0);
  // Resident memory with every source waiting for its time.
  std::size_t idle_rss();

  config::Config config;

 private:
  run::House house(run::Exchange& exchange);
  void start(run::Collector& collector);
  std::filesystem::path folder_;
  boost::asio::io_context io_{1};
  run::Workers workers_{2};
  std::unique_ptr<store::Store> store_;
  std::optional<store::Committer> committer_;
  host::Catalogue catalogue_;
  std::shared_ptr<const run::Rules> rules_;
  std::optional<net::Client> client_;
  std::string ca_file_;
  Time now_ = from_ms(1'795'000'000'000);
  std::uint64_t random_ = 1;
};

}  // namespace earshot::bench
