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

Duration over_after(const config::Route& route) {
  return route.group ? std::max<Duration>(kGroupOver, 2 * route.group->repeat) : Duration{0};
}

}  // namespace

bool needs_desk(const config::Route& route, Severity severity, const Zone& zone, Time now) {
  if (route.group || route.limit) return true;
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
                     (bundle->kind == Bundle::Kind::rollup && now.limit);
  if (!stays && bundle->gathered.total > 0) bundle->due = from_ms(1);
  if (!stays && bundle->gathered.total == 0) bundle->touched = Time{};
  if (stays && bundle->kind == Bundle::Kind::group) bundle->due = group_due(bundle->group, *now.group).value_or(Time{});
  Kept& kept = bundles_[key];
  kept.bundle = std::move(*bundle);
  kept.wake = wake(kept.bundle).value_or(Time::max());
  queue_.emplace(kept.wake, key);
  return true;
}

void Desk::arrive(const Arrival& arrival, const Mention& mention, std::string_view story, Time now) {
  const config::Route& how = route(arrival.route);
  const Gathered::One one{mention.id, mention.severity};
  if (!how.group || arrival.edit) {
    Gathered alone;
    alone.add(one);
    emit(arrival.edit ? AlertKind::edit : AlertKind::mention, arrival.delivery_id, arrival.route, arrival.channel,
         alone, now);
    return;
  }
  for (const std::string& rest : group_keys(*how.group, arrival.route, arrival.channel, mention, story)) {
    Kept& kept = open(Bundle::Kind::group, arrival.route, arrival.channel, rest);
    join(kept.bundle.group, arrival.at);
    kept.bundle.gathered.add(one);
    kept.bundle.touched = now;
    kept.bundle.due = group_due(kept.bundle.group, *how.group).value_or(Time{});
    changed(bundle_key(Bundle::Kind::group, arrival.route, arrival.channel, rest), kept);
  }
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
  alerts_.push_back({kind, std::move(delivery_id), channel, mentions});
}

void Desk::fire_group(const std::string& key, Kept& kept, Time now) {
  const Gathered told = std::exchange(kept.bundle.gathered, {});
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
  if (kept.bundle.kind == Bundle::Kind::rollup) {
    const Gathered mentions = std::exchange(kept.bundle.gathered, {});
    static_cast<void>(take_rollup(kept.bundle.limit, now));
    kept.bundle.due = {};
    kept.bundle.touched = now;
    alerts_.push_back({AlertKind::rollup, delivery_id("rollup", key, mentions, now), kept.bundle.channel, mentions});
    changed(key, kept);
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
