// Group commit: collects what many threads want written and writes it as one durable act, because one sync of the disk
// costs as much for a hundred fetches as for one. While one group is being synced the next one gathers.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "core/result.h"
#include "store/commit.h"
#include "store/delivery.h"

namespace earshot::store {

class Store;

struct CommitterLimits {
  std::size_t waiting = 1024;  // fetches and settlements that may wait; beyond that submit says no
  std::size_t items = 50'000;  // candidates that may wait, over all fetches
  std::size_t group = 256;     // fetches in one write
};

class Committer {
 public:
  // Called once for each accepted submission, on the committer's thread: hand over and return. It may submit again.
  using Done = std::function<void(Result<Committed>)>;
  using Settled = std::function<void(Status)>;

  // Starts the thread. `store` must outlive it.
  explicit Committer(Store& store, CommitterLimits limits = {});
  // close()
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // False: the queue is full or closed, and the argument is untouched. Wait for one of your own to be done, then try
  // again.
  [[nodiscard]] bool submit(Fetch&& fetch, Done&& done);
  [[nodiscard]] bool submit(Settlement&& settlement, Settled&& done);
  // How much is waiting, 0…1 of the limits: slow down before it is 1.
  double fullness() const;
  // Takes nothing more, writes what waits, and returns when every callback has returned. Not from a callback.
  void close();

 private:
  struct Queue;
  std::unique_ptr<Queue> queue_;
};

}  // namespace earshot::store
