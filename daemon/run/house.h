// What the coroutines of one configuration share. All references outlive them; everything but the workers, the store
// and the committer belongs to the I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "core/config/model.h"
#include "net/http.h"
#include "plugin/catalogue.h"
#include "run/exchange.h"
#include "run/poll.h"
#include "run/rules.h"
#include "run/workers.h"
#include "store/committer.h"
#include "store/store.h"

namespace earshot::run {

struct House {
  boost::asio::any_io_executor io;
  Workers& workers;
  store::Store& store;
  store::Committer& committer;
  const config::Config& config;
  const host::Catalogue& catalogue;
  std::shared_ptr<const Rules> rules;
  Exchange& exchange;
  std::function<Time()> now;
  std::function<std::uint64_t()> random;  // any thread

  PollTools poll_tools() const { return {exchange, workers, now, random}; }
};

}  // namespace earshot::run
