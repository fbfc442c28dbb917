#include "store/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "store/engine.h"
#include "store/records.h"

namespace earshot::store {
namespace {

using keys::Column;

// Point reads of many keys at once: RocksDB shares the work of probing filters and blocks between them.
class ManyKeys {
 public:
  void add(const std::string& key, std::size_t entry) {
    keys_.emplace_back(key);
    entries_.push_back(entry);
  }
  // found(entry, value) for those that exist; false from it: the value makes no sense.
  template <class Found>
  Status read(const Engine& engine, Column column, std::string_view what, Found found) {
    std::vector<rocksdb::PinnableSlice> values(keys_.size());
    std::vector<rocksdb::Status> statuses(keys_.size());
    if (!keys_.empty())
      engine.db->MultiGet({}, engine.at(column), keys_.size(), keys_.data(), values.data(), statuses.data());
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      if (!statuses[i].ok()) return tl::unexpected(cannot("read fingerprints", statuses[i], engine.folder));
      if (!found(entries_[i], view(values[i]))) return tl::unexpected(damaged(what, engine.folder));
    }
    return {};
  }

 private:
  std::vector<rocksdb::Slice> keys_;
  std::vector<std::size_t> entries_;
};

bool edited(std::uint32_t before, std::uint32_t now) { return before != 0 && now != 0 && before != now; }

// An edit that made it match for the first time counts as new: nobody has been told of it.
bool settled(const keys::Seen& seen, const Candidate& candidate) {
  return seen.matched || candidate.mention.matches.empty() || !edited(seen.version, candidate.version);
}

}  // namespace

Result<Claims> Claims::load(const Engine& engine, std::span<const Fetch> fetches) {
  Claims claims;
  ManyKeys seen;
  std::size_t count = 0;
  for (const Fetch& fetch : fetches) count += fetch.found.size();
  claims.entries_.reserve(count);  // the keys are referred to
  for (const Fetch& fetch : fetches) {
    const std::uint64_t source = engine.fingerprint.of(fetch.source.name);
    for (const Candidate& candidate : fetch.found) {
      Entry& entry = claims.entries_.emplace_back();
      entry.seen_key = keys::seen(source, engine.fingerprint.of(candidate.mention.item.id));
      seen.add(entry.seen_key, claims.entries_.size() - 1);
    }
  }
  auto read = seen.read(engine, Column::seen, "a fingerprint", [&claims](std::size_t i, std::string_view value) {
    claims.entries_[i].seen = keys::read_seen(value);
    return claims.entries_[i].seen.has_value();
  });
  if (!read) return tl::unexpected(read.error());

  ManyKeys links;
  std::size_t i = 0;
  for (const Fetch& fetch : fetches)
    for (const Candidate& candidate : fetch.found) {
      Entry& entry = claims.entries_[i++];
      if (candidate.mention.canonical_url.empty()) continue;
      entry.link_key = engine.fingerprint.of_url(candidate.mention.canonical_url);
      if (!entry.seen || !settled(*entry.seen, candidate)) links.add(entry.link_key, i - 1);
    }
  read = links.read(engine, Column::links, "a link", [&claims](std::size_t entry, std::string_view value) {
    claims.entries_[entry].link = keys::read_link(value);
    return claims.entries_[entry].link.has_value();
  });
  if (!read) return tl::unexpected(read.error());
  i = 0;
  for (const Fetch& fetch : fetches) {
    const std::uint64_t source = engine.fingerprint.of(fetch.source.name);
    for (const Candidate& candidate : fetch.found)
      if (auto done = compare(engine, candidate, source, claims.entries_[i++]); !done)
        return tl::unexpected(done.error());
  }
  return claims;
}

// Two entries of one feed that share a URL are two, unless nothing but their ids tells them apart. Both in one document
// are two all the same: then the feed says so. Only the first mention with that URL is compared.
Status Claims::compare(const Engine& engine, const Candidate& candidate, std::uint64_t source, Entry& entry) {
  if (entry.seen || !entry.link || entry.link->source != source) return {};
  const std::string& id = entry.link->mention_id;
  const std::string what = fmt::format("mention {}", id);
  const auto place = engine.get(Column::trail, keys::trail(id), what);
  if (!place) return tl::unexpected(place.error());
  if (!*place) return {};  // swept since
  const auto value = engine.get(Column::mentions, **place, what);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return {};
  const auto other = records::read_mention(**value);
  if (!other) return tl::unexpected(damaged(what, engine.folder));
  const Item &a = candidate.mention.item, &b = other->item;
  const bool silent = a.title.empty() && a.summary_text.empty() && a.content_text.empty();  // says nothing to compare
  entry.renamed = !silent && a.title == b.title && a.summary_text == b.summary_text && a.content_text == b.content_text;
  return {};
}

Claim Claims::decide(const Candidate& candidate, std::uint64_t source, Time at) {
  Entry& entry = entries_[next_++];
  if (const auto it = seen_.find(entry.seen_key); it != seen_.end()) entry.seen = it->second;
  const bool matched = !candidate.mention.matches.empty();
  const std::uint16_t day = keys::day_of(at);

  Claim claim;
  claim.mention_id = candidate.mention.id;
  claim.seen_key = std::move(entry.seen_key);
  if (entry.seen && settled(*entry.seen, candidate)) {
    claim.outcome = edited(entry.seen->version, candidate.version) ? Outcome::changed : Outcome::known;
    if (claim.outcome == Outcome::changed) claim.seen = keys::Seen{day, candidate.version, entry.seen->matched};
  } else {
    if (!entry.link_key.empty())
      if (const auto it = links_.find(entry.link_key); it != links_.end()) entry.link = it->second;
    const bool elsewhere = entry.link && entry.link->source != source && (entry.link->matched || !matched);
    if (entry.renamed && !entry.seen && (entry.link->matched || !matched)) {
      claim.outcome = Outcome::renamed;
      claim.mention_id = entry.link->mention_id;
      claim.seen = keys::Seen{day, candidate.version, entry.link->matched};
      seen_.insert_or_assign(claim.seen_key, *claim.seen);
      return claim;
    }
    claim.anew = entry.seen.has_value();
    claim.seen = keys::Seen{day, candidate.version, matched};
    claim.link_key = std::move(entry.link_key);
    if (elsewhere) {
      claim.outcome = Outcome::merged;
      claim.mention_id = entry.link->mention_id;
      claim.seen->matched = entry.link->matched;
    } else if (!claim.link_key.empty() && (!entry.link || (matched && !entry.link->matched))) {
      claim.link = keys::Link{day, matched, source, candidate.mention.id};
      links_.insert_or_assign(claim.link_key, *claim.link);
    }
  }
  if (claim.seen) seen_.insert_or_assign(claim.seen_key, *claim.seen);
  return claim;
}

}  // namespace earshot::store
