#include "run/ingest.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "core/mention/canonical_url.h"
#include "core/mention/make.h"
#include "core/mention/story.h"
#include "run/revise.h"
#include "run/rules.h"

namespace earshot::run {
namespace {

// A hash of what a reader would call the item's content, and of the day it bears: another one means that it was edited.
// Of the time no more than the day: feeds that date everything "now" would seem to edit everything at every poll.
std::uint32_t version(const Item& item) {
  std::uint64_t hash = 0;
  for (const std::string* text : {&item.title, &item.summary, &item.content})
    hash = XXH3_64bits_withSeed(text->data(), text->size(), hash);
  if (const auto date = item.published ? item.published : item.updated)
    hash ^= static_cast<std::uint64_t>(std::chrono::floor<std::chrono::days>(*date).time_since_epoch().count() + 1) *
            0x9e3779b97f4a7c15;
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(hash));  // 0 says: not watched
}

// By what the store finds its story. Of the text alone: another headline is what outlets write first.
store::Candidate::Likeness likeness_of(const Mention& mention) {
  const auto text = [](const Mention& m) -> const std::string& {
    return m.item.content_text.empty() ? m.item.summary_text : m.item.content_text;
  };
  auto shingles = mention::shingles(text(mention));
  const auto sketch = mention::sketch(shingles);
  if (!sketch) return {};
  return {{sketch->begin(), sketch->end()},
          [mine = std::move(shingles), text](const Mention& other) {
            const mention::Likeness like = mention::likeness(mine, mention::shingles(text(other)));
            return mention::same_news(like) ? like.containment : 0;
          },
          mention::kStoryWindow};
}

}  // namespace

Result<Taken> ingest(std::vector<Item>&& items, const Origin& origin, const Rules& rules, const store::Store& store,
                     Time now) {
  Taken taken;
  if (items.empty()) return taken;
  std::vector<std::string> keys;
  std::vector<store::ItemRef> refs;
  keys.reserve(items.size());
  refs.reserve(items.size());
  std::erase_if(items, [&](const Item& item) {
    std::string key = mention::item_key(item);
    if (key.empty()) {
      ++taken.without_key;
      return true;
    }
    keys.push_back(std::move(key));
    return false;
  });
  for (std::size_t i = 0; i < items.size(); ++i) refs.push_back({keys[i], version(items[i])});
  const auto known = store.look(origin.source.name, refs, now);
  if (!known) return tl::unexpected(known.error());

  const mention::SourceInfo source{origin.source.name, origin.source.traits().labels};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const store::Known& before = (*known)[i];
    if (before.known && !before.changed) {
      if (before.refresh)
        taken.still_listed.push_back({keys[i], mention::canonical_url(items[i].url), refs[i].version});
      continue;
    }
    items[i].id = keys[i];
    store::Candidate candidate;
    candidate.mention = mention::make(std::move(items[i]), source, now);
    candidate.version = refs[i].version;
    if (!before.known) taken.new_items.push_back(candidate.mention.item.published);
    const RouteQueries queries = match(candidate.mention, origin.source, rules, now);
    if (before.matched) {
      if (const Status revised = revise(candidate, store, now); !revised) return tl::unexpected(revised.error());
      if (candidate.revision && reworded(candidate)) decide(candidate, origin, rules, queries, now);
    } else {
      // New, or by an edit wanted for the first time: nobody has been told of it.
      decide(candidate, origin, rules, queries, now);
      if (!candidate.mention.matches.empty()) candidate.likeness = likeness_of(candidate.mention);
    }
    taken.found.push_back(std::move(candidate));
  }
  return taken;
}

}  // namespace earshot::run
