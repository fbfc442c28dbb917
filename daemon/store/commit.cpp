// Look and commit: what is known, and what becomes so, in one write.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "store/claims.h"
#include "store/engine.h"
#include "store/enqueue.h"
#include "store/kinship.h"
#include "store/records.h"
#include "store/story.h"

namespace earshot::store {
namespace {

using keys::Column;

constexpr std::size_t max_id = 64, max_mention = 64u << 20;
// A fingerprint hears that its item is still listed once in so many days: one write a week for each item that stays.
constexpr std::uint16_t refresh_days = 7;

Status check(const Fetch& fetch) {
  if (fetch.source.name.empty()) return fail("a fetch without a source's name cannot be stored");
  for (const Alert& alert : fetch.alerts)
    if (auto fine = Enqueuing::check(alert); !fine) return fine;
  for (const Candidate& candidate : fetch.found) {
    const Mention& mention = candidate.mention;
    if (mention.id.empty() || mention.id.size() > max_id || mention.id.find('\0') != std::string::npos)
      return fail(fmt::format("source '{}': a mention's id must have 1 to {} characters", fetch.source.name, max_id));
    if (mention.source != fetch.source.name)
      return fail(fmt::format("mention {} is of source '{}', but came with a fetch of '{}'", mention.id, mention.source,
                              fetch.source.name));
    const Item& item = mention.item;
    if (item.title.size() + item.summary.size() + item.content.size() + item.summary_text.size() +
            item.content_text.size() >
        max_mention)
      return fail(fmt::format("source '{}': mention {} is larger than {} MiB", fetch.source.name, mention.id,
                              max_mention >> 20));
    for (const Alert& alert : candidate.alerts)
      if (auto fine = Enqueuing::check(alert); !fine) return fine;
  }
  return {};
}

// Writes what the claims decided into one batch.
class Writing {
 public:
  explicit Writing(const Engine& engine) : engine_(engine), enqueuing_(engine), kinship_(engine) {}

  Result<Committed> fetch(const Fetch& fetch, Claims& claims);
  Status write(Engine& engine);

 private:
  void owe(const Candidate& candidate, Time at, Committed& committed);
  Status store(const Mention& mention, std::uint64_t source, bool anew);
  Status join_story(const Candidate& candidate, std::uint64_t source, Time at);
  Status count_in(const std::string& story, const Mention& mention);
  Status revise(const Candidate& candidate);
  Status drop_former(const std::string& id, std::uint64_t source);
  Status sight(const Mention& mention, const Claim& claim, std::uint64_t source, Time at);
  void refresh(const StillListed& listed, std::uint64_t source, Time at);
  void put(Column column, const std::string& key, const std::string& value) {
    batch_.Put(engine_.at(column), key, value).PermitUncheckedError();
  }

