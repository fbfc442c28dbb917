// How RocksDB is set up: one place for every knob, each with its reason.
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/options.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "store/keys.h"
#include "store/store.h"

namespace earshot::store {

// What bears a day before these goes at the next compaction; 0: none. Set by sweep(), read by compactions.
struct ExpiryDays {
  std::atomic<std::uint16_t> fingerprints = 0;
  std::atomic<std::uint16_t> bands = 0;  // by which stories are found again
};

struct Tuning {
  std::shared_ptr<rocksdb::Cache> cache;  // blocks, indexes, filters and write buffers: one bound for all
  rocksdb::DBOptions db;
  rocksdb::ColumnFamilyOptions column(keys::Column column, std::shared_ptr<const ExpiryDays> expired) const;

  explicit Tuning(const Options& options);
};

}  // namespace earshot::store
