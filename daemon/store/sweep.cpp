// Retention: what is older than it may be goes, from the oldest on and a bounded number at a time.
#include <fmt/format.h>

#include <algorithm>

#include "store/engine.h"
#include "store/records.h"

namespace earshot::store {
namespace {

using keys::Column;

constexpr auto least_fingerprints = std::chrono::days{30};
// A fingerprint's day may lag behind its last listing by as much as it is refreshed (commit.cpp), and a day is whole.
constexpr auto slack = std::chrono::days{8};

class Sweeping {
 public:
  Sweeping(Engine& engine, std::size_t budget) : engine_(engine), budget_(budget) {}

  Status mentions(keys::Kind kind, Time before);
  Status arrived(Time before);
  Status dead(Time before);
  Status counters(Time before);
  Result<Swept> finish();

 private:
  Status mention(std::string_view key, std::string_view value);
  bool spend() {
    if (budget_ == 0) swept_.more = true;
    return budget_ > 0 && budget_-- > 0;
  }
  void remove(Column column, std::string_view key) {
    batch_.Delete(engine_.at(column), rocksdb::Slice(key)).PermitUncheckedError();
  }
  // Where the last call left off: what lies before is tombstones. Not stored: after a restart one scan passes over
  // them.
  std::string from(const std::string& place, std::string_view begin) const {
    const auto cursor = engine_.sweep_cursors.find(place);
    return cursor == engine_.sweep_cursors.end() ? std::string(begin) : cursor->second;
  }

  Engine& engine_;
  std::size_t budget_;
  rocksdb::WriteBatch batch_;
  std::map<std::string, std::string> cursors_;
  Swept swept_;
};

Status Sweeping::mentions(keys::Kind kind, Time before) {
  const std::string begin(1, static_cast<char>(kind));
  std::string end = begin;
  keys::put(end, before);
  const std::string start = from(begin, begin);
  if (start >= end) return {};
  const auto scan = engine_.scan(Column::mentions, start, end, false);
  for (; scan->rows->Valid(); scan->rows->Next()) {
    if (!spend()) break;
    cursors_[begin] = scan->rows->key().ToString();
    if (auto gone = mention(view(scan->rows->key()), view(scan->rows->value())); !gone) return gone;
  }
  return engine_.scanned(*scan, "old mentions");
}

Status Sweeping::mention(std::string_view key, std::string_view value) {
  const auto kind = keys::read_kind(key);
  const auto place = keys::read_place(key);
  const auto mention = records::read_mention(value);
  if (!kind || !place || !mention) return tl::unexpected(damaged("an old mention", engine_.folder));
  remove(Column::mentions, key);
  std::string row = keys::source_row(engine_.fingerprint.of(mention->source), *kind);
  keys::put(row, *place);
  remove(Column::index, row);
  for (const TopicMatch& match : mention->matches) {
    row = keys::topic_row(engine_.fingerprint.of(match.topic));
    keys::put(row, *place);
    remove(Column::index, row);
  }
  const std::string trail = keys::trail(mention->id);
  const auto scan = engine_.scan(Column::trail, trail, keys::after(trail), false);
  for (; scan->rows->Valid(); scan->rows->Next()) remove(Column::trail, view(scan->rows->key()));
  ++swept_.mentions;
  return engine_.scanned(*scan, "an old mention's trail");
}

Status Sweeping::arrived(Time before) {
  const std::string start = from("arrived", ""), end = keys::arrived(before, 0);
  if (start >= end) return {};
  const auto scan = engine_.scan(Column::arrived, start, end, false);
  for (; scan->rows->Valid(); scan->rows->Next()) {
    if (!spend()) break;
    cursors_["arrived"] = scan->rows->key().ToString();
    remove(Column::arrived, view(scan->rows->key()));
    ++swept_.deliveries;
  }
  return engine_.scanned(*scan, "old deliveries");
}

// Dead letters lie by channel, not by age: all of them are passed in turn, over as many calls as it takes.
Status Sweeping::dead(Time before) {
  const auto scan = engine_.scan(Column::dead, from("dead", ""), "", false);
  std::size_t looked = 0;
  for (; scan->rows->Valid(); scan->rows->Next(), ++looked) {
    if (looked >= 1000) {
      cursors_["dead"] = scan->rows->key().ToString();
      return {};
    }
    const auto died = records::read_died(view(scan->rows->value()));
    if (!died) return tl::unexpected(damaged("a dead letter", engine_.folder));
    if (*died >= before) continue;
    if (!spend()) {
      cursors_["dead"] = scan->rows->key().ToString();
      return {};
    }
    remove(Column::dead, view(scan->rows->key()));
    ++swept_.dead_letters;
  }
  cursors_["dead"] = "";
  return engine_.scanned(*scan, "dead letters");
}

Status Sweeping::counters(Time before) {
  const auto day = std::chrono::floor<std::chrono::days>(before).time_since_epoch().count();
  const std::string end = keys::counter(static_cast<std::int32_t>(day), "");
  const auto scan = engine_.scan(Column::counters, "", end, false);
  for (; scan->rows->Valid() && spend(); scan->rows->Next()) remove(Column::counters, view(scan->rows->key()));
  return engine_.scanned(*scan, "old counters");
}

Result<Swept> Sweeping::finish() {
  // Not synced: a crash only means that the same is swept again.
  if (batch_.Count() > 0)
    if (auto written = engine_.write(batch_, "drop what is too old", false); !written)
      return tl::unexpected(written.error());
  for (auto& [place, cursor] : cursors_) engine_.sweep_cursors[place] = std::move(cursor);
  const std::lock_guard guard(engine_.lines_mutex);
  engine_.dead -= std::min<std::uint64_t>(engine_.dead, swept_.dead_letters);
  return swept_;
}

}  // namespace

Result<Swept> Store::sweep(const Retention& retention, Time now, std::size_t budget) {
  if (auto may = engine_->writable(); !may) return tl::unexpected(may.error());
  const Duration fingerprints =
      std::max<Duration>({retention.fingerprints, retention.mentions, retention.unmatched, least_fingerprints});
  engine_->expired->fingerprints.store(keys::day_of(now - fingerprints - slack), std::memory_order_relaxed);
  engine_->expired->bands.store(keys::day_of(now - retention.bands), std::memory_order_relaxed);

  const std::lock_guard guard(engine_->writing);
  Sweeping sweeping(*engine_, std::max<std::size_t>(budget, 1));
  Status done = sweeping.mentions(keys::Kind::unmatched, now - retention.unmatched);
  if (done) done = sweeping.mentions(keys::Kind::matched, now - retention.mentions);
  if (done) done = sweeping.arrived(now - retention.deliveries);
  if (done) done = sweeping.dead(now - retention.dead_letters);
  if (done) done = sweeping.counters(now - retention.counters);
  if (!done) return tl::unexpected(done.error());
  return sweeping.finish();
}

}  // namespace earshot::store