  const Engine& engine_;
  rocksdb::WriteBatch batch_;
  Counting counting_;
  Enqueuing enqueuing_;
  Kinship kinship_;
  std::unordered_map<std::string, Story> stories_;          // of this group, as they are from now on
  std::unordered_map<std::string, std::uint32_t> revised_;  // of this group: mention's id → its next revision
  std::unordered_map<std::string, std::string> stored_;  // of this group: mention's id → its key, not to be read yet
};

Result<Committed> Writing::fetch(const Fetch& fetch, Claims& claims) {
  const std::uint64_t source = engine_.fingerprint.of(fetch.source.name);
  Committed committed;
  committed.fates.reserve(fetch.found.size());
  for (const Candidate& candidate : fetch.found) {
    Claim claim = claims.decide(candidate, source, fetch.at);
    if (claim.seen) put(Column::seen, claim.seen_key, keys::value(*claim.seen));
    if (claim.link) put(Column::links, claim.link_key, keys::value(*claim.link));
    Status done;
    switch (claim.outcome) {
      case Outcome::stored:
        done = store(candidate.mention, source, claim.anew);
        if (done) done = join_story(candidate, source, fetch.at);
        counting_.add(fetch.at, "items/new");
        for (const TopicMatch& match : candidate.mention.matches) counting_.add(fetch.at, "matched/" + match.topic);
        owe(candidate, fetch.at, committed);
        break;
      case Outcome::merged:
        done = sight(candidate.mention, claim, source, fetch.at);
        counting_.add(fetch.at, "items/merged");
        break;
      case Outcome::changed:
        counting_.add(fetch.at, "items/edited");
        if (!candidate.revision) break;
        done = revise(candidate);
        if (done) owe(candidate, fetch.at, committed);
        break;
      case Outcome::renamed: counting_.add(fetch.at, "items/renamed"); break;
      case Outcome::known: break;
    }
    if (!done) return tl::unexpected(done.error());
    committed.fates.push_back({claim.outcome, std::move(claim.mention_id)});
  }
  for (const Alert& alert : fetch.alerts) enqueuing_.add(batch_, counting_, alert, fetch.at);
  committed.enqueued += fetch.alerts.size();
  for (const StillListed& listed : fetch.still_listed) refresh(listed, source, fetch.at);
  put(Column::sources, fetch.source.name, records::write(fetch.source));
  engine_.put_notes(batch_, fetch.notes);
  counting_.add(fetch.at, "fetches");
  for (const Count& count : fetch.counts) counting_.add(fetch.at, count.name, count.value);
  return committed;
}

// What is owed because of it, and how that came to be.
void Writing::owe(const Candidate& candidate, Time at, Committed& committed) {
  for (const Alert& alert : candidate.alerts) enqueuing_.add(batch_, counting_, alert, at);
  engine_.put_notes(batch_, candidate.notes);
  committed.enqueued += candidate.alerts.size() + candidate.notes.size();
  if (!candidate.account.empty()) put(Column::trail, keys::trail_account(candidate.mention.id), candidate.account);
}

Status Writing::revise(const Candidate& candidate) {
  const Mention& mention = candidate.mention;
  const auto key = engine_.get(Column::trail, keys::trail(mention.id), fmt::format("mention {}", mention.id));
  if (!key) return tl::unexpected(key.error());
  if (!*key) return {};  // swept, or stored by this very group
  const auto place = keys::read_place(**key);
  if (!place) return tl::unexpected(damaged(fmt::format("mention {}", mention.id), engine_.folder));
  put(Column::mentions, **key, records::write(mention));
  for (const TopicMatch& match : mention.matches) {
    std::string row = keys::topic_row(engine_.fingerprint.of(match.topic));
    keys::put(row, *place);
    put(Column::index, row, {});
  }
  const std::string first = keys::trail_revision(mention.id, 0);
  const std::string prefix = first.substr(0, first.size() - sizeof(std::uint32_t));
  const auto scan = engine_.scan(Column::trail, first, keys::after(prefix));
  std::vector<std::string> kept;
  for (; scan->rows->Valid(); scan->rows->Next()) kept.push_back(scan->rows->key().ToString());
  if (auto read = engine_.scanned(*scan, "a mention's revisions"); !read) return read;
  std::uint32_t& next = revised_[mention.id];
  if (next == 0 && !kept.empty()) {
    std::string_view number = std::string_view(kept.back()).substr(prefix.size());
    next = keys::take<std::uint32_t>(number).value_or(0) + 1;
  }
  // The first wording stays, for it is what alerts told; of the others the latest do.
  if (kept.size() >= kRevisions) batch_.Delete(engine_.at(Column::trail), kept[1]).PermitUncheckedError();
  put(Column::trail, keys::trail_revision(mention.id, next++), records::write(*candidate.revision));
  return {};
}

// The rows of a mention that was kept as unmatched under this id: its own and its source's (it has no topic's).
Status Writing::drop_former(const std::string& id, std::uint64_t source) {
  std::string key;
  if (const auto here = stored_.find(id); here != stored_.end()) {
    key = here->second;
  } else {
    auto there = engine_.get(Column::trail, keys::trail(id), fmt::format("mention {}", id));
    if (!there) return tl::unexpected(there.error());
    if (!*there) return {};  // swept, or merged into another
    key = std::move(**there);
  }
  const auto kind = keys::read_kind(key);
  const auto place = keys::read_place(key);
  if (!kind || !place) return tl::unexpected(damaged(fmt::format("mention {}", id), engine_.folder));
  std::string row = keys::source_row(source, *kind);
  keys::put(row, *place);
  batch_.Delete(engine_.at(Column::mentions), key).PermitUncheckedError();
  batch_.Delete(engine_.at(Column::index), row).PermitUncheckedError();
  return {};
}

Status Writing::store(const Mention& mention, std::uint64_t source, bool anew) {
  const std::string trail = keys::trail(mention.id);
  if (anew)
    if (auto gone = drop_former(mention.id, source); !gone) return gone;
  const keys::Kind kind = mention.matches.empty() ? keys::Kind::unmatched : keys::Kind::matched;
  const keys::Place place{mention.seen, engine_.fingerprint.of(mention.id)};
  const std::string key = keys::mention(kind, place);
  put(Column::mentions, key, records::write(mention));
  put(Column::trail, trail, key);
  std::string row = keys::source_row(source, kind);
  keys::put(row, place);
  put(Column::index, row, {});
  for (const TopicMatch& match : mention.matches) {
    row = keys::topic_row(engine_.fingerprint.of(match.topic));
    keys::put(row, place);
    put(Column::index, row, {});
  }
  stored_.insert_or_assign(mention.id, key);
  return {};
}

Status Writing::join_story(const Candidate& candidate, std::uint64_t source, Time at) {
  auto found = kinship_.find(candidate, source, at);
  if (!found) return tl::unexpected(found.error());
  for (const auto& [key, value] : found->bands) put(Column::links, key, value);
  if (!found->kin) return {};
  const Mention& mention = candidate.mention;
  put(Column::trail, keys::trail_kin(mention.id), records::write(*found->kin));
  counting_.add(at, "stories/joined");
  if (auto counted = count_in(found->kin->story, mention); !counted) return counted;
  if (!stored_.contains(found->kin->story)) {  // the first may have gone by its age
    auto first = engine_.get(Column::trail, keys::trail(found->kin->story), "the first mention of a story");
    if (!first) return tl::unexpected(first.error());
    if (!*first) return {};
  }
  put(Column::trail, keys::trail_member(found->kin->story, {mention.seen, engine_.fingerprint.of(mention.id)}),
      mention.id);
  return {};
}

// The story's figures with this mention among them.
Status Writing::count_in(const std::string& story, const Mention& mention) {
  auto here = stories_.find(story);
  if (here == stories_.end()) {
    auto known = read_story(engine_, story);
    if (!known) return tl::unexpected(known.error());
    here = stories_.emplace(story, known->value_or(Story{})).first;
    Story& fresh = here->second;
    if (fresh.mentions == 0) {
      if (const Mention* first = kinship_.here(story)) {
        fresh.add(*first);
      } else {
        const auto key = engine_.get(Column::trail, keys::trail(story), "the first mention of a story");
        if (!key) return tl::unexpected(key.error());
        const auto value = *key ? engine_.get(Column::mentions, **key, "the first mention of a story")
                                : Result<std::optional<std::string>>{std::nullopt};
        if (!value) return tl::unexpected(value.error());
        if (const auto read = *value ? records::read_mention(**value) : std::nullopt) fresh.add(*read);
      }
    }
  }
  here->second.add(mention);
  put(Column::trail, keys::trail_story(story), records::write(here->second));
  return {};
}

Status Writing::sight(const Mention& mention, const Claim& claim, std::uint64_t source, Time at) {
  // The mention may have gone by its age while its fingerprint still stands.
  if (!stored_.contains(claim.mention_id)) {
    auto there = engine_.get(Column::trail, keys::trail(claim.mention_id), fmt::format("mention {}", claim.mention_id));
    if (!there) return tl::unexpected(there.error());
    if (!*there) return {};
  }
  put(Column::trail, keys::sighting(claim.mention_id, source, engine_.fingerprint.of(mention.item.id)),
      records::write(Sighting{mention.source, mention.item.id, mention.item.url, at}));
  return {};
}

void Writing::refresh(const StillListed& listed, std::uint64_t source, Time at) {
  // What cannot be read here is left as it is: it only expires a little early.
  const std::string key = keys::seen(source, engine_.fingerprint.of(listed.item_id));
  const std::uint16_t today = keys::day_of(at);
  if (const auto value = engine_.get(Column::seen, key, "a fingerprint"); value && *value)
    if (auto seen = keys::read_seen(**value); seen && seen->day < today) {
      seen->day = today;
      put(Column::seen, key, keys::value(*seen));
    }
  if (listed.canonical_url.empty()) return;
  const std::string url = engine_.fingerprint.of_url(listed.canonical_url);
  if (const auto value = engine_.get(Column::links, url, "a link"); value && *value)
    if (auto link = keys::read_link(**value); link && link->day < today) {
      link->day = today;
      put(Column::links, url, keys::value(*link));
    }
}

Status Writing::write(Engine& engine) {
  engine.count(batch_, counting_);
  return enqueuing_.write(engine, batch_, "store what was fetched");
}

}  // namespace

Result<std::vector<Committed>> Store::commit(std::span<const Fetch> fetches) {
  if (auto may = engine_->writable(); !may) return tl::unexpected(may.error());
  for (const Fetch& fetch : fetches)
    if (auto fine = check(fetch); !fine) return tl::unexpected(fine.error());
  const std::lock_guard guard(engine_->writing);
  auto claims = Claims::load(*engine_, fetches);
  if (!claims) return tl::unexpected(claims.error());
  Writing writing(*engine_);
  std::vector<Committed> all;
  all.reserve(fetches.size());
  for (const Fetch& fetch : fetches) {
    auto committed = writing.fetch(fetch, *claims);
    if (!committed) return tl::unexpected(committed.error());
    all.push_back(std::move(*committed));
  }
  if (auto written = writing.write(*engine_); !written) return tl::unexpected(written.error());
  return all;
}

Result<std::vector<Known>> Store::look(std::string_view source, std::span<const ItemRef> items, Time now) const {
  const std::uint64_t origin = engine_->fingerprint.of(source);
  const std::uint16_t today = keys::day_of(now);
  std::vector<std::pair<std::uint64_t, std::size_t>> wanted;
  wanted.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) wanted.emplace_back(engine_->fingerprint.of(items[i].id), i);
  std::sort(wanted.begin(), wanted.end());

