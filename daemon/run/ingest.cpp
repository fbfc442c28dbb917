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

// Of an edited mention's account so many verdicts are kept, the latest.
constexpr std::ptrdiff_t kVerdicts = 100;

// On the first poll of a source what was there before is stored and raises no alert, unless it is younger than
// `backfill`. What bears no date cannot be told from old.
// Later the same holds for what is dated long before that poll: a feed that comes back with its archive brings no news.
bool before_our_time(const Mention& mention, const Origin& origin, Time now) {
  constexpr Duration long_before = std::chrono::days{30};
  if (!origin.first_poll)
    return origin.since && mention.item.published &&
           *mention.item.published < *origin.since - std::max(origin.backfill, long_before);
  return !mention.item.published || *mention.item.published < now - origin.backfill;
}

Alert alert_of(const Mention& mention, const route::Decision& decision, AlertKind kind, std::string id, Time now) {
  Alert alert;
  alert.kind = kind;
  alert.severity = decision.severity;
  alert.channel = decision.channel;
  alert.delivery_id = std::move(id);
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

// Whom the candidate's mention concerns: what is owed at once, what goes to the desk, and an account of both. With an
// edit only routes that ask for edits take part.
void route_it(store::Candidate& candidate, const Origin& origin, const Rules& rules, const RouteQueries& queries,
              Time now) {
  const Mention& mention = candidate.mention;
  const bool edit = candidate.revision.has_value();
  const auto held = [&](std::uint32_t route) { return std::ranges::find(queries.held, route) != queries.held.end(); };
  auto decisions = rules.router.route(mention, held);
  if (edit)
    std::erase_if(decisions, [&](const route::Decision& d) { return !rules.router.routes()[d.route].alert_on_edit; });
  if (decisions.empty()) return;
  const bool before = !edit && before_our_time(mention, origin, now);
  const std::string silence = before ? std::string{} : silenced(mention, origin.source, rules, now);
  std::vector<Verdict> account = decode_account(candidate.account);
  for (const route::Decision& decision : decisions) {
    const config::Route& route = rules.router.routes()[decision.route];
    Verdict verdict{
        route::route_key(route, decision.route), decision.channel, (edit ? "edit: " : "") + decision.reason, {}, {}};
    std::string id = delivery_id(mention.id, decision.channel);
    if (edit) id += fmt::format("-{:08x}", candidate.version);
    const bool groups = route.group && !edit;
    const std::string own = route_silence(route, decision.route, queries, now);
    const route::Plan plan = route::plan(route, decision.severity, rules.zone, now);
    if (before) {
      verdict.fate = Verdict::Fate::before;
    } else if (!silence.empty() || !own.empty()) {
      verdict.fate = Verdict::Fate::silenced;
      verdict.detail = silence.empty() ? own : silence;
    } else if (!groups && plan.fate == route::Plan::Fate::drop) {
      verdict.fate = Verdict::Fate::dropped;
      verdict.detail = plan.reason;
    } else if (route::needs_desk(route, decision.severity, rules.zone, now)) {
      verdict.fate = Verdict::Fate::waits;
      verdict.detail = groups ? "group" : plan.reason.empty() ? "limit" : plan.reason;
      const route::Arrival arrival{verdict.route, decision.channel, mention.id, std::move(id), now, edit};
      candidate.notes.push_back({route::arrival_key(arrival), route::encode(arrival)});
    } else {
      candidate.alerts.push_back(
          alert_of(mention, decision, edit ? AlertKind::edit : AlertKind::mention, std::move(id), now));
    }
    account.push_back(std::move(verdict));
  }
  if (account.size() > kVerdicts) account.erase(account.begin(), account.end() - kVerdicts);
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
    if (!before.known) taken.new_items.push_back(candidate.mention.item.published);
    const RouteQueries queries = match(candidate.mention, origin.source, rules, now);
    if (before.matched) {
      if (const Status revised = revise(candidate, store, now); !revised) return tl::unexpected(revised.error());
      if (candidate.revision && reworded(candidate)) route_it(candidate, origin, rules, queries, now);
    } else {
      // New, or by an edit wanted for the first time: nobody has been told of it.
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
