#include "run/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "run/log.h"
#include "web/metrics.h"
#include "web/site.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr Duration kTryAgain = std::chrono::seconds{30};

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

void add(web::Figures& to, const Engine& engine) {
  const Collector::Tally& tally = engine.collector().tally();
  to.sources = engine.sources();
  to.polls_under_way = engine.collector().busy();
  to.polls = tally.polls;
  to.polls_failed = tally.failed;
  to.mentions_new = tally.stored;
  to.mentions_merged = tally.merged;
  to.mentions_edited = tally.edited;
  to.alerts = tally.alerts;
  const net::Stats net = engine.traffic();
  to.requests = net.requests;
  to.bytes_in = net.bytes_in;
  to.connections_opened = net.opened;
  to.connections_reused = net.reused;
  to.connections_active = net.active;
  to.connections_idle = net.idle;
  to.fetches_waiting = net.waiting;
  to.tls_full = net.tls_full;
  to.tls_resumed = net.tls_resumed;
  to.dns_queries = net.dns_queries;
  to.dns_cache_hits = net.dns_cache_hits;
  for (const Tries& tries : engine.deliverer().tries())
    to.channels.push_back(
        {.name = tries.channel, .delivered = tries.delivered, .retried = tries.retried, .given_up = tries.given_up});
}

void add(web::Figures& to, const store::Stats& stats) {
  to.stored_mentions = stats.mentions;
  to.stored_fingerprints = stats.fingerprints;
  to.dead_letters = stats.dead;
  to.store_disk_bytes = stats.disk_bytes;
  to.store_memory_bytes = stats.memory_bytes;
}

}  // namespace

Pages::Pages(const Foundation& foundation, std::function<Engine*()> engine)
    : foundation_(foundation), engine_(std::move(engine)), timer_(foundation.io), started_(foundation.now()) {}

void Pages::serve(const config::Server& how) {
  const bool same =
      server_ && how.listen == how_.listen && how.token == how_.token && how.public_url == how_.public_url;
  how_ = how;
  if (same) return;
  stop();
  asio::co_spawn(foundation_.io, keep_listening(round_), asio::detached);
}

void Pages::stop() {
  ++round_;
  timer_.cancel();
  std::erase_if(old_, [](const auto& server) { return server->open() == 0; });
  if (!server_) return;
  server_->close();
  old_.push_back(std::move(server_));
}

std::size_t Pages::busy() const {
  std::size_t open = server_ ? server_->open() : 0;
  for (const auto& server : old_) open += server->open();
  return open;
}

std::unique_ptr<web::Server> Pages::make_server() {
  web::Pages pages;
  pages.health = [this](const web::Request&) { return health(); };
  pages.metrics = [this](const web::Request&) { return metrics(); };
  pages.action = [this](web::Request request) { return action(std::move(request)); };
  pages.hub = [this](web::Request request) { return hub(std::move(request)); };
  if (const Engine* engine = engine_()) pages.hub_body = engine->config().fetch.max_size;
  return std::make_unique<web::Server>(foundation_.io.get_executor(),
                                       web::make_site({how_.token, how_.public_url}, std::move(pages)));
}

awaitable<void> Pages::keep_listening(std::uint64_t round) {
  const auto address = web::parse_address(how_.listen);
  if (!address) {  // check saw to it
    log::error("web", {{"error", address.error().message}});
    co_return;
  }
  for (bool told = false; round == round_;) {
    auto server = make_server();
    const Status listening = server->listen(*address);
    if (listening) {
      server_ = std::move(server);
      log::info("web", {{"listening", how_.listen}});
      co_return;
    }
    if (!std::exchange(told, true))
      log::warn("web: no pages and no metrics until this is mended; all else goes on",
                {{"server.listen", how_.listen}, {"error", listening.error().message}});
    timer_.expires_after(kTryAgain);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

awaitable<web::Answer> Pages::health() {
  if (const auto trouble = foundation_.store.trouble())
    co_return web::plain(503, "the store cannot be written: " + trouble->message);
  if (!engine_()) co_return web::plain(503, "starting, or changing to another configuration");
  co_return web::plain(200, "ok");
}

awaitable<web::Answer> Pages::action(web::Request request) {
  Engine* engine = engine_();
  if (!engine) co_return web::plain(503, "changing to another configuration; please try again");
  co_return co_await engine->actions().answer(std::move(request));
}

awaitable<web::Answer> Pages::hub(web::Request request) {
  Engine* engine = engine_();
  if (!engine) co_return web::plain(503, "changing to another configuration");
  co_return co_await engine->hubs().answer(std::move(request));
}

awaitable<web::Answer> Pages::metrics() {
  web::Figures figures;
  figures.version = EARSHOT_VERSION;
  figures.started = seconds(started_.time_since_epoch());
  figures.store_writable = !foundation_.store.trouble();
  if (const Engine* engine = engine_()) add(figures, *engine);
  const Time now = foundation_.now();
  auto text = [&]() -> std::string {
    add(figures, foundation_.store.stats());
    if (const auto pending = foundation_.store.pending())
      for (const store::Owing& owing : *pending) {
        auto at = std::ranges::find(figures.channels, owing.channel, &web::ChannelFigures::name);
        if (at == figures.channels.end()) continue;
        at->owed = owing.count;
        at->oldest_s = std::max(0.0, seconds(now - owing.oldest));
      }
    return web::metrics_text(figures);
  };
  web::Answer answer;
  answer.body = co_await foundation_.workers.run(std::move(text));
  answer.type = web::kMetricsType;
  co_return answer;
}

}  // namespace earshot::run
