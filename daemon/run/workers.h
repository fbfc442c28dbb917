// Where everything that computes or touches the disk runs: a pool of threads beside the one that does I/O.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "run/way_back.h"

namespace earshot::run {

// A job's coroutine belongs to an executor of one thread, which must outlive this. A poll hands over several times, so
// what a hand-over costs counts: jobs that are begun in one turn of the loop are handed over together, and those that
// are done come back together.
class Workers {
 public:
  explicit Workers(unsigned threads);
  // Jobs that did not begin are dropped, and their coroutines with them.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Runs `f` on the pool and comes back to the caller's executor with what it returned or threw. What `f` refers to
  // must live until then; a coroutine's own locals do.
  template <class F>
  boost::asio::awaitable<std::invoke_result_t<F&>> run(F f) {
    Task<F> task(std::move(f));
    auto hand_over = [this, &task] { begin(task); };
    co_await suspend(task, hand_over);
    co_return task.result();
  }

  // For other threads to come back by.
  WayBack& way_back() { return *way_back_; }

  // Returns when everything that was begun has ended; nothing can be begun afterwards.
  void join();

 private:
  struct Job : Waiter {
    explicit Job(void (*w)(Job&) noexcept) : work(w) {}
    void (*work)(Job&) noexcept;
  };
  template <class F>
  struct Task;

  void begin(Job& job);
  void hand_over();
  void thread();

  std::shared_ptr<WayBack> way_back_ = std::make_shared<WayBack>();
  std::mutex mutex_;
  std::condition_variable wake_;
  WaiterList begun_, queue_;  // of Jobs: begun in this turn of the loop; for the threads
  bool posted_ = false;       // hand_over() is on its way
  bool closed_ = false;
  std::size_t idle_ = 0;
  std::shared_ptr<Workers*> self_ = std::make_shared<Workers*>(this);  // for what may be run after the end
  std::vector<std::thread> threads_;
};

template <class F>
struct Workers::Task final : Workers::Job {
  using Value = std::invoke_result_t<F&>;
  explicit Task(F&& f) : Job([](Job& job) noexcept { static_cast<Task&>(job).go(); }), function(std::move(f)) {}

  void go() noexcept {
    try {
      if constexpr (std::is_void_v<Value>)
        function();
      else
        value.emplace(function());
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  Value result() {
    if (thrown) std::rethrow_exception(thrown);
    if constexpr (!std::is_void_v<Value>) return std::move(*value);
  }

  F function;
  std::conditional_t<std::is_void_v<Value>, std::nullptr_t, std::optional<Value>> value{};
  std::exception_ptr thrown;
};

}  // namespace earshot::run
