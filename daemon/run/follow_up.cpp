#include "run/follow_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "run/story_texts.h"

namespace earshot::run {
namespace {

// Of a story, so many mentions are searched for the message that told it first.
constexpr std::size_t kSearched = 20;
// … and so many for a claim.
constexpr std::size_t kAsked = 200;
// So many messages are shown anew for one claim, the latest.
constexpr std::size_t kAnew = 20;

// About one mention or one story, which is what somebody takes.
bool can_be_taken(AlertKind kind) {
  return kind == AlertKind::mention || kind == AlertKind::edit || kind == AlertKind::escalation ||
         kind == AlertKind::story || kind == AlertKind::growth;
}

bool belongs_below(AlertKind kind) { return kind == AlertKind::growth || kind == AlertKind::edit; }

std::vector<store::Arrived> deliveries(const std::optional<store::Trail>& trail) {
  return trail ? trail->deliveries : std::vector<store::Arrived>{};
}

// By channel: the message that told the story first.
Result<std::map<std::string, store::Arrived>> told_first(const std::string& story, const store::Store& store) {
  std::vector<std::string> ids{story};
  auto members = store.members(story, kSearched);
  if (!members) return tl::unexpected(members.error());
  ids.insert(ids.end(), members->begin(), members->end());
  std::map<std::string, store::Arrived> first;
  for (const std::string& id : ids) {
    const auto trail = store.trail(id);
    if (!trail) return tl::unexpected(trail.error());
    for (store::Arrived& message : deliveries(*trail)) {
      if (message.remote_id.empty() || (message.kind != AlertKind::mention && message.kind != AlertKind::story))
        continue;
      const auto [known, fresh] = first.try_emplace(message.channel, message);
      if (!fresh && message.number < known->second.number) known->second = std::move(message);
    }
  }
  return first;
}

std::string_view name_of(route::Claim::State state) {
  switch (state) {
    case route::Claim::State::taken: return "taken_by";
    case route::Claim::State::done: return "done_by";
    case route::Claim::State::not_relevant: break;
  }
  return "not_relevant_by";
}

Result<std::string> standing(const Alert& alert, const store::Store& store, const texts::Texts& texts) {
  std::vector<std::string> ids;
  for (const Mention& mention : alert.mentions) ids.push_back(mention.id);
  if (!alert.story.empty()) {  // whoever takes a mention takes its story
    ids.push_back(alert.story);
    auto members = store.members(alert.story, kAsked);
    if (!members) return tl::unexpected(members.error());
    ids.insert(ids.end(), members->begin(), members->end());
  }
  for (const std::string& id : ids) {
    const auto note = store.note(std::string(route::kClaimPrefix) + id);
    if (!note) return tl::unexpected(note.error());
    const auto claim = *note ? route::decode_claim(**note) : std::nullopt;
    if (!claim) continue;
    return texts.say(name_of(claim->state), {{"who", claim->by}});
  }
  return std::string{};
}

Result<std::optional<Alert>> once_more(const store::Arrived& message, const store::Store& store, Time now) {
  Alert alert;
  alert.kind = message.kind;
  alert.channel = message.channel;
  alert.edits = message.remote_id;
  alert.delivery_id = fmt::format("anew-{:x}-{:x}", message.number, to_ms(now));
  alert.created = message.owed_since;
  alert.severity = Severity::low;
  for (const std::string& id : message.mention_ids)
    if (const Status listed = list(alert, id, store); !listed) return tl::unexpected(listed.error());
  for (const Mention& mention : alert.mentions) alert.severity = std::max(alert.severity, mention.severity);
  if (alert.mentions.empty()) return std::optional<Alert>{};
  alert.total = std::max<std::uint64_t>(message.total, alert.mentions.size());
  return std::optional{std::move(alert)};
}

}  // namespace

Status list(Alert& alert, const std::string& id, const store::Store& store) {
  auto mention = store.mention(id);
  if (!mention) return tl::unexpected(mention.error());
  if (!*mention) return {};
  drop_bodies(**mention);
  alert.mentions.push_back(std::move(**mention));
  return {};
}

Status bring_up_to_date(Alert& alert, const store::Store& store, const texts::Texts& texts) {
  if (alert.story.empty()) {
    auto story = common_story(alert, store);
    if (!story) return tl::unexpected(story.error());
    alert.story = std::move(*story);
  }
  if (!can_be_taken(alert.kind)) return {};
  auto taken = standing(alert, store, texts);
  if (!taken) return tl::unexpected(taken.error());
  alert.standing = std::move(*taken);
  if (alert.story.empty()) return {};
  if (belongs_below(alert.kind)) {
    const auto first = told_first(alert.story, store);
    if (!first) return tl::unexpected(first.error());
    if (const auto message = first->find(alert.channel); message != first->end())
      alert.thread = message->second.remote_id;
  }
  if (!alert.edits.empty()) {
    auto text = story_text(alert, store, texts);
    if (!text) return tl::unexpected(text.error());
    alert.text = std::move(*text);
  }
  return {};
}

Result<std::vector<Alert>> shown_anew(const store::Store& store, const route::Claim& claim, Time now) {
  std::map<std::uint64_t, store::Arrived> messages;  // by number
  const auto trail = store.trail(claim.mention);
  if (!trail) return tl::unexpected(trail.error());
  for (store::Arrived& message : deliveries(*trail)) messages.try_emplace(message.number, std::move(message));
  auto first = told_first(claim.story.empty() ? claim.mention : claim.story, store);
  if (!first) return tl::unexpected(first.error());
  for (auto& [channel, message] : *first) messages.try_emplace(message.number, std::move(message));
  std::erase_if(messages, [](const auto& one) { return !one.second.editable || !can_be_taken(one.second.kind); });
  while (messages.size() > kAnew) messages.erase(messages.begin());
  std::vector<Alert> alerts;
  for (const auto& [number, message] : messages) {
    auto alert = once_more(message, store, now);
    if (!alert) return tl::unexpected(alert.error());
    if (*alert) alerts.push_back(std::move(**alert));
  }
  return alerts;
}

}  // namespace earshot::run
