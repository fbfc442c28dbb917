#include "run/spikes.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/route/timing.h"
#include "run/channel_texts.h"
#include "run/log.h"
#include "run/spike_texts.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;
using std::chrono::hours;

constexpr std::string_view kPrefix = "spike/topic/";       // and the topic's name: spike::Watch
constexpr std::string_view kStoryPrefix = "spike/story/";  // and the topic's name: spike::StoryWatch
constexpr const char* kListening = "spike/listening";      // "since until", in seconds
constexpr Duration kEvery = std::chrono::minutes{5};
// A restart is no gap.
constexpr Duration kGap = std::chrono::minutes{15};
// Of a longer gap the hours are not gone through one by one.
constexpr Duration kLongest = hours{48};
constexpr std::size_t kRouted = 50;

// The hour on the team's wall.
spike::HourOfWeek hour_of_week(const route::Zone& zone, Time hour) {
  const route::WallTime wall = zone.wall(hour);
  return {wall.minute / 60U, wall.weekday()};
}

Severity severity_of(const config::Topic& topic) { return std::max(topic.severity, Severity::high); }

struct Watched {
  spike::Watch topic;
  spike::StoryWatch stories;
};

// Those that get the mentions it consists of, by the first route that tells them now. Quiet hours and digests hold for
// it as for any alert of its severity: where all are quiet it is looked at again later. What is silenced tells nobody.
Result<std::vector<std::string>> audience(const House& house, const config::Topic& topic, Time from, Time now) {
  std::vector<std::string> channels;
  store::MentionQuery ask{.since = from, .until = now, .topic = topic.name, .limit = kRouted};
  auto page = house.store.mentions(ask);
  if (!page) return tl::unexpected(page.error());
  for (Mention& mention : page->mentions) {
    const auto source = std::ranges::find(house.config.sources, mention.source, &config::Source::name);
    if (source == house.config.sources.end()) continue;
    const RouteQueries queries = match(mention, *source, *house.rules, now);
    if (!silenced(mention, *source, *house.rules, now).empty()) continue;
    const auto held = [&](std::uint32_t route) { return std::ranges::find(queries.held, route) != queries.held.end(); };
    for (const route::Decision& decision : house.rules->router.route(mention, held)) {
      const config::Route& route = house.rules->router.routes()[decision.route];
      if (std::ranges::count(queries.silenced, decision.route, &std::pair<std::uint32_t, std::uint32_t>::first) > 0)
        continue;
      if (route::plan(route, severity_of(topic), house.rules->zone, now).fate != route::Plan::Fate::send) continue;
      if (std::ranges::find(channels, decision.channel) == channels.end()) channels.push_back(decision.channel);
    }
  }
  return channels;
}

// `found` is a spike::Spike or a spike::Wave, `story` the latter's.
template <class Found>
void tell(const House& house, const config::Topic& topic, const Found& found, const std::string& story,
          const Heard& heard, const std::vector<std::string>& channels, Time now, std::vector<Alert>& alerts) {
  for (const std::string& name : channels) {
    const texts::Texts& texts = texts_of(house.config.channels, name);
    const std::string whose = fmt::format("{}\n{}{}{}", topic.name, story, story.empty() ? "" : "\n", name);
    Alert alert;
    alert.kind = AlertKind::spike;
    alert.severity = severity_of(topic);
    alert.channel = name;
    alert.delivery_id = fmt::format("spike-{:x}-{:016x}-{}", to_ms(found.hour) / 1000,
                                    XXH3_64bits(whose.data(), whose.size()), found.number);
    alert.headline = spike_headline(topic.name, found, texts);
    alert.text = spike_text(heard, texts);
    alert.created = now;
    alert.mentions = heard.listed;
    alert.total = heard.mentions;
    alert.story = story;
    alerts.push_back(std::move(alert));
  }
}

// What [from, to) brought, `from` being the beginning of an hour: alerts of what is out of the ordinary in it.
Status judge(const House& house, const config::Topic& topic, Watched& watched, Time from, Time to, const Heard& what,
             Time now, std::vector<Alert>& alerts) {
  const spike::HourOfWeek at = hour_of_week(house.rules->zone, from);
  // What was found counts as told only if somebody can be told.
  Watched after = watched;
  const auto spike = after.topic.look(from, at, what.stories);
  const auto wave = after.stories.look(from, at, what.biggest, what.biggest_mentions);
  if (!spike && !wave) return {};
  auto channels = audience(house, topic, from, now);
  if (!channels) return tl::unexpected(channels.error());
  if (spike && !channels->empty()) {
    watched.topic = after.topic;
    tell(house, topic, *spike, {}, what, *channels, now, alerts);
  }
  // Who is told of stories as a whole hears of its growth.
  std::erase_if(*channels, [&](const std::string& name) { return house.rules->router.groups_stories(name); });
  if (!wave || channels->empty()) return {};
  const auto story = heard(house.store, topic.name, from, to, wave->story);
  if (!story) return tl::unexpected(story.error());
  watched.stories = std::move(after.stories);
  tell(house, topic, *wave, wave->story, *story, *channels, now, alerts);
  return {};
}

}  // namespace

