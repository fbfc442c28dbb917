#include "core/route/desk.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "core/route/router.h"
#include "core/route/timing.h"

namespace earshot::route {
namespace {

// A group that nothing joined for so long is over; what comes then opens a new one.
constexpr Duration kGroupOver = std::chrono::days{7};

const config::Route kPlain{};

std::string bundle_key(Bundle::Kind kind, std::string_view route, std::string_view channel, std::string_view rest) {
  return fmt::format("{}{}\x1f{}\x1f{}\x1f{}", kDeskPrefix, static_cast<char>(kind), route, channel, rest);
}

// The same for the same alert, never for another: what it is made of, and when.
std::string delivery_id(std::string_view word, std::string_view key, const Gathered& mentions, Time now) {
  std::string bytes(key);
  bytes += fmt::format("\x1f{}\x1f{}", to_ms(now), mentions.total);
  for (const Gathered::One& one : mentions.listed) bytes += one.id;
  return fmt::format("{}-{:016x}", word, XXH3_64bits(bytes.data(), bytes.size()));
}

// An alert of a story is one thing: who takes one mention takes it. A digest and a roll-up list what has nothing to do
// with each other.
bool lists_many_things(AlertKind kind) { return kind == AlertKind::digest || kind == AlertKind::rollup; }

// What of it nobody took.
Gathered untaken(const Gathered& all, const std::set<std::string, std::less<>>& claimed) {
  Gathered rest;
  for (const Gathered::One& one : all.listed)
    if (!claimed.contains(one.id)) rest.add(one);
  return rest;
}

Duration over_after(const config::Route& route) {
  return route.group ? std::max<Duration>(kGroupOver, 2 * route.group->repeat) : Duration{0};
}

}  // namespace

bool needs_desk(const config::Route& route, Severity severity, const Zone& zone, Time now) {
  if (route.group || route.limit || route.escalate) return true;
  const Plan planned = plan(route, severity, zone, now);
  return planned.fate != Plan::Fate::send || planned.at > now;
}

Desk::Desk(const std::vector<config::Route>& routes, const Zone& zone) : routes_(routes), zone_(zone) {}

const config::Route& Desk::route(std::string_view key) const {
  for (std::size_t i = 0; i < routes_.size(); ++i)
    if (route_key(routes_[i], i) == key) return routes_[i];
  return kPlain;
}

// When something is to be done about it: its alert, or the end of its time.
std::optional<Time> Desk::wake(const Bundle& bundle) const {
  if (bundle.due != Time{}) return bundle.due;
  switch (bundle.kind) {
    case Bundle::Kind::group: return bundle.touched + over_after(route(bundle.route));
    case Bundle::Kind::rollup: {
      const auto& limit = route(bundle.route).limit;
      return limit ? bundle.limit.began + limit->per : bundle.touched;
    }
    case Bundle::Kind::digest:
    case Bundle::Kind::escalation:
    case Bundle::Kind::held: break;
  }
  return bundle.touched;
}

void Desk::changed(const std::string& key, Kept& kept) {
  queue_.erase({kept.wake, key});
  kept.wake = wake(kept.bundle).value_or(Time::max());
  queue_.emplace(kept.wake, key);
  dirty_.insert(key);
}

void Desk::forget(const std::string& key) {
  const auto at = bundles_.find(key);
  if (at == bundles_.end()) return;
  queue_.erase({at->second.wake, key});
  bundles_.erase(at);
  dirty_.insert(key);
}

Desk::Kept& Desk::open(Bundle::Kind kind, std::string_view route, std::string_view channel, std::string_view rest) {
  const auto [at, fresh] = bundles_.try_emplace(bundle_key(kind, route, channel, rest));
  if (fresh) {
    at->second.bundle.kind = kind;
    at->second.bundle.route = route;
    at->second.bundle.channel = channel;
  }
  return at->second;
}

bool Desk::restore(const std::string& key, std::string_view value) {
  auto bundle = decode_bundle(value);
  if (!key.starts_with(kDeskPrefix) || !bundle) return false;
  const config::Route& now = route(bundle->route);
  const bool stays = (bundle->kind == Bundle::Kind::group && now.group) ||
                     (bundle->kind == Bundle::Kind::digest && (now.digest || now.quiet)) ||
                     (bundle->kind == Bundle::Kind::held && now.quiet) ||
                     (bundle->kind == Bundle::Kind::rollup && now.limit) ||
                     (bundle->kind == Bundle::Kind::escalation && now.escalate);
  if (!stays && bundle->kind == Bundle::Kind::escalation) bundle->gathered = {};  // its alert went out
  if (!stays && bundle->gathered.total > 0) bundle->due = from_ms(1);
  if (!stays && bundle->gathered.total == 0) bundle->touched = bundle->due = Time{};
  if (stays && bundle->kind == Bundle::Kind::group) bundle->due = group_due(bundle->group, *now.group).value_or(Time{});
  Kept& kept = bundles_[key];
  kept.bundle = std::move(*bundle);
  if (!lists_many_things(kept.bundle.alert)) kept.bundle.gathered.claimed |= lists_claimed(kept.bundle.gathered);
  kept.wake = wake(kept.bundle).value_or(Time::max());
  queue_.emplace(kept.wake, key);
  return true;
}

void Desk::join(const config::Group& group, const std::string& key, const Gathered::One& one, bool claimed,
                Time arrived, Time now) {
  Kept& kept = bundles_.at(key);
  route::join(kept.bundle.group, arrived);
  kept.bundle.gathered.add(one);
  kept.bundle.gathered.claimed |= claimed;
  kept.bundle.touched = now;
  kept.bundle.due = group_due(kept.bundle.group, group).value_or(Time{});
  changed(key, kept);
}

bool Desk::joins_its_story(const Arrival& arrival, const Gathered::One& one, bool claimed, const Mention& mention,
                           std::string_view story, Time now) {
  if (story.empty() || arrival.edit) return false;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const config::Route& other = routes_[i];
    if (!other.group || std::ranges::find(other.group->by, config::GroupBy::story) == other.group->by.end() ||
        std::ranges::find(other.channels, arrival.channel) == other.channels.end())
      continue;
    const std::string name = route_key(other, i);
    for (const std::string& rest : group_keys(*other.group, name, arrival.channel, mention, story)) {
      const std::string key = bundle_key(Bundle::Kind::group, name, arrival.channel, rest);
      if (!bundles_.contains(key)) continue;
      join(*other.group, key, one, claimed, arrival.at, now);
      return true;
    }
  }
  return false;
}

