#include "run/why.h"

#include <algorithm>
#include <utility>

#include "core/route/router.h"
#include "run/rules.h"

namespace earshot::run {
namespace {

constexpr std::size_t kMany = 1000;

bool about(const Alert& alert, std::string_view id) {
  return std::ranges::find(alert.mentions, id, &Mention::id) != alert.mentions.end();
}

Status find_waiting(Why& why, const store::Store& store, std::string_view id) {
  auto all = waiting(store);
  if (!all) return tl::unexpected(all.error());
  for (Waiting& one : *all)
    if (std::ranges::find(one.ids, id) != one.ids.end()) why.waiting.push_back(std::move(one));
  return {};
}

Status find_claim(Why& why, const store::Store& store, std::string_view id) {
  const auto note = store.note(std::string(route::kClaimPrefix) + std::string(id));
  if (!note) return tl::unexpected(note.error());
  if (*note) why.claim = route::decode_claim(**note);
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
    again.labels = source.traits().labels;
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

  auto story = store.story(id);
  if (!story) return tl::unexpected(story.error());
  if (*story) why.figures = std::move(**story);
  const auto root = store.story_of(id);
  if (!root) return tl::unexpected(root.error());
  const std::string& first = *root;
  auto members = store.members(first, kMany);
  if (!members) return tl::unexpected(members.error());
  if (!members->empty()) {
    why.story = std::move(*members);
    why.story.insert(why.story.begin(), first);
  }
  if (const Status found = find_waiting(why, store, id); !found) return tl::unexpected(found.error());
  if (const Status found = find_claim(why, store, id); !found) return tl::unexpected(found.error());
  if (const Status found = find_owed(why, store, id); !found) return tl::unexpected(found.error());
  const auto rules = make_rules(config);
  if (!rules) return tl::unexpected(rules.error());
  judge_now(why, config, **rules);
  return std::optional{std::move(why)};
}

}  // namespace earshot::run
