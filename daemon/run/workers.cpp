#include "run/workers.h"

#include <boost/asio/post.hpp>

namespace earshot::run {

namespace asio = boost::asio;

Workers::Workers(unsigned threads) {
  threads_.reserve(threads);
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { thread(); });
}

Workers::~Workers() {
  WaiterList dropped;
  {
    const std::lock_guard guard(mutex_);
    dropped.append(begun_);
    dropped.append(queue_);
    *self_ = nullptr;
  }
  join();
  dropped.abandon();
  way_back_->abandon();
}

void Workers::begin(Job& job) {
  {
    const std::lock_guard guard(mutex_);
    begun_.push(job);
    if (std::exchange(posted_, true)) return;
  }
  asio::post(job.home, [self = self_] {
    if (*self) (*self)->hand_over();
  });
}

void Workers::hand_over() {
  bool wake = false;
  {
    const std::lock_guard guard(mutex_);
    posted_ = false;
    queue_.append(begun_);
    wake = idle_ > 0 && !queue_.empty();
  }
  if (wake) wake_.notify_one();
}

void Workers::thread() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait(lock, [this] { return closed_ || !queue_.empty(); });
    --idle_;
    Waiter* const waiter = queue_.pop();
    if (!waiter) return;  // closed, and all is done
    const bool more = idle_ > 0 && !queue_.empty();
    lock.unlock();
    if (more) wake_.notify_one();
    Job& job = static_cast<Job&>(*waiter);
    job.work(job);
    way_back_->arrive(*waiter);
    lock.lock();
  }
}

void Workers::join() {
  {
    const std::lock_guard guard(mutex_);
    closed_ = true;
    queue_.append(begun_);
  }
  wake_.notify_all();
  for (std::thread& one : threads_)
    if (one.joinable()) one.join();
}

}  // namespace earshot::run
