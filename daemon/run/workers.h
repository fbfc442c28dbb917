// Where everything that computes or touches the disk runs: a pool of threads beside the one that does I/O.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <type_traits>
#include <utility>

namespace earshot::run {

class Workers {
 public:
  explicit Workers(unsigned threads) : pool_(threads) {}

  // Runs `f` on the pool and comes back to the caller's executor with what it returned or threw. What `f` refers to
  // must live until then; a coroutine's own locals do.
  template <class F>
  boost::asio::awaitable<std::invoke_result_t<F&>> run(F f) {
    // Named, not a temporary inside co_await: gcc 12 destroys such temporaries twice.
    auto job = [f = std::move(f)]() mutable -> boost::asio::awaitable<std::invoke_result_t<F&>> { co_return f(); };
    co_return co_await boost::asio::co_spawn(pool_, std::move(job), boost::asio::use_awaitable);
  }

  // Returns when everything that was begun has ended.
  void join() { pool_.join(); }

 private:
  boost::asio::thread_pool pool_;
};

}  // namespace earshot::run
