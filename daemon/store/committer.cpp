#include "store/committer.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "store/store.h"

namespace earshot::store {

struct Committer::Queue {
  struct FetchJob {
    Fetch fetch;
    Done done;
  };
  struct SettlementJob {
    Settlement settlement;
    Settled done;
  };

  Store& store;
  const CommitterLimits limits;
  mutable std::mutex mutex;
  std::condition_variable work;
  // Guarded by `mutex`.
  std::deque<FetchJob> fetches;
  std::deque<SettlementJob> settlements;
  std::size_t items = 0;  // candidates in `fetches`
  bool closed = false;
  std::thread thread;

  Queue(Store& to, CommitterLimits within) : store(to), limits(within) {}

  void run();
  void commit(std::vector<FetchJob>&& group);
  void settle(std::vector<SettlementJob>&& group);
};

void Committer::Queue::run() {
  std::unique_lock lock(mutex);
  for (;;) {
    work.wait(lock, [this] { return closed || !fetches.empty() || !settlements.empty(); });
    if (fetches.empty() && settlements.empty()) return;  // closed, and all is written
    std::vector<FetchJob> group;
    while (!fetches.empty() && group.size() < limits.group) {
      items -= fetches.front().fetch.found.size();
      group.push_back(std::move(fetches.front()));
      fetches.pop_front();
    }
    std::vector<SettlementJob> settled(std::make_move_iterator(settlements.begin()),
                                       std::make_move_iterator(settlements.end()));
    settlements.clear();
    lock.unlock();
    if (!settled.empty()) settle(std::move(settled));
    if (!group.empty()) commit(std::move(group));
    lock.lock();
  }
}

void Committer::Queue::commit(std::vector<FetchJob>&& group) {
  std::vector<Fetch> together;
  together.reserve(group.size());
  for (FetchJob& job : group) together.push_back(std::move(job.fetch));
  auto committed = store.commit(together);
  if (committed) {
    for (std::size_t i = 0; i < group.size(); ++i) group[i].done(std::move((*committed)[i]));
    return;
  }
  const bool one_by_one = group.size() > 1 && !store.trouble();  // one of them cannot be stored: the others can
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!one_by_one) {
      group[i].done(tl::unexpected(committed.error()));
      continue;
    }
    auto alone = store.commit(std::span(&together[i], 1));
    if (alone)
      group[i].done(std::move(alone->front()));
    else
      group[i].done(tl::unexpected(alone.error()));
  }
}

void Committer::Queue::settle(std::vector<SettlementJob>&& group) {
  std::vector<Settlement> together;
  together.reserve(group.size());
  for (SettlementJob& job : group) together.push_back(std::move(job.settlement));
  const Status settled = store.settle(together);
  for (SettlementJob& job : group) job.done(settled);
}

Committer::Committer(Store& store, CommitterLimits limits) : queue_(std::make_unique<Queue>(store, limits)) {
  queue_->thread = std::thread([queue = queue_.get()] { queue->run(); });
}

Committer::~Committer() { close(); }

bool Committer::submit(Fetch&& fetch, Done&& done) {
  {
    const std::lock_guard guard(queue_->mutex);
    const std::size_t waiting = queue_->fetches.size() + queue_->settlements.size();
    // One fetch larger than the limit passes when it is alone: it could never pass otherwise.
    if (queue_->closed || waiting >= queue_->limits.waiting ||
        (queue_->items > 0 && queue_->items + fetch.found.size() > queue_->limits.items))
      return false;
    queue_->items += fetch.found.size();
    queue_->fetches.push_back({std::move(fetch), std::move(done)});
  }
  queue_->work.notify_one();
  return true;
}

bool Committer::submit(Settlement&& settlement, Settled&& done) {
  {
    const std::lock_guard guard(queue_->mutex);
    if (queue_->closed || queue_->fetches.size() + queue_->settlements.size() >= queue_->limits.waiting) return false;
    queue_->settlements.push_back({std::move(settlement), std::move(done)});
  }
  queue_->work.notify_one();
  return true;
}

double Committer::fullness() const {
  const std::lock_guard guard(queue_->mutex);
  const auto share = [](std::size_t part, std::size_t whole) {
    return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  return std::min(1.0, std::max(share(queue_->fetches.size() + queue_->settlements.size(), queue_->limits.waiting),
                                share(queue_->items, queue_->limits.items)));
}

void Committer::close() {
  {
    const std::lock_guard guard(queue_->mutex);
    queue_->closed = true;
  }
  queue_->work.notify_one();
  if (queue_->thread.joinable()) queue_->thread.join();
}

}  // namespace earshot::store
