// The outbox: one line per channel, in the order of commit; and the dead letters.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "store/engine.h"
#include "store/enqueue.h"
#include "store/records.h"

namespace earshot::store {
namespace {

using keys::Column;

constexpr std::size_t max_channel = 1024, max_ids = 50, chunk = 500;

Arrived arrived_of(Delivery&& delivery, const Settlement& settlement, const Delivered& delivered) {
  Arrived arrived;
  arrived.number = delivery.number;
  arrived.channel = settlement.channel;
  arrived.delivery_id = std::move(delivery.alert.delivery_id);
  arrived.remote_id = delivered.remote_id;
  arrived.editable = delivered.editable;
  arrived.total = delivery.alert.total;
  arrived.kind = delivery.alert.kind;
  for (const Mention& mention : delivery.alert.mentions)
    if (arrived.mention_ids.size() < max_ids) arrived.mention_ids.push_back(mention.id);
  arrived.owed_since = delivery.owed_since;
  arrived.at = settlement.at;
  arrived.attempts = delivery.attempts + 1;
  arrived.tries = std::move(delivery.tries);
  return arrived;
}

}  // namespace

Status Enqueuing::check(const Alert& alert) {
  if (alert.channel.empty() || alert.channel.size() > max_channel)
    return fail(fmt::format("alert {}: a channel's name must have 1 to {} characters", alert.delivery_id, max_channel));
  return {};
}

void Enqueuing::add(rocksdb::WriteBatch& batch, Counting& counting, const Alert& alert, Time now) {
  counting.add(now, "alerts/" + alert.channel);
  Delivery delivery;
  delivery.alert = alert;
  delivery.owed_since = now;
  add(batch, delivery);
}

void Enqueuing::add(rocksdb::WriteBatch& batch, const Delivery& delivery) {
  const std::string& channel = delivery.alert.channel;
  batch.Put(engine_.at(Column::outbox), keys::delivery(channel, next_), records::write(delivery))
      .PermitUncheckedError();
  channels_.push_back(channel);
  ++next_;
}

Status Enqueuing::write(Engine& engine, rocksdb::WriteBatch& batch, std::string_view what) const {
  if (!channels_.empty()) {
    std::string next;
    keys::put(next, next_);
    batch.Put(engine.at(Column::meta), rocksdb::Slice(keys::next_key), next).PermitUncheckedError();
  }
  // Spent also when the write fails: a batch that reached the log, but not for certain, may yet come back.
  engine.next_number = next_;
  if (auto written = engine.write(batch, what); !written) return written;
  const std::lock_guard guard(engine.lines_mutex);
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    const auto [line, first] = engine.lines.try_emplace(channels_[i]);
    if (first || line->second.count == 0) line->second.head = first_ + i;
    ++line->second.count;
  }
  return {};
}

Status Store::enqueue(std::span<const Alert> alerts, std::span<const Note> notes, Time now) {
  if (auto may = engine_->writable(); !may) return may;
  for (const Alert& alert : alerts)
    if (auto fine = Enqueuing::check(alert); !fine) return fine;
  const std::lock_guard guard(engine_->writing);
  rocksdb::WriteBatch batch;
  Counting counting;
  Enqueuing enqueuing(*engine_);
  for (const Alert& alert : alerts) enqueuing.add(batch, counting, alert, now);
  engine_->put_notes(batch, notes);
  engine_->count(batch, counting);
  return enqueuing.write(*engine_, batch, "put alerts into the outbox");
}

Result<std::vector<Owing>> Store::pending() const {
  std::vector<std::pair<std::string, Line>> lines;
  {
    const std::lock_guard guard(engine_->lines_mutex);
    for (const auto& [channel, line] : engine_->lines)
      if (line.count > 0) lines.emplace_back(channel, line);
  }
  std::vector<Owing> owing;
  for (const auto& [channel, line] : lines) {
    auto first = peek(channel, 1);
    if (!first) return tl::unexpected(first.error());
    if (!first->empty()) owing.push_back({channel, line.count, first->front().owed_since});
  }
  return owing;
}

