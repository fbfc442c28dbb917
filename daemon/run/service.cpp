#include "run/service.h"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <thread>
#include <utility>

#include "run/clock.h"
#include "run/engine.h"
#include "run/log.h"
#include "run/pages.h"
#include "run/rules.h"
#include "run/systemd.h"
#include "run/wish.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;

// Of the five seconds that a stop may take: for what is under way; the rest is for the last commits.
constexpr Duration kGrace = std::chrono::milliseconds{3500};
// A command that works on the store itself is done by then (`earshot silence add` while the service starts).
constexpr Duration kCommandsTake = std::chrono::seconds{5};
constexpr Duration kSweepEvery = std::chrono::minutes{10};
constexpr Duration kLookAtClaimsEvery = std::chrono::days{1};
constexpr Duration kLookAfterStore = std::chrono::seconds{15};

store::Retention retention(const config::Storage& storage) {
  store::Retention retention;
  retention.mentions = storage.keep_mentions;
  retention.unmatched = storage.keep_unmatched;
  retention.fingerprints = std::max({retention.fingerprints, storage.keep_mentions, storage.keep_unmatched});
  return retention;
}

// From its making on, a stop or a reload that somebody asks for is kept until let_go(), when the service listens for
// it: also one that comes while the store is opened ends in good order. Threads that begin meanwhile never take one.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&held, number);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  void let_go() const { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

class Service {
 public:
  Service(const ServiceOptions& options, config::Config config, store::Store& store,
          const std::filesystem::path& folder, net::ProxySettings proxy, const HeldSignals& held)
      : options_(options),
        held_(held),
        config_(std::move(config)),
        workers_(std::max(2U, std::thread::hardware_concurrency())),
        store_(store),
        committer_(store),
        foundation_{io_, workers_, store_, committer_, options.catalogue, std::move(proxy), wall_clock, random_bits},
        topics_file_(folder / "topics.compiled"),
        pages_(foundation_, [this] { return engine_.get(); }) {}

