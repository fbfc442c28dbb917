#include "run/dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/route/claim.h"
#include "run/channel_texts.h"
#include "run/follow_up.h"
#include "run/log.h"
#include "run/story_texts.h"
#include "run/wish.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kArrivals = 1000;        // in one step
constexpr std::size_t kDocuments = 1'000'000;  // that may wait
constexpr std::size_t kSilences = 10'000;      // that may be stored
constexpr Duration kLookIntoInbox = std::chrono::seconds{1};
constexpr Duration kStoreTrouble = std::chrono::seconds{30};

// The alert with its mentions as they are stored, without their bodies. One that was swept meanwhile is left out, and
// still counted.
Result<Alert> alert_of(const route::Outgoing& outgoing, const store::Store& store, Time now) {
  Alert alert;
  alert.kind = outgoing.kind;
  alert.severity = outgoing.mentions.severity;
  alert.delivery_id = outgoing.delivery_id;
  alert.channel = outgoing.channel;
  alert.created = now;
  alert.total = outgoing.mentions.total;
  for (const route::Gathered::One& one : outgoing.mentions.listed)
    if (const Status listed = list(alert, one.id, store); !listed) return tl::unexpected(listed.error());
  return alert;
}

// What arrived since the last step; each is done with when the step is written.
Status take_arrivals(route::Desk& desk, const store::Store& store, std::vector<store::Note>& notes, Time now,
                     bool& more) {
  const auto arrived = store.notes(route::kArrivalPrefix, kArrivals);
  if (!arrived) return tl::unexpected(arrived.error());
  more = arrived->size() == kArrivals;
  for (const store::Note& note : *arrived) {
    notes.push_back({note.key, std::nullopt});
    const auto arrival = route::decode_arrival(note.value.value_or(std::string{}));
    if (!arrival) {
      log::error("an alert that waited cannot be read", {{"key", note.key}});
      continue;
    }
    const auto mention = store.mention(arrival->mention);
    if (!mention) return tl::unexpected(mention.error());
    if (!*mention) continue;  // swept since
    const auto story = store.story_of(arrival->mention);
    if (!story) return tl::unexpected(story.error());
    desk.arrive(*arrival, **mention, *story, now);
  }
  return {};
}

}  // namespace

Result<route::Desk> read_desk(const store::Store& store, const Rules& rules, std::vector<std::string>& problems) {
  route::Desk desk(rules.router.routes(), rules.zone);
  const auto claims = read_claims(store);
  if (!claims) return tl::unexpected(claims.error());
  for (const route::Claim& claim : *claims) desk.claim(claim);
  const auto documents = store.notes(route::kDeskPrefix, kDocuments);
  if (!documents) return tl::unexpected(documents.error());
  for (const store::Note& note : *documents)
    if (!desk.restore(note.key, note.value.value_or(std::string{})))
      problems.push_back("what waited cannot be read: " + note.key);
  return desk;
}

Result<std::vector<route::Silence>> read_silences(const store::Store& store) {
  const auto notes = store.notes(route::kSilencePrefix, kSilences);
  if (!notes) return tl::unexpected(notes.error());
  std::vector<route::Silence> silences;
  for (const store::Note& note : *notes)
    if (auto silence = route::decode_silence(note.value.value_or(std::string{})))
      silences.push_back(std::move(*silence));
  return silences;
}

Status hang_silences(const store::Store& store, const Rules& rules, const std::vector<config::Topic>& topics,
                     std::vector<std::string>& problems) {
  const auto silences = read_silences(store);
  if (!silences) return tl::unexpected(silences.error());
  rules.board->hang(std::make_shared<const Silences>(*silences, topics, problems));
  return {};
}

Result<Step> step(route::Desk& desk, store::Store& store, const std::vector<config::Channel>& channels, Time now) {
  Step done;
  std::vector<store::Note> notes;
  if (const Status taken = take_arrivals(desk, store, notes, now, done.more); !taken)
    return tl::unexpected(taken.error());
  desk.tick(now);
  std::vector<Alert> alerts;
  for (const route::Outgoing& outgoing : desk.take_alerts()) {
    auto alert = alert_of(outgoing, store, now);
    if (!alert) return tl::unexpected(alert.error());
    auto root = common_story(*alert, store);
    if (!root) return tl::unexpected(root.error());
    alert->story = std::move(*root);
    auto text = story_text(*alert, store, texts_of(channels, alert->channel));
    if (!text) return tl::unexpected(text.error());
    alert->text = std::move(*text);
    alerts.push_back(std::move(*alert));
  }
  for (route::Change& change : desk.take_changes()) notes.push_back({std::move(change.key), std::move(change.value)});
  if (!alerts.empty() || !notes.empty())
    if (const Status put = store.enqueue(alerts, notes, now); !put) return tl::unexpected(put.error());
  done.owed = !alerts.empty();
  done.next = desk.next();
  return done;
}

