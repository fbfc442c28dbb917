// The archive: by time straight from the mentions, which lie in that order; by topic and source through the index.
#include "store/look_back.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "store/engine.h"
#include "store/records.h"

namespace earshot::store {
namespace {

using keys::Column;

// Index rows looked at in one call: with a topic and a source both given few may fit, and a page then comes short.
constexpr std::size_t max_examined = 20'000, max_limit = 10'000, max_trail = 1'000;

std::string write_cursor(std::string_view place) {
  std::string text;
  for (const char byte : place) fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::optional<std::string> read_cursor(std::string_view text) {
  if (text.size() != keys::place_size * 2) return std::nullopt;
  std::string place;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, bad] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (bad != std::errc{} || end != text.data() + i + 2) return std::nullopt;
    place.push_back(static_cast<char>(byte));
  }
  return place;
}

// Where a query is answered from: rows [from, to) of a column that all end in a Place.
struct Range {
  Column column = Column::mentions;
  std::string from, to;
};

Range range_of(const MentionQuery& query, const keys::Fingerprinter& fingerprint, const std::string& cursor) {
  const keys::Kind kind = query.unmatched ? keys::Kind::unmatched : keys::Kind::matched;
  Range range;
  std::string prefix(1, static_cast<char>(kind));
  if (!query.topic.empty() || !query.source.empty()) {
    range.column = Column::index;
    prefix = !query.topic.empty() ? keys::topic_row(fingerprint.of(query.topic))
                                  : keys::source_row(fingerprint.of(query.source), kind);
  }
  range.from = range.to = prefix;
  if (query.since) keys::put(range.from, *query.since);
  if (query.until)
    keys::put(range.to, *query.until);
  else
    range.to = keys::after(prefix);
  if (!cursor.empty()) {
    if (query.oldest_first)
      range.from = std::max(range.from, prefix + cursor + '\0');
    else
      range.to = std::min(range.to, prefix + cursor);
  }
  return range;
}

}  // namespace

Result<Page> Store::mentions(const MentionQuery& query) const {
  if (query.unmatched && !query.topic.empty()) return fail("what no topic wanted cannot be asked for by topic");
  const auto cursor = query.cursor.empty() ? std::string{} : read_cursor(query.cursor);
  if (!cursor) return fail(fmt::format("'{}' is not the cursor of a page", query.cursor));
  const keys::Kind kind = query.unmatched ? keys::Kind::unmatched : keys::Kind::matched;
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, max_limit);
  const Range range = range_of(query, engine_->fingerprint, *cursor);
  Page page;
  if (range.from >= range.to) return page;

  const auto scan = engine_->scan(range.column, range.from, range.to);
  rocksdb::Iterator& rows = *scan->rows;
  if (!query.oldest_first) rows.SeekToLast();
  const bool both = !query.topic.empty() && !query.source.empty();
  std::string second = both ? keys::source_row(engine_->fingerprint.of(query.source), kind) : std::string{};
  const std::size_t second_size = second.size();
  for (std::size_t examined = 0; rows.Valid() && view(rows.key()) >= range.from;
       query.oldest_first ? rows.Next() : rows.Prev()) {
    const std::string_view key = view(rows.key());
    if (key.size() < keys::place_size) return tl::unexpected(damaged("the index", engine_->folder));
    const std::string_view place = key.substr(key.size() - keys::place_size);
    if (page.mentions.size() == limit || examined++ == max_examined) return page;
    page.next = write_cursor(place);
    std::string value;
    if (range.column == Column::mentions) {
      value = rows.value().ToString();
    } else {
      if (both) {
        second.resize(second_size);
        second += place;
        auto there = engine_->get(Column::index, second, "the index");
        if (!there) return tl::unexpected(there.error());
        if (!*there) continue;
      }
      std::string at(1, static_cast<char>(kind));
      at += place;
      auto found = engine_->get(Column::mentions, at, "a mention");
      if (!found) return tl::unexpected(found.error());
      if (!*found) continue;  // swept since
      value = std::move(**found);
    }
    auto mention = records::read_mention(value);
    if (!mention) return tl::unexpected(damaged("a mention", engine_->folder));
    page.mentions.push_back(std::move(*mention));
  }
  page.next.clear();
  if (auto read = engine_->scanned(*scan, "mentions"); !read) return tl::unexpected(read.error());
  return page;
}

