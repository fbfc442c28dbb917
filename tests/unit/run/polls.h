// What the tests of whole polls share: a real server, client, plugin, store and collector, and a clock that is moved on
// by hand. Every round makes a new collector, as a restart of the daemon would.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "net/asio/asio.h"
#include "run/collect.h"
#include "run/engine.h"
#include "run/log.h"
#include "support/net/server.h"

namespace earshot::run {

namespace asio = boost::asio;
using test::header_of;
using test::Peer;
using test::Server;

// An answer of an RSS document with one item for each title; `channel` is further XML of the channel.
inline std::string feed(const std::vector<std::string>& titles, std::string_view headers = {},
                        std::string_view channel = {}) {
  std::string xml =
      "<rss version=\"2.0\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"><channel><title>T</title>";
  xml += channel;
  for (const std::string& title : titles)
    xml += "<item><guid>" + title + "</guid><title>" + title + "</title><link>http://site.example/" + title +
           "</link></item>";
  return test::ok(xml + "</channel></rss>", headers);
}

inline std::string answer(const std::string& status, const std::string& headers = {}) {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n";
}

class Polls : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("earshot-polls-" + std::to_string(::getpid()));
    log::start(spdlog::level::critical);
    std::filesystem::remove_all(folder_);
    store_ = std::move(*store::Store::open(folder_));
    committer_.emplace(*store_);
    config_.fetch.contact = "team@example.com";
    config_.fetch.allow_private = {"127.0.0.0/8", "::1"};
    config::Channel& ops = config_.channels.emplace_back();
    ops.name = "ops";
    ops.type = "console";
    config::Route& route = config_.routes.emplace_back();
    route.when.sources = {"nobody"};  // no mention raises an alert
    route.channels = {"ops"};
  }
  void TearDown() override {
    committer_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  config::Source& source(const std::string& url, const std::string& name = "blog") {
    config::Source& source = config_.sources.emplace_back();
    source.name = name;
    source.type = "feed";
    source.settings = R"({"url":")" + url + R"("})";
    return source;
  }

  // Moves the clock on to when the source is due (now, if it is new), polls whatever is due then and returns what is
  // remembered of the source afterwards. `later` is added to that.
  store::SourceState poll(const std::string& name = "blog", Duration later = Duration{0}) {
    if (const auto known = state(name); known && known->next_due != schedule::kNever)
      now_ = std::max(now_, known->next_due);
    now_ += later;
    round(name);
    return state(name).value_or(store::SourceState{});
  }
  // Starts at the clock's time and lets everything happen that is due; `name`: waits for a poll of it, else only until
  // nothing is left to do at once.
  void round(const std::string& name) {
    const auto began = std::chrono::steady_clock::now();
    const Time base = now_;
    const auto clock = [&] {
      return base + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
    };
    const auto home = open_home(clock);
    Collector collector(home->house, [this] { ++owed_; });
    const auto started = test::run(io_, collector.start());
    ASSERT_TRUE(started) << started.error().message;
    const auto polled = [&] {
      const auto known = state(name);
      return known && known->last_attempt && *known->last_attempt >= base;
    };
    const auto end = began + std::chrono::seconds(20);
    io_.restart();
    if (name.empty())
      while (io_.poll() > 0 || collector.busy() > 0) {
      }
    else
      while ((!polled() || (collector.busy() > 0 && !stays_)) && std::chrono::steady_clock::now() < end)
        io_.run_one_until(end);
    collector.stop();
    home->client.close();
    io_.restart();
    while (io_.poll() > 0 || collector.busy() > 0) {
    }
    if (!name.empty()) {
      ASSERT_TRUE(polled()) << "no poll within 20 s";
    }
    now_ = clock();
  }
  // What the coroutines of the configuration share, as long as it lives.
  struct Home {
    Home(Polls& polls, std::shared_ptr<const Rules> rules, std::function<Time()> clock)
        : client(polls.io_.get_executor(), client_options(polls.config_.fetch, {})),
          exchange(client, polls.workers_, [](std::string_view) { return Status{}; }),
          house{.io = polls.io_.get_executor(),
                .workers = polls.workers_,
                .store = *polls.store_,
                .committer = *polls.committer_,
                .config = polls.config_,
                .catalogue = catalogue(),
                .rules = std::move(rules),
                .exchange = exchange,
                .now = std::move(clock),
                .random = [&polls] { return polls.random_ += 0x9E3779B97F4A7C15; }} {}
    net::Client client;
    Exchange exchange;
    House house;
  };
  std::unique_ptr<Home> open_home(std::function<Time()> clock) {
    const auto rules = make_rules(config_);
    if (!rules) throw std::runtime_error(rules.error().message);
    return std::make_unique<Home>(*this, *rules, std::move(clock));
  }
  std::optional<store::SourceState> state(const std::string& name) {
    auto state = store_->source(name);
    EXPECT_TRUE(state);
    return std::move(*state);
  }
  std::vector<Alert> alerts(const std::string& channel = "ops") {
    std::vector<Alert> out;
    auto owed = store_->peek(channel, 1000);
    for (store::Delivery& delivery : *owed) out.push_back(std::move(delivery.alert));
    return out;
  }
  static const host::Catalogue& catalogue() {
    static const std::vector<std::filesystem::path> folders = {EARSHOT_TEST_PLUGINS, EARSHOT_TEST_TICKER};
    static const host::Catalogue all = host::Catalogue::scan(folders);
    return all;
  }
  // A server that says each of the answers once, in order, and the last one ever after.
  Server::Script saying(std::vector<std::string> answers) {
    return [this, answers = std::move(answers)](Peer& peer) -> asio::awaitable<void> {
      while (co_await peer.request()) {
        const std::string& next = answers[std::min(said_, answers.size() - 1)];
        ++said_;
        co_await peer.send(next);
      }
    };
  }

  // One that says it once and closes.
  static Server::Script once(std::string bytes) {
    return [bytes = std::move(bytes)](Peer& peer) -> asio::awaitable<void> {
      if (co_await peer.request()) co_await peer.send(bytes);
    };
  }

  asio::io_context io_{1};
  Workers workers_{1};
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::optional<store::Committer> committer_;
  config::Config config_;
  Time now_ = from_ms(1'795'000'000'000);  // 2026-11-18T11:06:40Z, a Wednesday
  std::uint64_t random_ = 1;
  std::size_t said_ = 0;
  int owed_ = 0;
  bool stays_ = false;  // the source streams: its poll does not end by itself
};

}  // namespace earshot::run
