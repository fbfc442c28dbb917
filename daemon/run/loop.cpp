#include "run/loop.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace earshot::run {

namespace asio = boost::asio;

void Loop::begin(Turn turn) {
  busy_ = true;
  asio::co_spawn(timer_.get_executor(), go(std::move(turn)), [this](const std::exception_ptr& bug) {
    busy_ = false;
    if (bug) std::rethrow_exception(bug);
  });
}

void Loop::wake() {
  woken_ = true;
  timer_.cancel();
}

void Loop::stop() {
  stopping_ = true;
  timer_.cancel();
}

asio::awaitable<void> Loop::go(Turn turn) {
  while (!stopping_) {
    woken_ = false;  // before the turn looks: what comes from now on is for the next one
    const Duration wait = co_await turn();
    if (woken_ || stopping_) continue;
    timer_.expires_after(wait);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace earshot::run