Result<std::vector<Delivery>> Store::peek(std::string_view channel, std::size_t limit, std::uint64_t after) const {
  std::uint64_t head = 0;
  {
    const std::lock_guard guard(engine_->lines_mutex);
    const auto line = engine_->lines.find(channel);
    if (line == engine_->lines.end() || line->second.count == 0) return std::vector<Delivery>{};
    head = line->second.head;
  }
  std::vector<Delivery> deliveries;
  if (after == std::numeric_limits<std::uint64_t>::max()) return deliveries;
  const auto scan = engine_->scan(Column::outbox, keys::delivery(channel, std::max(head, after == 0 ? 0 : after + 1)),
                                  keys::after(keys::line(channel)));
  for (; scan->rows->Valid() && deliveries.size() < limit; scan->rows->Next()) {
    const auto key = keys::read_delivery(view(scan->rows->key()));
    auto delivery = key ? records::read_delivery(channel, key->number, view(scan->rows->value())) : std::nullopt;
    if (!delivery) return tl::unexpected(damaged(fmt::format("a delivery of channel '{}'", channel), engine_->folder));
    deliveries.push_back(std::move(*delivery));
  }
  if (auto read = engine_->scanned(*scan, "the outbox"); !read) return tl::unexpected(read.error());
  return deliveries;
}

std::uint64_t Store::owed(std::string_view channel) const {
  const std::lock_guard guard(engine_->lines_mutex);
  const auto line = engine_->lines.find(channel);
  return line == engine_->lines.end() ? 0 : line->second.count;
}

Status Store::fold(std::span<const std::uint64_t> numbers, const Alert& into, Time now) {
  if (auto may = engine_->writable(); !may) return may;
  if (numbers.empty()) return {};
  const std::lock_guard guard(engine_->writing);
  rocksdb::WriteBatch batch;
  std::optional<Delivery> first;
  for (const std::uint64_t number : numbers) {
    const std::string key = keys::delivery(into.channel, number);
    const std::string what = fmt::format("delivery {} of channel '{}'", number, into.channel);
    auto value = engine_->get(Column::outbox, key, what);
    if (!value) return tl::unexpected(value.error());
    if (!*value) return fail(fmt::format("{} is owed no more", what));
    batch.Delete(engine_->at(Column::outbox), key).PermitUncheckedError();
    if (first) continue;
    first = records::read_delivery(into.channel, number, **value);
    if (!first) return tl::unexpected(damaged(what, engine_->folder));
  }
  first->alert = into;
  first->progress.clear();
  first->tries.push_back({now, fmt::format("{} alerts that waited became this digest", numbers.size())});
  batch.Put(engine_->at(Column::outbox), keys::delivery(into.channel, first->number), records::write(*first))
      .PermitUncheckedError();
  if (auto written = engine_->write(batch, "fold deliveries"); !written) return written;
  const std::lock_guard lines(engine_->lines_mutex);
  Line& line = engine_->lines[into.channel];
  line.count -= std::min<std::uint64_t>(line.count, numbers.size() - 1);
  return {};
}

