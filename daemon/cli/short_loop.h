// What a subcommand needs that does one thing over the network and ends: a loop, workers and a client of its own.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "core/config/model.h"
#include "run/clock.h"
#include "run/engine.h"
#include "run/poll.h"

namespace earshot::cli {

class ShortLoop {
 public:
  ShortLoop(const config::Fetch& fetch, const net::ProxySettings& proxy)
      : client_(io_.get_executor(), run::client_options(fetch, proxy)),
        exchange_(client_, workers_, run::print_to_stdout) {}

  run::PollTools tools() { return {exchange_, workers_, run::wall_clock, run::random_bits}; }
  run::Workers& workers() { return workers_; }

  // Runs one coroutine to its end; what it throws comes out here.
  void run(boost::asio::awaitable<void> job) {
    std::exception_ptr bug;
    boost::asio::co_spawn(io_, std::move(job), [&](std::exception_ptr e) {
      bug = std::move(e);
      client_.close();
      io_.stop();
    });
    io_.run();
    workers_.join();
    if (bug) std::rethrow_exception(bug);
  }

 private:
  boost::asio::io_context io_{1};
  run::Workers workers_{1};
  net::Client client_;
  run::Exchange exchange_;
};

}  // namespace earshot::cli
