#include "run/engine.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace earshot::run {

namespace asio = boost::asio;

namespace {

// With answers after 200 ms, one service takes 80 alerts a second from all its channels.
constexpr std::uint32_t kChannelConnections = 16, kChannelsAtOnce = 1024;

}  // namespace

net::Options client_options(const config::Fetch& fetch, const net::ProxySettings& proxy) {
  net::Options options;
  options.user_agent = "Earshot/" EARSHOT_VERSION;
  options.contact = fetch.contact;
  options.proxy = proxy;
  options.per_host = fetch.host_connections;
  options.max_connections = std::max<std::uint32_t>(fetch.concurrency * kSlowLanes + 64, 128);  // slow polls included
  return options;
}

net::Options channel_client_options(const config::Fetch& fetch, const net::ProxySettings& proxy) {
  net::Options options = client_options(fetch, proxy);
  options.per_host = std::max(kChannelConnections, fetch.host_connections);
  options.max_connections = kChannelsAtOnce;
  return options;
}

Result<std::unique_ptr<Engine>> Engine::create(const Foundation& foundation, config::Config config,
                                               std::shared_ptr<const Rules> rules) {
  auto kept = std::make_unique<const config::Config>(std::move(config));
  auto channels = make_channels(*kept, foundation.catalogue);
  if (!channels) return tl::unexpected(channels.error());
  return std::unique_ptr<Engine>(new Engine(foundation, std::move(kept), std::move(rules), std::move(*channels)));
}

Engine::Engine(const Foundation& foundation, std::unique_ptr<const config::Config> config,
               std::shared_ptr<const Rules> rules, std::vector<Channel> channels)
    : config_(std::move(config)),
      client_(foundation.io.get_executor(), client_options(config_->fetch, foundation.proxy)),
      channel_client_(foundation.io.get_executor(), channel_client_options(config_->fetch, foundation.proxy)),
      exchange_(client_, foundation.workers, print_to_stdout),
      channel_exchange_(channel_client_, foundation.workers, print_to_stdout),
      house_{
          foundation.io.get_executor(), foundation.workers, foundation.store, foundation.committer, *config_,
          foundation.catalogue,         std::move(rules),   exchange_,        foundation.now,       foundation.random},
      deliverer_(house_, channel_exchange_, std::move(channels)),
      dispatcher_(house_, [this] { deliverer_.wake(); }),
      collector_(house_,
                 [this] {
                   deliverer_.wake();
                   dispatcher_.wake();
                 }),
      hubs_(house_,
            {.take = [this](std::uint32_t source,
                            Pushed document) { return collector_.take(source, std::move(document)); },
             .poll_soon = [this](std::uint32_t source) { collector_.poll_soon(source); },
             .number = [this](std::string_view name) { return collector_.number(name); },
             .of = [this](std::uint32_t source) -> const config::Source& { return collector_.source(source); }}),
      actions_(house_, [this] { dispatcher_.wake(); }),
      reporter_(house_, [this] { deliverer_.wake(); }),
      spikes_(house_, [this] { deliverer_.wake(); }) {
  collector_.follow(hubs_);
  deliverer_.offer([this](const Alert& alert, const texts::Texts& texts) { return actions_.buttons(alert, texts); });
}

net::Stats Engine::traffic() const {
  net::Stats all = client_.stats();
  all += channel_client_.stats();
  return all;
}

asio::awaitable<Status> Engine::start() {
  if (const Status begun = co_await actions_.start(); !begun) co_return begun;
  if (const Status begun = co_await deliverer_.start(); !begun) co_return begun;
  if (const Status begun = co_await dispatcher_.start(); !begun) co_return begun;
  if (const Status begun = co_await reporter_.start(); !begun) co_return begun;
  if (const Status begun = co_await spikes_.start(); !begun) co_return begun;
  if (const Status begun = co_await hubs_.start(); !begun) co_return begun;
  co_return co_await collector_.start();
}

asio::awaitable<bool> Engine::stop(Duration grace) {
  hubs_.stop();
  collector_.stop();
  dispatcher_.stop();
  reporter_.stop();
  spikes_.stop();
  deliverer_.stop();
  client_.close();
  channel_client_.close();
  asio::steady_timer tick(house_.io);
  const Time until = house_.now() + grace;
  while (hubs_.busy() + actions_.busy() + collector_.busy() + dispatcher_.busy() + reporter_.busy() + spikes_.busy() +
             deliverer_.busy() >
         0) {
    if (house_.now() >= until) co_return false;
    tick.expires_after(std::chrono::milliseconds{5});
    co_await tick.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return true;
}

}  // namespace earshot::run