  int run() {
    for (const auto task : {&Service::main, &Service::watchdog, &Service::upkeep, &Service::store_care})
      asio::co_spawn(io_, (this->*task)(), [](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);
      });
    io_.run();
    return exit_;
  }

 private:
  asio::awaitable<void> main() {
    asio::signal_set signals(io_, SIGTERM, SIGINT, SIGHUP);
    held_.let_go();
    auto rules = make_rules(config_, topics_file_);
    if (!rules) co_return finish(rules.error().message);
    auto engine = Engine::create(foundation_, std::move(config_), std::move(*rules));
    if (!engine) co_return finish(engine.error().message);
    engine_ = std::move(*engine);
    if (const Status begun = co_await engine_->start(); !begun) co_return finish(begun.error().message);
    log::info("listening", {{"sources", fmt::to_string(engine_->sources())},
                            {"topics", fmt::to_string(engine_->config().topics.size())},
                            {"channels", fmt::to_string(engine_->config().channels.size())}});
    pages_.serve(engine_->config().server);
    systemd::ready(status());
    for (;;) {
      const auto [error, number] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
      if (error || number != SIGHUP) break;
      co_await reload();
    }
    systemd::stopping();
    log::info("stopping");
    co_await stop();
  }

  asio::awaitable<void> reload() {
    systemd::reloading();
    auto read = [this] { return options_.load(); };
    auto config = co_await workers_.run(std::move(read));
    if (!config) {
      refuse(config.error().message);
      co_return;
    }
    log::hide(config->secrets);
    if (config->storage.path != engine_->config().storage.path)
      log::warn("storage.path changes only with a restart; the old one stays in use");
    // The old configuration goes on while the topics of the new one are compiled.
    auto compile = [&] { return make_rules(*config, topics_file_); };
    auto rules = co_await workers_.run(std::move(compile));
    if (!rules) {
      refuse(rules.error().message);
      co_return;
    }
    auto fresh = Engine::create(foundation_, std::move(*config), std::move(*rules));
    if (!fresh) {
      refuse(fresh.error().message);
      co_return;
    }
    const bool ended = co_await engine_->stop(kGrace);
    if (!ended) {
      log::error("a plugin of the old configuration hangs; its call is left alone");
      stuck_.push_back(std::move(engine_));
    }
    engine_ = std::move(*fresh);
    if (const Status begun = co_await engine_->start(); !begun)
      log::error("reload", {{"error", begun.error().message}});
    pages_.serve(engine_->config().server);
    log::info("configuration reloaded", {{"sources", fmt::to_string(engine_->sources())}});
    systemd::ready(status());
  }

  void refuse(const std::string& problems) {
    log::error("the new configuration is refused; the old one goes on", {{"problems", problems}});
    systemd::ready(status());
  }

  asio::awaitable<void> stop() {
    stopping_ = true;
    pages_.stop();
    const bool ended = co_await engine_->stop(kGrace);
    auto flush = [this] { committer_.close(); };
    co_await workers_.run(std::move(flush));
    log::info("stopped");
    if (!ended || !stuck_.empty()) {
      // A thread is still inside a plugin. All that was begun is on disk; nothing may be destroyed under that thread.
      log::error("a plugin hangs; ending without it");
      std::_Exit(exit_);
    }
    engine_.reset();
    io_.stop();
  }

  void finish(const std::string& error) {
    log::error("cannot start", {{"error", error}});
    exit_ = 1;
    io_.stop();
  }

  // Says that all is well as long as the I/O thread and the workers get to do things.
  asio::awaitable<void> watchdog() {
    const Duration interval = systemd::watchdog_interval();
    if (interval <= Duration{0}) co_return;
    asio::steady_timer timer(io_);
    for (;;) {
      auto nothing = [] {};
      co_await workers_.run(std::move(nothing));
      systemd::alive();
      timer.expires_after(interval / 3);
      co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

  asio::awaitable<void> upkeep() {
    asio::steady_timer timer(io_);
    for (Duration wait = std::chrono::minutes{1};; wait = kSweepEvery) {
      timer.expires_after(wait);
      co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
      for (bool more = true; more && !stopping_ && engine_;) {
        const store::Retention keep = retention(engine_->config().storage);
        auto sweep = [this, &keep] { return store_.sweep(keep, wall_clock()); };
        const auto swept = co_await workers_.run(std::move(sweep));
        if (!swept) log::error("old mentions cannot be dropped", {{"error", swept.error().message}});
        more = swept && swept->more;
      }
      if (!stopping_ && wall_clock() - claims_looked_at_ >= kLookAtClaimsEvery) {
        claims_looked_at_ = wall_clock();
        auto look = [this] { return forget_claims(store_, wall_clock()); };
        if (const auto gone = co_await workers_.run(std::move(look)); !gone)
          log::error("old claims cannot be dropped", {{"error", gone.error().message}});
      }
      malloc_trim(0);  // what the sweep and large feeds left behind goes back to the system
    }
  }

  // A full disk that has room again is noticed without a restart.
  asio::awaitable<void> store_care() {
    asio::steady_timer timer(io_);
    for (bool ill = false;;) {
      timer.expires_after(kLookAfterStore);
      co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
      const auto trouble = store_.trouble();
      if (!trouble) {
        if (std::exchange(ill, false)) log::info("the store can be written again");
        continue;
      }
      if (!std::exchange(ill, true))
        log::error("the store cannot be written; polls and deliveries wait", {{"error", trouble->message}});
      auto resume = [this] { return store_.resume(); };
      (void)co_await workers_.run(std::move(resume));
    }
  }

  std::string status() const {
    return fmt::format("listening to {} sources for {} topics", engine_->sources(), engine_->config().topics.size());
  }

  const ServiceOptions& options_;
  const HeldSignals& held_;
  config::Config config_;
  asio::io_context io_{1};
  Workers workers_;
  store::Store& store_;
  store::Committer committer_;
  Foundation foundation_;
  std::filesystem::path topics_file_;  // run/topics_file.h
  std::unique_ptr<Engine> engine_;
  std::vector<std::unique_ptr<Engine>> stuck_;
  Pages pages_;
  Time claims_looked_at_{};
  bool stopping_ = false;
  int exit_ = 0;
};

}  // namespace

int serve(const ServiceOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  const HeldSignals held;
  auto config = options.load();
  if (!config) {
    fmt::print(stderr, "{}\n", config.error().message);
    return 1;
  }
  log::hide(config->secrets);
  const auto path = options.store_path(*config);
  if (!path) {
    log::error("cannot start", {{"error", path.error().message}});
    return 1;
  }
  store::Options how;
  how.salvage = options.salvage;
  how.patience = kCommandsTake;
  how.log = [](std::string_view line) { log::warn("store", {{"engine", std::string{line}}}); };
  auto store = store::Store::open(*path, how);
  if (!store) {
    fmt::print(stderr, "earshot: {}\n", store.error().message);
    return 1;
  }
  auto proxy = net::proxy_from_environment();
  if (!proxy) {
    log::error("cannot start", {{"error", proxy.error().message}});
    return 1;
  }
  Service service(options, std::move(*config), **store, *path, std::move(*proxy), held);
  return service.run();
}

}  // namespace earshot::run