Status Store::settle(std::span<const Settlement> settlements) {
  if (auto may = engine_->writable(); !may) return may;
  const std::lock_guard guard(engine_->writing);
  rocksdb::WriteBatch batch;
  Counting counting;
  std::map<std::string, std::set<std::uint64_t>> gone;  // numbers that are no longer owed, by channel
  std::uint64_t died = 0;
  std::set<std::string> handled;  // a second answer for the same delivery in one call finds it settled, too
  for (const Settlement& settlement : settlements) {
    const std::string key = keys::delivery(settlement.channel, settlement.number);
    if (!handled.insert(key).second) continue;
    const std::string what = fmt::format("delivery {} of channel '{}'", settlement.number, settlement.channel);
    auto value = engine_->get(Column::outbox, key, what);
    if (!value) return tl::unexpected(value.error());
    if (!*value) continue;
    auto delivery = records::read_delivery(settlement.channel, settlement.number, **value);
    if (!delivery) return tl::unexpected(damaged(what, engine_->folder));
    if (const auto* later = std::get_if<RetryLater>(&settlement.result)) {
      ++delivery->attempts;
      delivery->not_before = later->not_before;
      delivery->progress = later->progress;
      delivery->tries.push_back({settlement.at, later->reason});
      batch.Put(engine_->at(Column::outbox), key, records::write(*delivery)).PermitUncheckedError();
      counting.add(settlement.at, "retried/" + settlement.channel);
      continue;
    }
    batch.Delete(engine_->at(Column::outbox), key).PermitUncheckedError();
    gone[settlement.channel].insert(settlement.number);
    if (!delivery->alert.edits.empty()) continue;
    if (const auto* lost = std::get_if<Undeliverable>(&settlement.result)) {
      ++delivery->attempts;
      delivery->tries.push_back({settlement.at, lost->reason});
      batch.Put(engine_->at(Column::dead), key, records::write(DeadLetter{*delivery, settlement.at, lost->reason}))
          .PermitUncheckedError();
      counting.add(settlement.at, "dead/" + settlement.channel);
      ++died;
      continue;
    }
    const Arrived arrived = arrived_of(std::move(*delivery), settlement, std::get<Delivered>(settlement.result));
    const std::string row = keys::arrived(settlement.at, settlement.number);
    batch.Put(engine_->at(Column::arrived), row, records::write(arrived)).PermitUncheckedError();
    for (const std::string& id : arrived.mention_ids)
      batch.Put(engine_->at(Column::trail), keys::trail_delivery(id, settlement.number), row).PermitUncheckedError();
    counting.add(settlement.at, "delivered/" + settlement.channel);
  }
  if (batch.Count() == 0) return {};
  engine_->count(batch, counting);
  if (auto written = engine_->write(batch, "settle deliveries"); !written) return written;
  const std::lock_guard lines(engine_->lines_mutex);
  for (const auto& [channel, numbers] : gone) {
    Line& line = engine_->lines[channel];
    line.count -= std::min<std::uint64_t>(line.count, numbers.size());
    for (const std::uint64_t number : numbers)
      if (line.head == number) line.head = number + 1;
  }
  engine_->dead += died;
  return {};
}

Result<std::size_t> Store::bury(std::string_view channel, std::string_view reason, Time now) {
  std::size_t buried = 0;
  for (;;) {
    auto owed = peek(channel, chunk);
    if (!owed) return tl::unexpected(owed.error());
    if (owed->empty()) return buried;
    std::vector<Settlement> settlements;
    for (const Delivery& delivery : *owed)
      settlements.push_back({std::string(channel), delivery.number, now, Undeliverable{std::string(reason)}});
    if (auto settled = settle(settlements); !settled) return tl::unexpected(settled.error());
    buried += settlements.size();
  }
}

Result<std::vector<DeadLetter>> Store::dead_letters(std::string_view channel, std::size_t limit) const {
  const std::string from = channel.empty() ? std::string{} : keys::line(channel);
  const auto scan = engine_->scan(Column::dead, from, keys::after(from));
  std::vector<DeadLetter> letters;
  for (; scan->rows->Valid() && letters.size() < limit; scan->rows->Next()) {
    const auto key = keys::read_delivery(view(scan->rows->key()));
    auto letter = key ? records::read_dead(key->channel, key->number, view(scan->rows->value())) : std::nullopt;
    if (!letter) return tl::unexpected(damaged("a dead letter", engine_->folder));
    letters.push_back(std::move(*letter));
  }
  if (auto read = engine_->scanned(*scan, "the dead letters"); !read) return tl::unexpected(read.error());
  return letters;
}

Result<std::size_t> Store::retry_dead(std::string_view channel, Time now) {
  if (auto may = engine_->writable(); !may) return tl::unexpected(may.error());
  std::size_t retried = 0;
  const std::uint64_t enough = stats().dead;  // what dies again meanwhile is not for this call
  for (;;) {
    const std::lock_guard guard(engine_->writing);
    auto letters = dead_letters(channel, chunk);
    if (!letters) return tl::unexpected(letters.error());
    if (letters->empty() || retried >= enough) return retried;
    rocksdb::WriteBatch batch;
    Enqueuing enqueuing(*engine_);
    for (DeadLetter& letter : *letters) {
      batch.Delete(engine_->at(Column::dead), keys::delivery(letter.delivery.alert.channel, letter.delivery.number))
          .PermitUncheckedError();
      letter.delivery.attempts = 0;
      letter.delivery.not_before = now;
      enqueuing.add(batch, letter.delivery);
    }
    if (auto written = enqueuing.write(*engine_, batch, "put dead letters back into the outbox"); !written)
      return tl::unexpected(written.error());
    const std::lock_guard lines(engine_->lines_mutex);
    engine_->dead -= std::min<std::uint64_t>(engine_->dead, letters->size());
    retried += letters->size();
  }
}

}  // namespace earshot::store