void Desk::arrive(const Arrival& arrival, const Mention& mention, std::string_view story, Time now) {
  const config::Route& how = route(arrival.route);
  const Gathered::One one{mention.id, mention.severity};
  const bool claimed = claimed_.contains(mention.id) || claimed_.contains(story);
  if (claimed) claimed_.insert(mention.id);
  if (!how.group || arrival.edit) {
    if (joins_its_story(arrival, one, claimed, mention, story, now)) return;
    Gathered alone;
    alone.add(one);
    alone.claimed = claimed;
    emit(arrival.edit ? AlertKind::edit : AlertKind::mention, arrival.delivery_id, arrival.route, arrival.channel,
         alone, now);
    return;
  }
  for (const std::string& rest : group_keys(*how.group, arrival.route, arrival.channel, mention, story)) {
    open(Bundle::Kind::group, arrival.route, arrival.channel, rest);
    join(*how.group, bundle_key(Bundle::Kind::group, arrival.route, arrival.channel, rest), one, claimed, arrival.at,
         now);
  }
}

bool Desk::lists_claimed(const Gathered& gathered) const {
  return std::ranges::any_of(gathered.listed, [&](const Gathered::One& one) { return claimed_.contains(one.id); });
}

void Desk::claim(const Claim& claim) {
  claimed_.insert(claim.mention);
  if (!claim.story.empty()) claimed_.insert(claim.story);
  std::vector<std::string> taken;
  for (auto& [key, kept] : bundles_) {
    Gathered& gathered = kept.bundle.gathered;
    if (gathered.claimed || !lists_claimed(gathered)) continue;
    dirty_.insert(key);
    const bool waits = kept.bundle.kind == Bundle::Kind::escalation;
    if (waits && lists_many_things(kept.bundle.alert))
      gathered = untaken(gathered, claimed_);
    else
      gathered.claimed = true;
    if (waits && (gathered.claimed || gathered.listed.empty())) taken.push_back(key);
  }
  for (const std::string& key : taken) forget(key);
}

// Into the outbox; from then on the time runs in which somebody may take it. An alert that goes to several channels of
// one route waits for that once.
void Desk::send(AlertKind kind, std::string delivery_id, std::string_view name, const std::string& channel,
                const Gathered& mentions, Time now) {
  alerts_.push_back({kind, std::move(delivery_id), channel, mentions});
  const auto& how = route(name).escalate;
  if (!how) return;
  const Gathered left = lists_many_things(kind) ? untaken(mentions, claimed_) : mentions;
  if (left.claimed || left.listed.empty()) return;
  const std::string key = bundle_key(Bundle::Kind::escalation, name, {}, left.listed.front().id);
  Kept& kept = open(Bundle::Kind::escalation, name, {}, left.listed.front().id);
  kept.bundle.alert = kind;
  kept.bundle.gathered.add(left);
  kept.bundle.touched = now;
  if (kept.bundle.due == Time{}) kept.bundle.due = now + how->after;
  changed(key, kept);
}

void Desk::escalate(const std::string& key, Time now) {
  Bundle bundle = std::move(bundles_.at(key).bundle);
  forget(key);
  const auto& how = route(bundle.route).escalate;
  if (lists_many_things(bundle.alert)) bundle.gathered = untaken(bundle.gathered, claimed_);
  if (!how || bundle.gathered.claimed || bundle.gathered.listed.empty()) return;
  for (const std::string& channel : how->channels)
    alerts_.push_back({AlertKind::escalation, delivery_id("escalation", key + channel, bundle.gathered, now), channel,
                       bundle.gathered});
}

