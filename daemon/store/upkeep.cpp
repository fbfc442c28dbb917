// Figures, trouble and backups.
#include <fmt/format.h>
#include <rocksdb/utilities/checkpoint.h>

#include <memory>

#include "store/engine.h"

namespace earshot::store {

using keys::Column;

Stats Store::stats() const {
  const auto figure = [this](Column column, const char* property) {
    std::uint64_t value = 0;
    // A property that is not there leaves 0, which is what is shown then.
    (void)engine_->db->GetIntProperty(engine_->at(column), property, &value);
    return value;
  };
  Stats stats;
  stats.sources = figure(Column::sources, "rocksdb.estimate-num-keys");
  stats.mentions = figure(Column::mentions, "rocksdb.estimate-num-keys");
  stats.fingerprints = figure(Column::seen, "rocksdb.estimate-num-keys");
  for (std::size_t i = 0; i < keys::columns; ++i) {
    const auto column = static_cast<Column>(i);
    stats.disk_bytes += figure(column, "rocksdb.total-sst-files-size");
    stats.memory_bytes +=
        figure(column, "rocksdb.cur-size-all-mem-tables") + figure(column, "rocksdb.estimate-table-readers-mem");
  }
  stats.memory_bytes += engine_->cache->GetUsage();
  const std::lock_guard guard(engine_->lines_mutex);
  for (const auto& [channel, line] : engine_->lines) stats.owed += line.count;
  stats.dead = engine_->dead;
  return stats;
}

std::optional<Error> Store::trouble() const {
  const std::lock_guard guard(engine_->trouble_mutex);
  return engine_->trouble;
}

Status Store::resume() {
  if (auto may = engine_->writable(); !may) return may;
  const std::lock_guard guard(engine_->writing);
  const rocksdb::Status status = engine_->db->Resume();
  const std::lock_guard trouble(engine_->trouble_mutex);
  if (status.ok()) {
    engine_->trouble.reset();
    return {};
  }
  engine_->trouble = cannot("write again", status, engine_->folder);
  return tl::unexpected(*engine_->trouble);
}

Status Store::compact() {
  if (auto may = engine_->writable(); !may) return may;
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  for (std::size_t i = 0; i < keys::columns; ++i) {
    const rocksdb::Status status =
        engine_->db->CompactRange(options, engine_->at(static_cast<Column>(i)), nullptr, nullptr);
    if (!status.ok()) return tl::unexpected(cannot("compact the store", status, engine_->folder));
  }
  return {};
}

Status Store::backup(const std::filesystem::path& folder) const {
  if (auto may = engine_->writable(); !may) return may;
  const std::string what = fmt::format("back up to {}", folder.string());
  rocksdb::Checkpoint* raw = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(engine_->db.get(), &raw);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder.string());
  if (!status.ok()) return tl::unexpected(cannot(what, status, folder));
  return {};
}

}  // namespace earshot::store
