#include "driver.h"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "run/log.h"

namespace earshot::bench {
namespace {

constexpr auto kMost = std::chrono::minutes{10};  // for one round

template <class T>
T value(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

net::Stats operator-(const net::Stats& after, const net::Stats& before) {
  net::Stats out = after;
  out.requests -= before.requests;
  out.reused -= before.reused;
  out.opened -= before.opened;
  out.tls_full -= before.tls_full;
  out.tls_resumed -= before.tls_resumed;
  return out;
}

}  // namespace

double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](timeval t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

double wall_us() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::size_t rss_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

Driver::Driver(std::size_t topics, std::string ca_file) : ca_file_(std::move(ca_file)) {
  log::start(spdlog::level::critical);
  folder_ = std::filesystem::temp_directory_path() / fmt::format("earshot-pipeline-{}", getpid());
  std::filesystem::remove_all(folder_);
  store_ = value(store::Store::open(folder_));
  committer_.emplace(*store_);
  const std::filesystem::path plugins = EARSHOT_BENCH_PLUGINS;
  catalogue_ = host::Catalogue::scan({&plugins, 1});
  config.fetch.allow_private = {"127.0.0.0/8"};
  config.fetch.host_delay = Duration{0};
  config.fetch.host_connections = 100;
  config.fetch.concurrency = 64;
  config::Channel& team = config.channels.emplace_back();
  team.name = "team";
  team.type = "console";
  config.routes.emplace_back().channels = {"team"};
  for (std::size_t i = 0; i < topics; ++i) {
    config::Topic& topic = config.topics.emplace_back();
    topic.name = fmt::format("t{}", i);
    topic.query = fmt::format("brand{} OR \"product {}\"", i, i);
  }
  rules_ = value(run::make_rules(config));
}

Driver::~Driver() {
  client_.reset();
  committer_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_);
}

void Driver::add(const std::string& name, const std::string& url) {
  config::Source& source = config.sources.emplace_back();
  source.name = name;
  source.type = "feed";
  source.settings = fmt::format(R"({{"url":"{}"}})", url);
}

run::House Driver::house(run::Exchange& exchange) {
  return {.io = io_.get_executor(),
          .workers = workers_,
          .store = *store_,
          .committer = *committer_,
          .config = config,
          .catalogue = catalogue_,
          .rules = rules_,
          .exchange = exchange,
          .now = [this] { return now_; },
          .random = [this] { return random_ += 0x9E3779B97F4A7C15; }};
}

void Driver::start(run::Collector& collector) {
  bool started = false;
  boost::asio::co_spawn(io_, collector.start(), [&](const std::exception_ptr& bug, const Status& status) {
    if (bug || !status) throw std::runtime_error("the collector did not start");
    started = true;
  });
  io_.restart();
  while (!started) io_.run_one();
}

std::size_t Driver::idle_rss() {
  net::Client client(io_.get_executor(), run::client_options(config.fetch, {}));
  run::Exchange exchange(client, workers_, [](std::string_view) { return Status{}; });
  run::House all = house(exchange);
  run::Collector collector(all, [] {});
  start(collector);
  malloc_trim(0);
  const std::size_t rss = rss_bytes();
  collector.stop();
  io_.restart();
  while (io_.poll() > 0 || collector.busy() > 0) {
  }
  return rss;
}

Round Driver::round(std::size_t good) {
  if (!client_) {
    net::Options options = run::client_options(config.fetch, {});
    options.ca_file = ca_file_;
    client_.emplace(io_.get_executor(), options);
  }
  run::Exchange exchange(*client_, workers_, [](std::string_view) { return Status{}; });
  run::House all = house(exchange);
  run::Collector collector(all, [] {});
  now_ += std::chrono::days{9};  // beyond whatever anybody asked for
  Round round;
  double begun = cpu_us();
  start(collector);
  round.start = cpu_us() - begun;
  now_ += std::chrono::days{1};  // those spread over some time are due as well
  const net::Stats before = client_->stats();
  const auto end = std::chrono::steady_clock::now() + kMost;
  begun = cpu_us();
  const double since = wall_us();
  const auto complete = [&] {
    return good > 0 ? collector.tally().polls - collector.tally().failed >= good
                    : collector.tally().polls >= config.sources.size();
  };
  while (!complete()) {
    io_.run_one_until(end);
    if (std::chrono::steady_clock::now() >= end) throw std::runtime_error("a round took longer than it may");
  }
  round.cpu = cpu_us() - begun;
  round.wall = wall_us() - since;
  round.net = client_->stats() - before;
  round.failed = collector.tally().failed;
  collector.stop();
  if (collector.busy() > 0) {  // cut short: the client goes with what is under way
    client_->close();
    while (collector.busy() > 0) io_.run_one_until(end);
    io_.poll();
    client_.reset();
  }
  io_.restart();
  while (io_.poll() > 0) {
  }
  return round;
}

}  // namespace earshot::bench
