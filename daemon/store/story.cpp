#include "store/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "store/engine.h"
#include "store/records.h"

namespace earshot::store {
namespace {

using keys::Column;

// How deep people's merges may nest; a longer way is a damaged store.
constexpr std::size_t kDeep = 64;

void note(std::vector<std::string>& list, const std::string& name, std::size_t most) {
  if (!name.empty() && list.size() < most && std::ranges::find(list, name) == list.end()) list.push_back(name);
}

Result<std::optional<Kin>> kin_of(const Engine& engine, std::string_view id) {
  const std::string what = fmt::format("the story of mention {}", id);
  const auto value = engine.get(Column::trail, keys::trail_kin(id), what);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return std::optional<Kin>{};
  auto kin = records::read_kin(**value);
  if (!kin) return tl::unexpected(damaged(what, engine.folder));
  return kin;
}

// The trail rows of those directly under it: key and id.
Result<std::vector<std::pair<std::string, std::string>>> children(const Engine& engine, std::string_view id) {
  const std::string prefix = keys::trail(id) + keys::trail_told;
  const auto scan = engine.scan(Column::trail, prefix, keys::after(prefix));
  std::vector<std::pair<std::string, std::string>> rows;
  for (; scan->rows->Valid() && rows.size() <= kStoryMentions; scan->rows->Next())
    rows.emplace_back(scan->rows->key().ToString(), scan->rows->value().ToString());
  if (auto read = engine.scanned(*scan, "a story"); !read) return tl::unexpected(read.error());
  return rows;
}

// One person's act on stories, as one batch.
class Act {
 public:
  Act(Engine& engine, std::string_view by, Time now) : engine_(engine), by_(by), now_(now) {}

  Status merge(const std::string& into, const std::string& other) {
    const auto a = root_of(engine_, into), b = root_of(engine_, other);
    if (!a) return tl::unexpected(a.error());
    if (!b) return tl::unexpected(b.error());
    if (*a == *b) return {};  // done before
    if (auto hung = hang(*b, *a, into, 0); !hung) return hung;
    return tally(*a, {*a, *b}, {});
  }

  Status split(const std::string& id) {
    const auto kin = kin_of(engine_, id);
    if (!kin) return tl::unexpected(kin.error());
    if (*kin && (*kin)->story != id) {
      const auto root = root_of(engine_, id);
      if (!root) return tl::unexpected(root.error());
      if (auto off = take_off(id, (*kin)->story); !off) return off;
      stand_alone(id);
      if (auto done = tally(*root, {*root}, {id}); !done) return done;
      return tally(id, {id}, {});
    }
    return split_first(id);
  }

  Status write() { return engine_.write(batch_, "change a story"); }

 private:
  // The first of a story leaves it: the next one becomes the first.
  Status split_first(const std::string& id) {
    const auto rows = children(engine_, id);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->empty()) return {};  // alone: done before
    if (rows->size() > kStoryMentions) return fail(fmt::format("the story has more than {} mentions", kStoryMentions));
    const std::string& next = rows->front().second;
    for (const auto& [key, child] : *rows) {
      batch_.Delete(engine_.at(Column::trail), key).PermitUncheckedError();
      if (child == next) continue;
      const auto kin = kin_of(engine_, child);
      if (!kin) return tl::unexpected(kin.error());
      if (auto hung = hang(child, next, *kin ? (*kin)->like : next, *kin ? (*kin)->likeness : 0); !hung) return hung;
    }
    stand_alone(id);
    stand_alone(next);
    batch_.Delete(engine_.at(Column::trail), keys::trail_story(id)).PermitUncheckedError();
    return tally(next, {id}, {id});
  }

  Status hang(const std::string& id, const std::string& under, const std::string& like, double likeness) {
    const auto place = place_of(id);
    if (!place) return tl::unexpected(place.error());
    put(keys::trail_kin(id), records::write(Kin{under, like, likeness, by_, now_}));
    if (*place) put(keys::trail_member(under, **place), id);
    return {};
  }

  Status take_off(const std::string& id, const std::string& parent) {
    const auto place = place_of(id);
    if (!place) return tl::unexpected(place.error());
    if (*place) batch_.Delete(engine_.at(Column::trail), keys::trail_member(parent, **place)).PermitUncheckedError();
    return {};
  }

  void stand_alone(const std::string& id) { put(keys::trail_kin(id), records::write(Kin{id, {}, 0, by_, now_})); }

  Result<std::optional<keys::Place>> place_of(const std::string& id) const {
    const auto key = engine_.get(Column::trail, keys::trail(id), fmt::format("mention {}", id));
    if (!key) return tl::unexpected(key.error());
    if (!*key) return std::optional<keys::Place>{};
    auto place = keys::read_place(**key);
    if (!place) return tl::unexpected(damaged(fmt::format("mention {}", id), engine_.folder));
    return place;
  }

