// The way back from another thread to a coroutine that waits. Whoever waits lives in its own coroutine's frame, so that
// a hand-over allocates nothing; and those that come back together wake the coroutines' thread once.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace earshot::run {

// What resumes a suspended coroutine, on its own thread. Destroyed instead, it destroys the coroutine.
using Resume = boost::asio::async_result<boost::asio::use_awaitable_t<>, void()>::handler_type;

// A coroutine that waits. Its owner is the coroutine itself: it must not end before it was resumed.
struct Waiter {
  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  Waiter* next = nullptr;  // in whatever list it is
  boost::asio::any_io_executor home;
  std::optional<Resume> resume;
};

// First in, first out; owns nothing.
class WaiterList {
 public:
  bool empty() const { return first_ == nullptr; }
  void push(Waiter& waiter);
  Waiter* pop();                   // null: empty
  void append(WaiterList& other);  // which is empty afterwards
  // Nobody will resume them: their coroutines are destroyed.
  void abandon();

 private:
  Waiter *first_ = nullptr, *last_ = nullptr;
};

class WayBack : public std::enable_shared_from_this<WayBack> {
 public:
  // What the waiter waited for is done. From any thread; the waiter may be gone when this returns.
  void arrive(Waiter& waiter);
  // When no thread arrives any more and no executor runs: what came back too late is destroyed.
  void abandon();

 private:
  void drain(const boost::asio::any_io_executor& home);

  std::mutex mutex_;
  WaiterList back_;
  bool posted_ = false;
};

// co_await suspend(waiter, begin): `begin()` is called when the waiter may be resumed, and hands it to another thread.
template <class Begin>
auto suspend(Waiter& waiter, Begin begin) {
  namespace asio = boost::asio;
  auto initiate = [&waiter, begin = std::move(begin)](auto handler) mutable {
    waiter.home = asio::get_associated_executor(handler);
    waiter.resume.emplace(std::move(handler));
    begin();
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(initiate), asio::use_awaitable);
}

}  // namespace earshot::run
