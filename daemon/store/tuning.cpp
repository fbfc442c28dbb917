#include "store/tuning.h"

#include <rocksdb/compaction_filter.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/merge_operator.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>

namespace earshot::store {
namespace {

using keys::Column;

// Expired fingerprints leave when a compaction passes by: no reads, no tombstones, no work of their own.
class Expire final : public rocksdb::CompactionFilter {
 public:
  explicit Expire(const ExpiryDays& days)
      : fingerprints_(days.fingerprints.load(std::memory_order_relaxed)),
        bands_(days.bands.load(std::memory_order_relaxed)) {}
  const char* Name() const override { return "earshot.Expire"; }
  Decision FilterV2(int, const rocksdb::Slice& key, ValueType type, const rocksdb::Slice& value, std::string*,
                    std::string*) const override {
    if (type != ValueType::kValue) return Decision::kKeep;
    const auto day = keys::read_day({value.data(), value.size()});
    return day && *day < (keys::is_band({key.data(), key.size()}) ? bands_ : fingerprints_) ? Decision::kRemove
                                                                                            : Decision::kKeep;
  }

 private:
  std::uint16_t fingerprints_, bands_;
};

class ExpireFactory final : public rocksdb::CompactionFilterFactory {
 public:
  explicit ExpireFactory(std::shared_ptr<const ExpiryDays> days) : days_(std::move(days)) {}
  const char* Name() const override { return "earshot.ExpireFactory"; }
  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context&) override {
    return std::make_unique<Expire>(*days_);
  }

 private:
  std::shared_ptr<const ExpiryDays> days_;
};

// RocksDB's own log file is left out: on a full disk its writer fails, and at the next line an assertion of Debian's
// build ends the process. Our log is not the disk that is full.
class Warnings final : public rocksdb::Logger {
 public:
  explicit Warnings(std::function<void(std::string_view)> to)
      : Logger(to ? rocksdb::InfoLogLevel::WARN_LEVEL : rocksdb::InfoLogLevel::NUM_INFO_LOG_LEVELS),
        to_(std::move(to)) {}
  using Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    if (!to_) return;
    std::array<char, 1024> line{};
    const int size = std::vsnprintf(line.data(), line.size(), format, arguments);
    if (size > 0) to_({line.data(), std::min(static_cast<std::size_t>(size), line.size() - 1)});
  }

 private:
  std::function<void(std::string_view)> to_;
};

// When writing goes on after a full disk is for the daemon to say (Store::resume), not for a thread of the engine's.
class NoRecoveryOfItsOwn final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

}  // namespace

Tuning::Tuning(const Options& options) {
  const std::uint64_t memory = std::max<std::uint64_t>(options.memory_bytes, 16ull << 20);
  cache = rocksdb::NewLRUCache(memory, -1, false, 0.5);
  // Write buffers are charged to the cache, so that the two together stay within the bound.
  db.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(memory / 4, cache);

  db.create_if_missing = options.create && !options.read_only;
  db.create_missing_column_families = !options.read_only;
  db.paranoid_checks = true;
  // A half-written record at the end of the log is what a crash leaves behind and holds nothing that was acknowledged.
  // Damage anywhere else would silently swallow what follows it (point in time), so it stops the opening.
  db.wal_recovery_mode = options.salvage ? rocksdb::WALRecoveryMode::kPointInTimeRecovery
                                         : rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Not recycled: a reused log ends in old records, which cannot be told from damage.
  db.recycle_log_file_num = 0;
  // Bounds the time of recovery, and what a reader beside the daemon replays when it opens.
  db.max_total_wal_size = 64ull << 20;
  // A reader beside the daemon opens every file at once, so that none is deleted under it. The daemon needs its file
  // descriptors for connections.
  db.max_open_files = options.read_only ? -1 : 256;
  db.max_background_jobs = 2;
  db.bytes_per_sync = 1 << 20;                // no write-back storms behind a large file
  db.wal_bytes_per_sync = 0;                  // every group commit syncs anyway
  db.manifest_preallocation_size = 64 << 10;  // the usual 4 MB are most of a small disk
  db.info_log = std::make_shared<Warnings>(options.log);
  db.listeners.push_back(std::make_shared<NoRecoveryOfItsOwn>());
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
}

rocksdb::ColumnFamilyOptions Tuning::column(Column column, std::shared_ptr<const ExpiryDays> expired) const {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.format_version = 5;
  // Indexes and filters live in the cache, in parts: 30 times slower unpartitioned when the cache is small.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.pin_top_level_index_and_filter = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.metadata_block_size = 4096;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));

  options.write_buffer_size = 8 << 20;
  options.arena_block_size = 64 << 10;  // twelve columns idle in a few MB
  options.compression = rocksdb::kLZ4Compression;
  switch (column) {
    case Column::seen:
      options.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(keys::seen_prefix));
      options.write_buffer_size = 16 << 20;
      options.compaction_filter_factory = std::make_shared<ExpireFactory>(std::move(expired));
      options.compression = rocksdb::kNoCompression;  // hashes do not shrink
      options.memtable_prefix_bloom_size_ratio = 0.05;
      options.memtable_whole_key_filtering = true;
      break;
    case Column::links:
      options.compaction_filter_factory = std::make_shared<ExpireFactory>(std::move(expired));
      options.memtable_whole_key_filtering = true;
      options.memtable_prefix_bloom_size_ratio = 0.05;
      options.write_buffer_size = 16 << 20;
      break;
    case Column::mentions:
      // Written in order of time and hardly ever moved, so the compression of the first write is the one that stays.
      options.compression = rocksdb::kZSTD;
      options.write_buffer_size = 32 << 20;
      table.block_size = 16 << 10;
      break;
    case Column::index:
    case Column::trail: options.write_buffer_size = 16 << 20; break;
    case Column::outbox:
      // A queue: what was settled leaves tombstones at its head, which a reader should not have to step over.
      options.table_properties_collector_factories.push_back(
          rocksdb::NewCompactOnDeletionCollectorFactory(1024, 512, 0.5));
      break;
    case Column::counters:
      rocksdb::MergeOperator::CreateFromString(rocksdb::ConfigOptions{}, "uint64add", &options.merge_operator)
          .PermitUncheckedError();
      break;
    default: break;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace earshot::store