  // Counts the story anew: what stands under `roots` in the store, those included, without the branches `gone`.
  Status tally(const std::string& id, const std::vector<std::string>& roots, const std::set<std::string>& gone) {
    Story story;
    std::vector<std::string> all;
    std::set<std::string> without = gone;
    for (const std::string& branch : gone) {
      if (std::ranges::find(roots, branch) != roots.end()) continue;  // its first only
      const auto ids = under(engine_, branch, kStoryMentions);
      if (!ids) return tl::unexpected(ids.error());
      without.insert(ids->begin(), ids->end());
    }
    for (const std::string& root : roots) {
      all.push_back(root);
      auto ids = under(engine_, root, kStoryMentions);
      if (!ids) return tl::unexpected(ids.error());
      all.insert(all.end(), ids->begin(), ids->end());
    }
    for (const std::string& one : all) {
      if (without.contains(one)) continue;
      const auto key = engine_.get(Column::trail, keys::trail(one), fmt::format("mention {}", one));
      if (!key) return tl::unexpected(key.error());
      if (!*key) continue;
      const auto value = engine_.get(Column::mentions, **key, fmt::format("mention {}", one));
      if (!value) return tl::unexpected(value.error());
      const auto mention = *value ? records::read_mention(**value) : std::nullopt;
      if (mention) story.add(*mention);
    }
    if (story.mentions > 1)
      put(keys::trail_story(id), records::write(story));
    else
      batch_.Delete(engine_.at(Column::trail), keys::trail_story(id)).PermitUncheckedError();
    return {};
  }

  void put(const std::string& key, const std::string& value) {
    batch_.Put(engine_.at(Column::trail), key, value).PermitUncheckedError();
  }

  Engine& engine_;
  std::string by_;
  Time now_;
  rocksdb::WriteBatch batch_;
};

}  // namespace

void Story::add(const Mention& mention) {
  ++mentions;
  const std::string& outlet = outlet_of(mention);
  note(outlets, outlet, kOutlets);
  if (mention.language != "und") note(languages, mention.language, kLanguages);
  const Time at = mention.item.published.value_or(mention.seen);
  if (first_outlet.empty() || at < first_at) {
    first_outlet = outlet;
    first_at = at;
  }
  last = std::max(last, mention.seen);
}

Result<std::string> root_of(const Engine& engine, std::string_view id) {
  std::string at(id);
  for (std::size_t deep = 0; deep < kDeep; ++deep) {
    auto kin = kin_of(engine, at);
    if (!kin) return tl::unexpected(kin.error());
    if (!*kin || (*kin)->story == at) return at;
    at = std::move((*kin)->story);
  }
  return tl::unexpected(damaged(fmt::format("the story of mention {}", id), engine.folder));
}

Result<std::vector<std::string>> under(const Engine& engine, std::string_view root, std::size_t limit) {
  std::vector<std::string> all{std::string(root)};
  std::set<std::string> known(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size() && all.size() <= limit; ++i) {
    auto rows = children(engine, all[i]);
    if (!rows) return tl::unexpected(rows.error());
    for (auto& [key, id] : *rows)
      if (all.size() <= limit && known.insert(id).second) all.push_back(std::move(id));
  }
  all.erase(all.begin());
  return all;
}

Result<std::optional<Story>> read_story(const Engine& engine, std::string_view root) {
  const std::string what = fmt::format("story {}", root);
  const auto value = engine.get(Column::trail, keys::trail_story(root), what);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return std::optional<Story>{};
  auto story = records::read_story(**value);
  if (!story) return tl::unexpected(damaged(what, engine.folder));
  story->id = root;
  return story;
}

Result<std::string> Store::story_of(std::string_view id) const { return root_of(*engine_, id); }

Result<std::vector<std::string>> Store::members(std::string_view story, std::size_t limit) const {
  auto ids = under(*engine_, story, limit);
  if (!ids) return tl::unexpected(ids.error());
  std::vector<std::pair<std::string, std::string>> there;  // by their place in time
  for (std::string& id : *ids) {
    auto key = engine_->get(Column::trail, keys::trail(id), "a mention of a story");
    if (!key) return tl::unexpected(key.error());
    if (*key) there.emplace_back((*key)->substr(1), std::move(id));
  }
  std::ranges::sort(there);
  ids->clear();
  for (auto& [place, id] : there) ids->push_back(std::move(id));
  return ids;
}

Result<std::optional<Story>> Store::story(std::string_view id) const {
  const auto root = root_of(*engine_, id);
  if (!root) return tl::unexpected(root.error());
  auto story = read_story(*engine_, *root);
  if (!story || *story) return story;
  const auto alone = mention(*root);
  if (!alone) return tl::unexpected(alone.error());
  if (!*alone) return std::optional<Story>{};
  Story one;
  one.id = *root;
  one.add(**alone);
  return std::optional{std::move(one)};
}

Status Store::merge_stories(const std::string& into, const std::string& other, std::string_view by, Time now) {
  if (auto may = engine_->writable(); !may) return may;
  const std::lock_guard guard(engine_->writing);
  Act act(*engine_, by, now);
  if (auto done = act.merge(into, other); !done) return done;
  return act.write();
}

Status Store::split_story(const std::string& id, std::string_view by, Time now) {
  if (auto may = engine_->writable(); !may) return may;
  const std::lock_guard guard(engine_->writing);
  Act act(*engine_, by, now);
  if (auto done = act.split(id); !done) return done;
  return act.write();
}

}  // namespace earshot::store
