// Sources' states and other rooms' notes: plain rows by name.
#include <fmt/format.h>

#include "store/engine.h"
#include "store/records.h"

namespace earshot::store {

using keys::Column;

Result<std::optional<SourceState>> Store::source(std::string_view name) const {
  auto value = engine_->get(Column::sources, name, fmt::format("source '{}'", name));
  if (!value) return tl::unexpected(value.error());
  if (!*value) return std::optional<SourceState>{};
  auto state = records::read_source(name, **value);
  if (!state) return tl::unexpected(damaged(fmt::format("the state of source '{}'", name), engine_->folder));
  return state;
}

Status Store::each_source(const std::function<void(std::string_view, Time)>& visit) const {
  const auto all = engine_->scan(Column::sources, "", "", false);
  for (; all->rows->Valid(); all->rows->Next()) {
    const std::string_view name = view(all->rows->key());
    const auto due = records::read_next_due(view(all->rows->value()));
    if (!due) return tl::unexpected(damaged(fmt::format("the state of source '{}'", name), engine_->folder));
    visit(name, *due);
  }
  return engine_->scanned(*all, "the sources");
}

Status Store::put_source(const SourceState& state, std::span<const Note> notes) {
  if (auto may = engine_->writable(); !may) return may;
  if (state.name.empty()) return fail("a source without a name cannot be stored");
  const std::lock_guard guard(engine_->writing);
  rocksdb::WriteBatch batch;
  batch.Put(engine_->at(Column::sources), state.name, records::write(state)).PermitUncheckedError();
  engine_->put_notes(batch, notes);
  return engine_->write(batch, fmt::format("store the state of source '{}'", state.name));
}

Status Store::forget_source(std::string_view name) {
  if (auto may = engine_->writable(); !may) return may;
  const std::lock_guard guard(engine_->writing);
  rocksdb::WriteBatch batch;
  batch.Delete(engine_->at(Column::sources), rocksdb::Slice(name)).PermitUncheckedError();
  return engine_->write(batch, fmt::format("forget source '{}'", name));
}

Result<std::optional<std::string>> Store::note(std::string_view key) const {
  return engine_->get(Column::notes, key, fmt::format("note '{}'", key));
}

const std::filesystem::path& Store::folder() const { return engine_->folder; }

Result<std::vector<Note>> Store::notes(std::string_view prefix, std::size_t limit) const {
  const auto all = engine_->scan(Column::notes, prefix, keys::after(std::string(prefix)));
  std::vector<Note> notes;
  for (; all->rows->Valid() && notes.size() < limit; all->rows->Next())
    notes.push_back({all->rows->key().ToString(), all->rows->value().ToString()});
  if (auto read = engine_->scanned(*all, "notes"); !read) return tl::unexpected(read.error());
  return notes;
}

}  // namespace earshot::store
