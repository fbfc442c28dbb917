#include "run/ingest.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "core/mention/canonical_url.h"
#include "core/mention/make.h"
#include "run/rules.h"

namespace earshot::run {
namespace {

// A hash of what a reader would call the item's content: another one means that it was edited.
std::uint32_t version(const Item& item) {
  std::uint64_t hash = 0;
  for (const std::string* text : {&item.title, &item.summary, &item.content})
    hash = XXH3_64bits_withSeed(text->data(), text->size(), hash);
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(hash));  // 0 says: not watched
}

// On the first poll of a source what was there before is stored and raises no alert, unless it is younger than
// `backfill`. What bears no date cannot be told from old.
bool before_our_time(const Mention& mention, const Origin& origin, Time now) {
  if (!origin.first_poll) return false;
  return !mention.item.published || *mention.item.published < now - origin.backfill;
}

std::vector<Alert> alerts(const Mention& mention, const Rules& rules, const std::vector<std::uint32_t>& queries_held,
                          Time now) {
  std::vector<Alert> owed;
  const auto held = [&](std::uint32_t route) { return std::ranges::find(queries_held, route) != queries_held.end(); };
  for (const route::Decision& decision : rules.router.route(mention, held)) {
    Alert alert;
    alert.kind = AlertKind::mention;
    alert.severity = decision.severity;
    alert.channel = decision.channel;
    alert.delivery_id = delivery_id(mention.id, decision.channel);
    alert.created = now;
    alert.mentions = {mention};
    owed.push_back(std::move(alert));
  }
  return owed;
}

}  // namespace

Result<Taken> ingest(std::vector<Item>&& items, const Origin& origin, const Rules& rules, const store::Store& store,
                     Time now) {
  Taken taken;
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

  const mention::SourceInfo source{origin.source.name, origin.source.labels};
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
    if (!before.known) {
      taken.new_items.push_back(candidate.mention.item.published);
      const auto held = match(candidate.mention, origin.source, rules, now);
      if (!before_our_time(candidate.mention, origin, now))
        candidate.alerts = alerts(candidate.mention, rules, held, now);
    }
    taken.found.push_back(std::move(candidate));
  }
  return taken;
}

std::string delivery_id(std::string_view mention_id, std::string_view channel) {
  return fmt::format("{}-{:08x}", mention_id, static_cast<std::uint32_t>(XXH3_64bits(channel.data(), channel.size())));
}

}  // namespace earshot::run
