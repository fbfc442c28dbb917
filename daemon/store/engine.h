// The inside of the store that its acts share: the open database, the one writer's lock, the lines of the outbox.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/keys.h"
#include "store/lock_file.h"
#include "store/store.h"
#include "store/trouble.h"
#include "store/tuning.h"

namespace earshot::store {

inline std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// What a channel is owed, without reading it: kept in memory, counted at opening.
struct Line {
  std::uint64_t count = 0;
  std::uint64_t head = 0;  // no number below this is owed: a scan begins here and not among the tombstones before it
};

// What a batch adds to the day's counters, summed so that a group of fetches merges each name once.
class Counting {
 public:
  void add(Time at, std::string_view name, std::uint64_t value = 1);
  std::map<std::string, std::uint64_t> by_key;
};

struct Engine {
  std::filesystem::path folder;
  LockFile lock;
  std::shared_ptr<ExpiryDays> expired = std::make_shared<ExpiryDays>();
  std::shared_ptr<rocksdb::Cache> cache;
  bool read_only = false;
  keys::Fingerprinter fingerprint;

  // One writer at a time: what is new is decided by reading and then writing, and nobody may come between. Loses
  // nothing, as writers are grouped anyway (committer.h).
  std::mutex writing;
  std::uint64_t next_number = 1;                     // guarded by `writing`
  std::map<std::string, std::string> sweep_cursors;  // guarded by `writing`

  mutable std::mutex lines_mutex;
  std::map<std::string, Line, std::less<>> lines;  // guarded by `lines_mutex`, changed under `writing` too
  std::uint64_t dead = 0;                          // guarded by `lines_mutex`

  mutable std::mutex trouble_mutex;
  std::optional<Error> trouble;

  // Last, so that it closes before what it uses goes.
  std::array<rocksdb::ColumnFamilyHandle*, keys::columns> handles{};
  std::unique_ptr<rocksdb::DB> db;

  ~Engine();

  Status open(const Options& options);

  rocksdb::ColumnFamilyHandle* at(keys::Column column) const { return handles[keys::at(column)]; }
  // Nothing: there is no such key.
  Result<std::optional<std::string>> get(keys::Column column, std::string_view key, std::string_view what) const;
  // Rows [from, to) of a column; `to` must outlive the iterator (empty: to the end). A scan that ends on an error must
  // be asked for it: scanned().
  struct Scan {
    std::string to;
    rocksdb::Slice bound;
    std::unique_ptr<rocksdb::Iterator> rows;
  };
  std::unique_ptr<Scan> scan(keys::Column column, std::string_view from, std::string to, bool fill_cache = true) const;
  Status scanned(const Scan& scan, std::string_view what) const;

  // Acts that write begin with this.
  Status writable() const;
  void count(rocksdb::WriteBatch& batch, const Counting& counting) const;
  void put_notes(rocksdb::WriteBatch& batch, std::span<const Note> notes) const;
  // Durable when it returns without error; whole or not at all either way. Remembers trouble.
  Status write(rocksdb::WriteBatch& batch, std::string_view what, bool durable = true);

 private:
  Status check_schema(bool fresh);
  Status load_lines();
};

}  // namespace earshot::store
