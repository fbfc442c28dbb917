#include "store/engine.h"

#include <fmt/format.h>

#include <utility>

namespace earshot::store {

void Counting::add(Time at, std::string_view name, std::uint64_t value) {
  const auto day = std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
  by_key[keys::counter(static_cast<std::int32_t>(day), name)] += value;
}

Engine::~Engine() {
  if (!db) return;
  for (rocksdb::ColumnFamilyHandle* handle : handles)
    if (handle != nullptr) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  // What was acknowledged is in the synced log; an error here loses nothing.
  db->Close().PermitUncheckedError();
}

Result<std::optional<std::string>> Engine::get(keys::Column column, std::string_view key, std::string_view what) const {
  std::string value;
  const rocksdb::Status status = db->Get({}, at(column), rocksdb::Slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return tl::unexpected(cannot(fmt::format("read {}", what), status, folder));
  return std::optional<std::string>{std::move(value)};
}

std::unique_ptr<Engine::Scan> Engine::scan(keys::Column column, std::string_view from, std::string to,
                                           bool fill_cache) const {
  auto scan = std::make_unique<Scan>();
  scan->to = std::move(to);
  scan->bound = scan->to;
  rocksdb::ReadOptions options;
  if (!scan->to.empty()) options.iterate_upper_bound = &scan->bound;
  options.fill_cache = fill_cache;
  options.total_order_seek = true;
  scan->rows.reset(db->NewIterator(options, at(column)));
  scan->rows->Seek(rocksdb::Slice(from));
  return scan;
}

Status Engine::scanned(const Scan& scan, std::string_view what) const {
  const rocksdb::Status status = scan.rows->status();
  if (!status.ok()) return tl::unexpected(cannot(fmt::format("read {}", what), status, folder));
  return {};
}

Status Engine::writable() const {
  if (read_only) return fail(fmt::format("the store in {} was opened for looking only", folder.string()));
  return {};
}

void Engine::count(rocksdb::WriteBatch& batch, const Counting& counting) const {
  for (const auto& [key, value] : counting.by_key)
    batch.Merge(at(keys::Column::counters), key, keys::counter_value(value)).PermitUncheckedError();
}

void Engine::put_notes(rocksdb::WriteBatch& batch, std::span<const Note> notes) const {
  for (const Note& note : notes) {
    if (note.value)
      batch.Put(at(keys::Column::notes), note.key, *note.value).PermitUncheckedError();
    else
      batch.Delete(at(keys::Column::notes), note.key).PermitUncheckedError();
  }
}

Status Engine::write(rocksdb::WriteBatch& batch, std::string_view what, bool durable) {
  // After a failed write RocksDB is not asked again until resume(): Debian's build ends the process by an assertion
  // when a file that failed is written to.
  if (const std::lock_guard guard(trouble_mutex); trouble) return tl::unexpected(*trouble);
  rocksdb::WriteOptions options;
  options.sync = durable;
  const rocksdb::Status status = db->Write(options, &batch);
  const std::lock_guard guard(trouble_mutex);
  if (status.ok()) {
    trouble.reset();
    return {};
  }
  trouble = cannot(what, status, folder);
  return tl::unexpected(*trouble);
}

}  // namespace earshot::store
