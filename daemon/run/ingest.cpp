#include "run/ingest.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "core/mention/canonical_url.h"
#include "core/mention/make.h"
#include "core/mention/story.h"
#include "core/route/arrival.h"
#include "core/route/desk.h"
#include "core/route/timing.h"
#include "run/account.h"
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

Alert alert_of(const Mention& mention, const route::Decision& decision, Time now) {
  Alert alert;
  alert.kind = AlertKind::mention;
  alert.severity = decision.severity;
  alert.channel = decision.channel;
  alert.delivery_id = delivery_id(mention.id, decision.channel);
  alert.created = now;
  alert.mentions = {mention};
  return alert;
}

// The silence of the route itself that finds the mention and holds, in words; empty: none.
std::string route_silence(const config::Route& route, std::uint32_t index, const RouteQueries& queries, Time now) {
  for (const auto& [of, place] : queries.silenced) {
    const config::Silence& silence = route.silences[place];
    if (of != index || (silence.until && now >= *silence.until)) continue;
    std::string words = "the route's silence";
    if (silence.until) words += " until " + rfc3339(*silence.until);
    if (!silence.by.empty()) words += ", by " + silence.by;
    if (!silence.why.empty()) words += ": " + silence.why;
    return words;
  }
  return {};
}

// Whom the candidate's mention concerns: what is owed at once, what goes to the desk, and an account of both.
void route_it(store::Candidate& candidate, const Origin& origin, const Rules& rules, const RouteQueries& queries,
              Time now) {
  const Mention& mention = candidate.mention;
  const auto held = [&](std::uint32_t route) { return std::ranges::find(queries.held, route) != queries.held.end(); };
  const auto decisions = rules.router.route(mention, held);
  if (decisions.empty()) return;
  const bool before = before_our_time(mention, origin, now);
  const std::string silence = before ? std::string{} : silenced(mention, origin.source, rules, now);
  std::vector<Verdict> account;
  for (const route::Decision& decision : decisions) {
    const config::Route& route = rules.router.routes()[decision.route];
    Verdict verdict{route::route_key(route, decision.route), decision.channel, decision.reason, {}, {}};
    const std::string own = route_silence(route, decision.route, queries, now);
    const route::Plan plan = route::plan(route, decision.severity, rules.zone, now);
    if (before) {
      verdict.fate = Verdict::Fate::before;
    } else if (!silence.empty() || !own.empty()) {
      verdict.fate = Verdict::Fate::silenced;
      verdict.detail = silence.empty() ? own : silence;
    } else if (!route.group && plan.fate == route::Plan::Fate::drop) {
      verdict.fate = Verdict::Fate::dropped;
      verdict.detail = plan.reason;
    } else if (route::needs_desk(route, decision.severity, rules.zone, now)) {
      verdict.fate = Verdict::Fate::waits;
      verdict.detail = route.group ? "group" : plan.reason.empty() ? "limit" : plan.reason;
      const route::Arrival arrival{verdict.route, decision.channel, mention.id,
                                   delivery_id(mention.id, decision.channel), now};
      candidate.notes.push_back({route::arrival_key(arrival), route::encode(arrival)});
    } else {
      candidate.alerts.push_back(alert_of(mention, decision, now));
    }
    account.push_back(std::move(verdict));
  }
  candidate.account = encode(account);
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
      const RouteQueries queries = match(candidate.mention, origin.source, rules, now);
      route_it(candidate, origin, rules, queries, now);
      if (!candidate.mention.matches.empty()) candidate.likeness = likeness_of(candidate.mention);
    }
    taken.found.push_back(std::move(candidate));
  }
  return taken;
}

std::string delivery_id(std::string_view mention_id, std::string_view channel) {
  return fmt::format("{}-{:08x}", mention_id, static_cast<std::uint32_t>(XXH3_64bits(channel.data(), channel.size())));
}

}  // namespace earshot::run
