// Alerts on their way into the outbox, inside somebody's batch.
#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "store/engine.h"

namespace earshot::store {

// Numbers alerts on from `next` and puts them at the end of their channels' lines. Call under Engine::writing: add…
// then finish, and done once the batch is written; without done nothing has happened.
class Enqueuing {
 public:
  explicit Enqueuing(const Engine& engine) : engine_(engine), first_(engine.next_number), next_(engine.next_number) {}
  static Status check(const Alert& alert);
  void add(rocksdb::WriteBatch& batch, Counting& counting, const Alert& alert, Time now);
  // A delivery that is owed again: keeps its alert and when it was first owed.
  void add(rocksdb::WriteBatch& batch, const Delivery& delivery);
  Status write(Engine& engine, rocksdb::WriteBatch& batch, std::string_view what) const;

 private:
  const Engine& engine_;
  std::uint64_t first_, next_;
  std::vector<std::string> channels_;  // of number first_ + i
};

}  // namespace earshot::store