Dispatcher::Dispatcher(House& house, std::function<void()> owed)
    : house_(house), owed_(std::move(owed)), loop_(house.io) {}

Status Dispatcher::load() {
  std::vector<std::string> problems;
  auto desk = read_desk(house_.store, *house_.rules, problems);
  if (!desk) return tl::unexpected(desk.error());
  desk_.emplace(std::move(*desk));
  for (const std::string& problem : problems) log::error("desk", {{"problem", problem}});
  return hang_silences();
}

Status Dispatcher::hang_silences() {
  auto silences = read_silences(house_.store);
  if (!silences) return tl::unexpected(silences.error());
  const Time now = house_.now();
  std::vector<store::Note> forgotten;
  std::erase_if(*silences, [&](const route::Silence& silence) {
    if (now >= silence.until + route::kSilenceKept)
      forgotten.push_back({std::string(route::kSilencePrefix) + silence.id, std::nullopt});
    return now >= silence.until;
  });
  if (!forgotten.empty())
    if (Status put = house_.store.enqueue({}, forgotten, now); !put) return put;
  std::vector<std::string> problems;
  house_.rules->board->hang(std::make_shared<const Silences>(*silences, house_.config.topics, problems));
  for (const std::string& problem : problems) log::error("a silence does not hold", {{"problem", problem}});
  return {};
}

Result<bool> Dispatcher::read_inbox(Time now) {
  bool owed = false;
  const auto letters = store::letters(house_.store.folder());
  for (const store::Letter& letter : letters) {
    const auto wish = read_letter(house_.store, letter, now);
    if (wish) {
      Status granted = grant(house_.store, *wish, now);
      if (!granted && house_.store.trouble())
        return tl::unexpected(granted.error());  // it waits until the store can be written again
      owed = owed || wish->claim;
      if (granted && wish->claim && desk_) desk_->claim(*wish->claim);
      if (granted)
        log::info("inbox", {{"done", letter.name}});
      else
        log::error("what a letter asks for cannot be done",
                   {{"letter", letter.name}, {"error", granted.error().message}});
    } else {
      log::error("a letter in the inbox is thrown away", {{"letter", letter.name}, {"error", wish.error().message}});
    }
    if (const Status hung = hang_silences(); !hung) return tl::unexpected(hung.error());
    if (const Status taken = store::take_letter(house_.store.folder(), letter.name); !taken)
      return tl::unexpected(taken.error());
  }
  return owed;
}

Result<Step> Dispatcher::advance() {
  const Time now = house_.now();
  const auto asked = read_inbox(now);
  if (!asked) return tl::unexpected(asked.error());
  if (!desk_)
    if (const Status read = load(); !read) return tl::unexpected(read.error());
  auto done = step(*desk_, house_.store, house_.config.channels, now);
  if (!done)
    desk_.reset();
  else
    done->owed = done->owed || *asked;
  return done;
}

asio::awaitable<Status> Dispatcher::start() {
  auto read = [this] { return load(); };
  if (const Status loaded = co_await house_.workers.run(std::move(read)); !loaded) co_return loaded;
  loop_.begin([this] { return turn(); });
  co_return Status{};
}

asio::awaitable<Duration> Dispatcher::turn() {
  auto go = [this] { return advance(); };
  const auto done = co_await house_.workers.run(std::move(go));
  if (!done) {
    log::error("alerts that wait cannot be moved on", {{"error", done.error().message}});
    co_return kStoreTrouble;
  }
  if (done->owed) owed_();
  if (done->more) co_return Duration{0};
  const Duration until = done->next ? *done->next - house_.now() : kLookIntoInbox;
  co_return std::clamp<Duration>(until, Duration{0}, kLookIntoInbox);
}

}  // namespace earshot::run