void Desk::emit(AlertKind kind, std::string delivery_id, std::string_view key, const std::string& channel,
                const Gathered& mentions, Time now) {
  const Plan planned = plan(route(key), mentions.severity, zone_, now);
  switch (planned.fate) {
    case Plan::Fate::drop: return;
    case Plan::Fate::digest: {
      Kept& kept = open(Bundle::Kind::digest, key, channel, {});
      kept.bundle.gathered.add(mentions);
      kept.bundle.touched = now;
      if (kept.bundle.due == Time{} || planned.at < kept.bundle.due) kept.bundle.due = planned.at;
      changed(bundle_key(Bundle::Kind::digest, key, channel, {}), kept);
      return;
    }
    case Plan::Fate::send: break;
  }
  if (planned.at <= now) {
    release(kind, std::move(delivery_id), key, channel, mentions, now);
    return;
  }
  Kept& kept = open(Bundle::Kind::held, key, channel, delivery_id);
  kept.bundle.gathered = mentions;
  kept.bundle.touched = now;
  kept.bundle.due = planned.at;
  kept.bundle.alert = kind;
  kept.bundle.delivery_id = delivery_id;
  changed(bundle_key(Bundle::Kind::held, key, channel, delivery_id), kept);
}

void Desk::release(AlertKind kind, std::string delivery_id, std::string_view key, const std::string& channel,
                   const Gathered& mentions, Time now) {
  if (const auto& limit = route(key).limit) {
    Kept& kept = open(Bundle::Kind::rollup, key, channel, {});
    const bool free = admit(kept.bundle.limit, *limit, now);
    if (!free) kept.bundle.gathered.add(mentions);
    kept.bundle.touched = now;
    kept.bundle.due = rollup_due(kept.bundle.limit, *limit).value_or(Time{});
    changed(bundle_key(Bundle::Kind::rollup, key, channel, {}), kept);
    if (!free) return;
  }
  send(kind, std::move(delivery_id), key, channel, mentions, now);
}

void Desk::fire_group(const std::string& key, Kept& kept, Time now) {
  const Gathered told = std::exchange(kept.bundle.gathered, {});
  kept.bundle.gathered.claimed = told.claimed;  // what is taken stays taken while it grows
  const GroupAlert alert = take_group(kept.bundle.group, now);
  const std::string name = kept.bundle.route, channel = kept.bundle.channel;
  const auto& group = route(name).group;
  kept.bundle.due = group ? group_due(kept.bundle.group, *group).value_or(Time{}) : Time{};
  if (group)
    changed(key, kept);
  else
    forget(key);
  Gathered mentions = told;
  mentions.total = std::max(alert.total, told.total);
  // One mention alone tells no story.
  const AlertKind kind = alert.kind == AlertKind::story && alert.total == 1 ? AlertKind::mention : alert.kind;
  emit(kind, delivery_id(kind == AlertKind::growth ? "growth" : "story", key, mentions, now), name, channel, mentions,
       now);
}

void Desk::fire(const std::string& key, Time now) {
  Kept& kept = bundles_.at(key);
  const bool due = kept.bundle.due != Time{} && kept.bundle.due <= now;
  if (!due) return forget(key);
  if (kept.bundle.kind == Bundle::Kind::group) return fire_group(key, kept, now);
  if (kept.bundle.kind == Bundle::Kind::escalation) return escalate(key, now);
  if (kept.bundle.kind == Bundle::Kind::rollup) {
    const Gathered mentions = std::exchange(kept.bundle.gathered, {});
    static_cast<void>(take_rollup(kept.bundle.limit, now));
    kept.bundle.due = {};
    kept.bundle.touched = now;
    changed(key, kept);
    const std::string name = kept.bundle.route, channel = kept.bundle.channel;
    send(AlertKind::rollup, delivery_id("rollup", key, mentions, now), name, channel, mentions, now);
    return;
  }
  const Bundle bundle = std::move(kept.bundle);
  forget(key);
  if (bundle.kind == Bundle::Kind::held)
    release(bundle.alert, bundle.delivery_id, bundle.route, bundle.channel, bundle.gathered, now);
  else
    release(AlertKind::digest, delivery_id("digest", key, bundle.gathered, now), bundle.route, bundle.channel,
            bundle.gathered, now);
}

void Desk::tick(Time now) {
  while (!queue_.empty() && queue_.begin()->first <= now) fire(std::string(queue_.begin()->second), now);
}

std::optional<Time> Desk::next() const { return queue_.empty() ? std::nullopt : std::optional{queue_.begin()->first}; }

std::vector<Change> Desk::take_changes() {
  std::vector<Change> changes;
  for (const std::string& key : dirty_) {
    const auto at = bundles_.find(key);
    changes.push_back({key, at == bundles_.end() ? std::nullopt : std::optional{encode(at->second.bundle)}});
  }
  dirty_.clear();
  return changes;
}

}  // namespace earshot::route
