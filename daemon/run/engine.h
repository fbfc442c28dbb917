// One configuration at work: its rules, channels, client and coroutines. A reload makes a new one beside the old one
// and swaps them; everything that must last is in the store.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "core/config/model.h"
#include "net/http.h"
#include "run/actions.h"
#include "run/collect.h"
#include "run/deliver.h"
#include "run/dispatch.h"
#include "run/house.h"
#include "run/hubs.h"
#include "run/reporting.h"
#include "run/spikes.h"

namespace earshot::run {

// What outlives every configuration.
struct Foundation {
  boost::asio::io_context& io;
  Workers& workers;
  store::Store& store;
  store::Committer& committer;
  const host::Catalogue& catalogue;
  net::ProxySettings proxy;
  std::function<Time()> now;
  std::function<std::uint64_t()> random;
};

// How sources are asked.
net::Options client_options(const config::Fetch& fetch, const net::ProxySettings& proxy);
// How channels are posted to: by a client of their own, so that no crowd of polls stands in an alert's way. What is
// good manners towards a feed would be a jam here, where a thousand channels belong to one service and each has its own
// rate: the services count messages, not connections.
net::Options channel_client_options(const config::Fetch& fetch, const net::ProxySettings& proxy);

// On the I/O thread only.
class Engine {
 public:
  // `rules` were made of `config`. The error says which channel or plugin it cannot work with.
  static Result<std::unique_ptr<Engine>> create(const Foundation& foundation, config::Config config,
                                                std::shared_ptr<const Rules> rules);

  boost::asio::awaitable<Status> start();
  // Ends what is under way and waits for it, at most `grace`. False: something (a plugin that hangs) did not end, and
  // this must not be destroyed.
  boost::asio::awaitable<bool> stop(Duration grace);

  const config::Config& config() const { return *config_; }
  std::size_t sources() const { return collector_.sources(); }
  const Collector& collector() const { return collector_; }
  const Deliverer& deliverer() const { return deliverer_; }
  Hubs& hubs() { return hubs_; }
  Actions& actions() { return actions_; }
  net::Stats traffic() const;  // of both clients

 private:
  Engine(const Foundation& foundation, std::unique_ptr<const config::Config> config, std::shared_ptr<const Rules> rules,
         std::vector<Channel> channels);

  std::unique_ptr<const config::Config> config_;
  net::Client client_, channel_client_;
  Exchange exchange_, channel_exchange_;
  House house_;
  Deliverer deliverer_;
  Dispatcher dispatcher_;
  Collector collector_;
  Hubs hubs_;
  Actions actions_;
  Reporter reporter_;
  Spikes spikes_;
};

}  // namespace earshot::run
