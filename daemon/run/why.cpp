#include "run/why.h"

#include <algorithm>
#include <utility>

#include "core/route/arrival.h"
#include "core/route/bundle.h"
#include "core/route/desk.h"
#include "core/route/router.h"
#include "run/rules.h"

namespace earshot::run {
namespace {

constexpr std::size_t kMany = 1000, kDocuments = 100'000;

bool about(const Alert& alert, std::string_view id) {
  return std::ranges::find(alert.mentions, id, &Mention::id) != alert.mentions.end();
}

std::string_view word(route::Bundle::Kind kind) {
  switch (kind) {
    case route::Bundle::Kind::group: return "group";
    case route::Bundle::Kind::digest: return "digest";
    case route::Bundle::Kind::held: return "quiet";
    case route::Bundle::Kind::rollup: return "limit";
  }
  return {};
}

Status find_waiting(Why& why, const store::Store& store, std::string_view id) {
  const auto arrived = store.notes(route::kArrivalPrefix, kDocuments);
  if (!arrived) return tl::unexpected(arrived.error());
  for (const store::Note& note : *arrived)
    if (const auto arrival = route::decode_arrival(note.value.value_or("")); arrival && arrival->mention == id)
      why.waiting.push_back({"desk", arrival->route, arrival->channel, arrival->at, 1});
  const auto documents = store.notes(route::kDeskPrefix, kDocuments);
  if (!documents) return tl::unexpected(documents.error());
  for (const store::Note& note : *documents) {
    const auto bundle = route::decode_bundle(note.value.value_or(""));
    if (!bundle) continue;
    const auto& listed = bundle->gathered.listed;
    if (std::ranges::find(listed, id, &route::Gathered::One::id) != listed.end())
      why.waiting.push_back(
          {std::string(word(bundle->kind)), bundle->route, bundle->channel, bundle->due, bundle->gathered.total});
  }
  return {};
}

Status find_owed(Why& why, const store::Store& store, std::string_view id) {
  const auto pending = store.pending();
  if (!pending) return tl::unexpected(pending.error());
  for (const store::Owing& owing : *pending) {
    auto line = store.peek(owing.channel, kMany);
    if (!line) return tl::unexpected(line.error());
    for (store::Delivery& delivery : *line)
      if (about(delivery.alert, id)) why.owed.push_back(std::move(delivery));
  }
  auto dead = store.dead_letters({}, kMany);
  if (!dead) return tl::unexpected(dead.error());
  for (store::DeadLetter& letter : *dead)
    if (about(letter.delivery.alert, id)) why.dead.push_back(std::move(letter));
  return {};
}

void judge_now(Why& why, const config::Config& config, const Rules& rules) {
  Mention again = why.trail.mention;
  again.matches.clear();
  again.title_hits.clear();
  config::Source source;
  source.name = again.source;
  if (const auto known = std::ranges::find(config.sources, again.source, &config::Source::name);
      known != config.sources.end()) {
    source = *known;
    again.labels = source.labels;
  }
  const RouteQueries queries = match(again, source, rules, again.seen);
  for (const TopicMatch& found : again.matches) why.topics_now.push_back(found.topic);
  const auto& routes = rules.router.routes();
  for (std::uint32_t i = 0; i < routes.size(); ++i) {
    const bool held = std::ranges::find(queries.held, i) != queries.held.end();
    std::string reason = again.matches.empty() ? "no topic wants it" : route::why_not(routes[i].when, again, held);
    if (!reason.empty()) why.not_taken_now.push_back({route::route_key(routes[i], i), std::move(reason)});
  }
}

}  // namespace

Result<std::optional<Why>> why(const store::Store& store, const config::Config& config, std::string_view id) {
  auto trail = store.trail(id);
  if (!trail) return tl::unexpected(trail.error());
  if (!*trail) return std::optional<Why>{};
  Why why;
  why.trail = std::move(**trail);
  why.routed = decode_account(why.trail.account);

  const std::string first = why.trail.kin ? why.trail.kin->story : std::string(id);
  auto members = store.members(first, kMany);
  if (!members) return tl::unexpected(members.error());
  if (!members->empty()) {
    why.story = std::move(*members);
    why.story.insert(why.story.begin(), first);
  }
  if (const Status found = find_waiting(why, store, id); !found) return tl::unexpected(found.error());
  if (const Status found = find_owed(why, store, id); !found) return tl::unexpected(found.error());
  const auto rules = make_rules(config);
  if (!rules) return tl::unexpected(rules.error());
  judge_now(why, config, **rules);
  return std::optional{std::move(why)};
}

}  // namespace earshot::run