Spikes::Spikes(House& house, std::function<void()> owed) : house_(house), owed_(std::move(owed)), loop_(house.io) {}

Result<Time> Spikes::listening_since(Time now) {
  const auto note = house_.store.note(kListening);
  if (!note) return tl::unexpected(note.error());
  Time since = now;
  if (*note) {
    std::int64_t from = 0, until = 0;
    const std::string& text = **note;
    const auto [space, bad] = std::from_chars(text.data(), text.data() + text.size(), from);
    if (bad == std::errc{} && space < text.data() + text.size() &&
        std::from_chars(space + 1, text.data() + text.size(), until).ec == std::errc{}) {
      const Time last = from_ms(until * 1000);
      if (last <= now && now - last <= kGap) since = from_ms(from * 1000);
    }
  }
  const std::array notes{store::Note{kListening, fmt::format("{} {}", to_ms(since) / 1000, to_ms(now) / 1000)}};
  if (const Status put = house_.store.enqueue({}, notes, now); !put) return tl::unexpected(put.error());
  return since;
}

Result<std::size_t> Spikes::look_at(const config::Topic& topic, Time since, Time now) {
  const std::string key = std::string(kPrefix) + topic.name, story_key = std::string(kStoryPrefix) + topic.name;
  const auto note = house_.store.note(key), story_note = house_.store.note(story_key);
  if (!note) return tl::unexpected(note.error());
  if (!story_note) return tl::unexpected(story_note.error());
  Watched watched;
  if (auto known = *note ? spike::Watch::decode(**note) : std::nullopt) watched.topic = *known;
  if (auto known = *story_note ? spike::StoryWatch::decode(**story_note) : std::nullopt)
    watched.stories = std::move(*known);
  const Time hour = std::chrono::floor<hours>(now);
  Time next = watched.topic.finished() ? *watched.topic.finished() + hours{1} : hour;
  if (hour - next > kLongest) next = hour - hours{1};
  std::vector<Alert> alerts;
  for (; next < hour; next += hours{1}) {
    const auto count = heard(house_.store, topic.name, next, next + hours{1});
    if (!count) return tl::unexpected(count.error());
    if (hour - next <= hours{1})  // what is longer ago is no news
      if (const Status judged = judge(house_, topic, watched, next, next + hours{1}, *count, now, alerts); !judged)
        return tl::unexpected(judged.error());
    const spike::HourOfWeek at = hour_of_week(house_.rules->zone, next);
    watched.topic.finish(next, at, count->stories, next < since);
    if (next >= since) watched.stories.finish(next, at, count->biggest_mentions);
  }
  if (!watched.topic.finished())
    watched.topic.finish(hour - hours{1}, hour_of_week(house_.rules->zone, hour - hours{1}), 0, true);
  const auto count = heard(house_.store, topic.name, hour, now);
  if (!count) return tl::unexpected(count.error());
  if (const Status judged = judge(house_, topic, watched, hour, now, *count, now, alerts); !judged)
    return tl::unexpected(judged.error());
  const std::array notes{store::Note{key, watched.topic.encode()}, store::Note{story_key, watched.stories.encode()}};
  if (alerts.empty() && *note == notes[0].value && *story_note == notes[1].value) return 0;
  if (const Status put = house_.store.enqueue(alerts, notes, now); !put) return tl::unexpected(put.error());
  return alerts.size();
}

Result<std::size_t> Spikes::look(Time now) {
  const auto since = listening_since(now);
  if (!since) return tl::unexpected(since.error());
  std::size_t alerts = 0;
  for (const config::Topic& topic : house_.config.topics) {
    if (!topic.spikes || loop_.stopping()) continue;
    auto told = look_at(topic, *since, now);
    if (!told) return told;
    if (*told > 0) log::info("spike", {{"topic", topic.name}, {"channels", fmt::to_string(*told)}});
    alerts += *told;
  }
  return alerts;
}

asio::awaitable<Status> Spikes::start() {
  if (std::ranges::none_of(house_.config.topics, &config::Topic::spikes)) co_return Status{};
  loop_.begin([this] { return turn(); });
  co_return Status{};
}

asio::awaitable<Duration> Spikes::turn() {
  auto once = [this] { return look(house_.now()); };
  const auto told = co_await house_.workers.run(std::move(once));
  if (!told)
    log::error("topics cannot be watched for spikes", {{"error", told.error().message}});
  else if (*told > 0)
    owed_();
  co_return kEvery;
}

}  // namespace earshot::run