  std::vector<Known> known(items.size());
  if (wanted.empty()) return known;
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true;
  const std::unique_ptr<rocksdb::Iterator> rows(engine_->db->NewIterator(options, engine_->at(Column::seen)));
  std::string at = keys::seen(origin, wanted.front().first);
  rows->Seek(at);
  // What the source listed long ago lies between; stepping over a row is ten times cheaper than seeking past it.
  constexpr std::size_t patience = 16;
  for (std::size_t i = 0; i < wanted.size() && rows->Valid(); ++i) {
    const auto [hash, item] = wanted[i];
    at.resize(keys::seen_prefix);
    keys::put(at, hash);
    const rocksdb::Slice target(at);
    std::size_t steps = 0;
    while (rows->Valid() && rows->key().compare(target) < 0) {
      if (++steps > patience)
        rows->Seek(target);
      else
        rows->Next();
    }
    if (!rows->Valid() || rows->key() != target) continue;
    const auto seen = keys::read_seen(view(rows->value()));
    if (!seen) return tl::unexpected(damaged("a fingerprint", engine_->folder));
    const std::uint32_t version = items[item].version;
    known[item].known = true;
    known[item].matched = seen->matched;
    known[item].changed = seen->version != 0 && version != 0 && version != seen->version;
    known[item].refresh = today >= seen->day + refresh_days;
  }
  if (!rows->status().ok()) return tl::unexpected(cannot("read fingerprints", rows->status(), engine_->folder));
  return known;
}

}  // namespace earshot::store