Result<std::optional<Mention>> Store::mention(std::string_view id) const {
  const std::string what = fmt::format("mention {}", id);
  auto place = engine_->get(Column::trail, keys::trail(id), what);
  if (!place) return tl::unexpected(place.error());
  if (!*place) return std::optional<Mention>{};
  auto value = engine_->get(Column::mentions, **place, what);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return std::optional<Mention>{};
  auto mention = records::read_mention(**value);
  if (!mention) return tl::unexpected(damaged(what, engine_->folder));
  return mention;
}

Result<std::optional<Trail>> Store::trail(std::string_view id) const {
  auto mention = this->mention(id);
  if (!mention) return tl::unexpected(mention.error());
  if (!*mention) return std::optional<Trail>{};
  Trail trail;
  trail.mention = std::move(**mention);
  const std::string prefix = keys::trail(id);
  const auto scan = engine_->scan(Column::trail, prefix, keys::after(prefix));
  for (; scan->rows->Valid(); scan->rows->Next()) {
    const std::string_view rest = view(scan->rows->key()).substr(prefix.size());
    const std::string_view value = view(scan->rows->value());
    if (rest.empty()) continue;
    if (rest[0] == keys::trail_sighting && trail.sightings.size() < max_trail) {
      auto sighting = records::read_sighting(value);
      if (!sighting) return tl::unexpected(damaged(fmt::format("a sighting of mention {}", id), engine_->folder));
      trail.sightings.push_back(std::move(*sighting));
    } else if (rest[0] == keys::trail_delivered && trail.deliveries.size() < max_trail) {
      auto found = engine_->get(Column::arrived, value, "a delivery");
      if (!found) return tl::unexpected(found.error());
      if (!*found) continue;  // swept: deliveries are kept shorter than mentions
      auto arrived = records::read_arrived(value, **found);
      if (!arrived) return tl::unexpected(damaged(fmt::format("a delivery of mention {}", id), engine_->folder));
      trail.deliveries.push_back(std::move(*arrived));
    } else if (rest[0] == keys::trail_routed) {
      trail.account = value;
    } else if (rest[0] == keys::trail_revised) {
      auto revision = records::read_revision(value);
      if (!revision) return tl::unexpected(damaged(fmt::format("a revision of mention {}", id), engine_->folder));
      trail.revisions.push_back(std::move(*revision));
    } else if (rest[0] == keys::trail_of_story) {
      trail.kin = records::read_kin(value);
    }
  }
  if (auto read = engine_->scanned(*scan, "a mention's trail"); !read) return tl::unexpected(read.error());
  std::sort(trail.sightings.begin(), trail.sightings.end(),
            [](const Sighting& a, const Sighting& b) { return a.at < b.at; });
  return std::optional<Trail>{std::move(trail)};
}

Result<std::vector<std::string>> Store::ids(std::string_view prefix, std::size_t limit) const {
  const auto scan = engine_->scan(Column::trail, prefix, keys::after(std::string(prefix)));
  std::vector<std::string> ids;
  while (scan->rows->Valid() && ids.size() < limit) {
    const std::string_view key = view(scan->rows->key());
    const std::size_t end = key.find('\0');
    if (end == std::string_view::npos) return tl::unexpected(damaged("a mention's id", engine_->folder));
    ids.emplace_back(key.substr(0, end));
    scan->rows->Seek(keys::after(keys::trail(ids.back())));
  }
  if (auto read = engine_->scanned(*scan, "ids"); !read) return tl::unexpected(read.error());
  return ids;
}

Result<std::vector<DayCount>> Store::counters(Day first, Day last) const {
  const auto number = [](Day day) { return static_cast<std::int32_t>(day.time_since_epoch().count()); };
  const auto scan =
      engine_->scan(Column::counters, keys::counter(number(first), ""), keys::counter(number(last) + 1, ""));
  std::vector<DayCount> counts;
  for (; scan->rows->Valid(); scan->rows->Next()) {
    auto count = keys::read_counter(view(scan->rows->key()), view(scan->rows->value()));
    if (!count) return tl::unexpected(damaged("a counter", engine_->folder));
    counts.push_back({Day{std::chrono::days{count->day}}, std::string(count->name), count->value});
  }
  if (auto read = engine_->scanned(*scan, "counters"); !read) return tl::unexpected(read.error());
  return counts;
}

}  // namespace earshot::store
