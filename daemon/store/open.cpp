// Opening: the folder, the lock, the columns, the schema, the lines of the outbox. Every way it can fail has its
// sentence.
#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "store/engine.h"

namespace earshot::store {
namespace {

namespace fs = std::filesystem;
using keys::Column;

Status make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  if (!fs::create_directories(folder, error) && error)
    return tl::unexpected(cannot(fmt::format("make the store's folder {}", folder.string()), error.value()));
  fs::permissions(folder, fs::perms::owner_all, error);  // what people said is nobody else's business
  if (error) return tl::unexpected(cannot(fmt::format("protect {}", folder.string()), error.value()));
  return {};
}

// The columns that are there; an error when one is none of ours.
Result<std::vector<Column>> present(const fs::path& folder, const rocksdb::DBOptions& options) {
  std::vector<std::string> names;
  const rocksdb::Status status = rocksdb::DB::ListColumnFamilies(options, folder.string(), &names);
  if (!status.ok()) return tl::unexpected(cannot(fmt::format("open the store in {}", folder.string()), status, folder));
  std::vector<Column> found;
  for (const std::string& name : names) {
    std::size_t i = 0;
    while (i < keys::columns && keys::name(static_cast<Column>(i)) != name) ++i;
    if (i == keys::columns)
      return fail(
          fmt::format("the store in {} was written by a newer Earshot, or by another program (it holds '{}'). "
                      "Install that version again, or give this one a storage path of its own",
                      folder.string(), name));
    found.push_back(static_cast<Column>(i));
  }
  return found;
}

Result<std::uint64_t> secret_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) return tl::unexpected(cannot("get random bytes", errno));
  return seed;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const fs::path& folder, const Options& options) {
  // Beside a daemon that works, or is just beginning, files come and go between listing and reading them: a moment
  // later all is well.
  constexpr int kTries = 20;
  for (int left = options.read_only ? kTries : 1;; --left) {
    auto engine = std::make_unique<Engine>();
    engine->folder = folder;
    engine->read_only = options.read_only;
    const Status opened = engine->open(options);
    if (opened) return std::unique_ptr<Store>(new Store(std::move(engine)));
    std::error_code ignored;
    if (left == 1 || !fs::exists(folder / "CURRENT", ignored)) return tl::unexpected(opened.error());
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
}

Store::Store(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Store::~Store() = default;

Status Engine::open(const Options& options) {
  std::error_code error;
  const bool fresh = !fs::exists(folder / "CURRENT", error);
  if (error) return tl::unexpected(cannot(fmt::format("look into {}", folder.string()), error.value()));
  if (fresh && (options.read_only || !options.create))
    return fail(fmt::format("there is no store in {} yet: `earshot run` makes it", folder.string()));
  if (!options.read_only) {
    if (auto made = make_folder(folder); !made) return made;
    auto taken = LockFile::take(folder, options.patience);
    if (!taken) return tl::unexpected(taken.error());
    lock = std::move(*taken);
  }

  const Tuning tuning(options);
  cache = tuning.cache;
  std::vector<Column> columns;
  if (fresh || !options.read_only)
    for (std::size_t c = 0; c < keys::columns; ++c) columns.push_back(static_cast<Column>(c));
  if (!fresh) {
    auto found = present(folder, tuning.db);
    if (!found) return tl::unexpected(found.error());
    if (options.read_only) columns = std::move(*found);
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.reserve(columns.size());
  for (const Column column : columns) descriptors.emplace_back(keys::name(column), tuning.column(column, expired));
  std::vector<rocksdb::ColumnFamilyHandle*> opened_handles;
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status =
      options.read_only ? rocksdb::DB::OpenForReadOnly(tuning.db, folder.string(), descriptors, &opened_handles, &raw)
                        : rocksdb::DB::Open(tuning.db, folder.string(), descriptors, &opened_handles, &raw);
  if (!status.ok()) {
    Error said = cannot(fmt::format("open the store in {}", folder.string()), status, folder);
    // The manifest was read before, and damage to a table names its file: what is left is the log.
    if (status.IsCorruption() && !options.salvage && status.ToString().find(".sst") == std::string::npos)
      said.message +=
          "; or, with that copy at hand, start once with `earshot run --salvage`: that gives up the last writes, "
          "from the damage on";
    return tl::unexpected(std::move(said));
  }
  db.reset(raw);
  for (std::size_t c = 0; c < columns.size(); ++c) handles[keys::at(columns[c])] = opened_handles[c];
  if (auto checked = check_schema(fresh); !checked) return checked;
  return load_lines();
}

Status Engine::check_schema(bool fresh) {
  if (std::find(handles.begin(), handles.end(), nullptr) != handles.end())
    return fail(
        fmt::format("the store in {} is not complete yet: `earshot run` is making it at this moment (try again), or an "
                    "older Earshot wrote it (then start `earshot run` once)",
                    folder.string()));
  auto written = get(Column::meta, keys::schema_key, "the store's version");
  if (!written) return tl::unexpected(written.error());
  if (!*written) {
    // A crash between making the store and this line leaves an empty one, which is as good as none.
    const auto row = scan(Column::seen, "", "");
    if (auto all = scanned(*row, "the store"); !all) return all;
    if (read_only || (!fresh && row->rows->Valid())) return tl::unexpected(damaged("its version", folder));
    auto seed = secret_seed();
    if (!seed) return tl::unexpected(seed.error());
    std::string version, secret;
    keys::put(version, keys::schema);
    keys::put(secret, *seed);
    fingerprint.seed = *seed;
    rocksdb::WriteBatch batch;
    batch.Put(at(Column::meta), rocksdb::Slice(keys::schema_key), version).PermitUncheckedError();
    batch.Put(at(Column::meta), rocksdb::Slice(keys::seed_key), secret).PermitUncheckedError();
    return write(batch, "make the store");
  }
  std::string_view bytes = **written;
  const auto version = keys::take<std::uint32_t>(bytes);
  if (!version || *version == 0) return tl::unexpected(damaged("its version", folder));
  if (*version > keys::schema)
    return fail(
        fmt::format("the store in {} was written by a newer Earshot (schema {}, this one knows {}). Install that "
                    "version again; this one would spoil it",
                    folder.string(), *version, keys::schema));
  auto seed = get(Column::meta, keys::seed_key, "the store's seed");
  if (!seed) return tl::unexpected(seed.error());
  bytes = *seed ? std::string_view(**seed) : std::string_view{};
  const auto number = keys::take<std::uint64_t>(bytes);
  if (!number) return tl::unexpected(damaged("its seed", folder));
  fingerprint.seed = *number;
  auto next = get(Column::meta, keys::next_key, "the number of the next delivery");
  if (!next) return tl::unexpected(next.error());
  if (*next) {
    bytes = **next;
    const auto value = keys::take<std::uint64_t>(bytes);
    if (!value) return tl::unexpected(damaged("the number of the next delivery", folder));
    next_number = *value;
  }
  return {};
}

Status Engine::load_lines() {
  const std::lock_guard guard(lines_mutex);
  const auto owed = scan(Column::outbox, "", "", false);
  for (; owed->rows->Valid(); owed->rows->Next()) {
    const auto key = keys::read_delivery(view(owed->rows->key()));
    if (!key) return tl::unexpected(damaged("a delivery", folder));
    const auto [line, first] = lines.try_emplace(std::string(key->channel));
    if (first) line->second.head = key->number;
    ++line->second.count;
  }
  if (auto all = scanned(*owed, "the outbox"); !all) return all;
  const auto letters = scan(Column::dead, "", "", false);
  for (; letters->rows->Valid(); letters->rows->Next()) ++dead;
  return scanned(*letters, "the dead letters");
}

}  // namespace earshot::store
