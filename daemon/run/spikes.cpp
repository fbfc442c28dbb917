#include "run/spikes.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/report/quote.h"
#include "core/route/timing.h"
#include "run/log.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;
using std::chrono::hours;

constexpr std::string_view kPrefix = "spike/topic/";   // and the topic's name: spike::Watch
constexpr const char* kListening = "spike/listening";  // "since until", in seconds
constexpr Duration kEvery = std::chrono::minutes{5};
// A restart is no gap.
constexpr Duration kGap = std::chrono::minutes{15};
// Of a longer gap the hours are not gone through one by one.
constexpr Duration kLongest = hours{48};
// An item may be so much older than the hour it is counted in: feeds are polled that seldom at most as a rule.
constexpr Duration kLate = hours{1};
constexpr std::size_t kPage = 1'000, kListedMentions = 10, kRouted = 50;

// The hour on the team's wall.
spike::HourOfWeek hour_of_week(const route::Zone& zone, Time hour) {
  const route::WallTime wall = zone.wall(hour);
  return {wall.minute / 60U, wall.weekday()};
}

struct Language {
  std::string_view code, headline, terms, from, languages;
};
constexpr std::array<Language, 5> kLanguages{{
    {"en", "{}: {} stories in an hour, usually {}", "Terms", "From", "Languages"},
    {"nl", "{}: {} verhalen in een uur, normaal {}", "Woorden", "Van", "Talen"},
    {"de", "{}: {} Themen in einer Stunde, sonst {}", "Wörter", "Von", "Sprachen"},
    {"fr", "{} : {} sujets en une heure, d’habitude {}", "Mots", "De", "Langues"},
    {"es", "{}: {} historias en una hora, lo normal {}", "Palabras", "De", "Idiomas"},
}};

const Language& language_of(std::string_view code) {
  const auto* found = std::ranges::find(kLanguages, code, &Language::code);
  return found == kLanguages.end() ? kLanguages.front() : *found;
}

}  // namespace

std::string spike_headline(const std::string& topic, const spike::Spike& spike, std::string_view language) {
  const std::string usual = spike.usual >= 10 ? fmt::format("{:.0f}", spike.usual) : fmt::format("{:.1f}", spike.usual);
  return fmt::format(fmt::runtime(language_of(language).headline), topic, spike.stories, usual);
}

std::string spike_text(const Heard& heard, std::string_view code) {
  const Language& language = language_of(code);
  std::string text;
  for (const auto& [label, counts] : {std::pair{language.terms, &heard.terms},
                                      {language.from, &heard.outlets},
                                      {language.languages, &heard.languages}}) {
    if (counts->empty()) continue;
    std::string line;
    for (const report::Share& count : *counts)
      line += fmt::format("{}{} {}", line.empty() ? "" : " · ", count.name, count.mentions);
    text += fmt::format("{}{}: {}", text.empty() ? "" : "\n", label, line);
  }
  return text;
}

Result<Heard> heard(const store::Store& store, const std::string& topic, Time from, Time to) {
  Heard out;
  std::unordered_set<std::string> stories;
  std::unordered_map<std::string, bool> fresh_source;  // its first poll was in this time
  std::unordered_map<std::string, std::uint64_t> terms, outlets, languages;
  std::vector<std::pair<double, Mention>> best;
  store::MentionQuery ask{.since = from, .until = to, .topic = topic, .oldest_first = true, .limit = kPage};
  do {
    auto page = store.mentions(ask);
    if (!page) return tl::unexpected(page.error());
    for (Mention& mention : page->mentions) {
      if (mention.item.published && *mention.item.published + kLate < from) continue;
      const auto [known, unseen] = fresh_source.try_emplace(mention.source, false);
      if (unseen) {
        const auto state = store.source(mention.source);
        if (!state) return tl::unexpected(state.error());
        known->second = *state && (*state)->first_poll && *(*state)->first_poll + kLate >= from;
      }
      if (known->second) continue;
      const auto story = store.story_of(mention.id);
      if (!story) return tl::unexpected(story.error());
      const bool first = stories.insert(*story).second;
      ++out.mentions;
      ++outlets[outlet_of(mention)];
      if (!mention.language.empty() && mention.language != "und") ++languages[mention.language];
      std::set<std::string_view> named;
      for (const TopicMatch& match : mention.matches)
        if (match.topic == topic)
          for (const Hit& hit : match.hits) named.insert(hit.term);
      for (const std::string_view term : named) ++terms[std::string(term)];
      if (!first) continue;
      const double worth = report::striking(mention);
      if (best.size() == kListedMentions && worth <= best.back().first) continue;
      drop_bodies(mention);
      best.emplace_back(worth, std::move(mention));
      std::ranges::stable_sort(best, std::greater<>{}, [](const auto& one) { return one.first; });
      if (best.size() > kListedMentions) best.pop_back();
    }
    ask.cursor = std::move(page->next);
  } while (!ask.cursor.empty());
  out.stories = static_cast<std::uint32_t>(stories.size());
  for (auto& [worth, mention] : best) out.listed.push_back(std::move(mention));
  out.terms = report::most(terms);
  out.outlets = report::most(outlets);
  out.languages = report::most(languages);
  return out;
}

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

// It goes to whoever gets the mentions that it consists of, by the first route that tells them now. Quiet hours and
// digests hold for it as for any alert of its severity: where all are quiet it is looked at again later.
Result<std::vector<Alert>> Spikes::alerts_of(const config::Topic& topic, const spike::Spike& spike, const Heard& heard,
                                             Time now) {
  const Severity severity = std::max(topic.severity, Severity::high);
  std::vector<std::string> channels;
  store::MentionQuery ask{.since = spike.hour, .until = now, .topic = topic.name, .limit = kRouted};
  auto page = house_.store.mentions(ask);
  if (!page) return tl::unexpected(page.error());
  for (Mention& mention : page->mentions) {
    const auto source = std::ranges::find(house_.config.sources, mention.source, &config::Source::name);
    if (source == house_.config.sources.end()) continue;
    const RouteQueries queries = match(mention, *source, *house_.rules, now);
    const auto held = [&](std::uint32_t route) { return std::ranges::find(queries.held, route) != queries.held.end(); };
    for (const route::Decision& decision : house_.rules->router.route(mention, held)) {
      const config::Route& route = house_.rules->router.routes()[decision.route];
      if (route::plan(route, severity, house_.rules->zone, now).fate != route::Plan::Fate::send) continue;
      if (std::ranges::find(channels, decision.channel) == channels.end()) channels.push_back(decision.channel);
    }
  }
  std::vector<Alert> alerts;
  for (const std::string& name : channels) {
    const auto channel = std::ranges::find(house_.config.channels, name, &config::Channel::name);
    const std::string_view language =
        channel == house_.config.channels.end() ? std::string_view() : std::string_view(channel->language);
    const std::string whose = fmt::format("{}\n{}", topic.name, name);
    Alert alert;
    alert.kind = AlertKind::spike;
    alert.severity = severity;
    alert.channel = name;
    alert.delivery_id = fmt::format("spike-{:x}-{:016x}-{}", to_ms(spike.hour) / 1000,
                                    XXH3_64bits(whose.data(), whose.size()), spike.number);
    alert.headline = spike_headline(topic.name, spike, language);
    alert.text = spike_text(heard, language);
    alert.created = now;
    alert.mentions = heard.listed;
    alert.total = heard.mentions;
    alerts.push_back(std::move(alert));
  }
  return alerts;
}

Result<std::size_t> Spikes::look_at(const config::Topic& topic, Time since, Time now) {
  const std::string key = std::string(kPrefix) + topic.name;
  const auto note = house_.store.note(key);
  if (!note) return tl::unexpected(note.error());
  auto known = *note ? spike::Watch::decode(**note) : std::nullopt;
  spike::Watch watch = known ? *known : spike::Watch{};
  const Time hour = std::chrono::floor<hours>(now);
  Time next = watch.finished() ? *watch.finished() + hours{1} : hour;
  if (hour - next > kLongest) next = hour - hours{1};
  std::vector<Alert> alerts;
  // Told it is only if somebody can be told.
  const auto look = [&](Time at, const Heard& what) -> Status {
    spike::Watch after = watch;
    const auto spike = after.look(at, hour_of_week(house_.rules->zone, at), what.stories);
    if (!spike) return {};
    auto made = alerts_of(topic, *spike, what, now);
    if (!made) return tl::unexpected(made.error());
    if (made->empty()) return {};
    watch = after;
    std::ranges::move(*made, std::back_inserter(alerts));
    return {};
  };
  for (; next < hour; next += hours{1}) {
    const auto count = heard(house_.store, topic.name, next, next + hours{1});
    if (!count) return tl::unexpected(count.error());
    if (hour - next <= hours{1})  // what is longer ago is no news
      if (const Status looked = look(next, *count); !looked) return tl::unexpected(looked.error());
    watch.finish(next, hour_of_week(house_.rules->zone, next), count->stories, next < since);
  }
  if (!watch.finished()) watch.finish(hour - hours{1}, hour_of_week(house_.rules->zone, hour - hours{1}), 0, true);
  const auto count = heard(house_.store, topic.name, hour, now);
  if (!count) return tl::unexpected(count.error());
  if (const Status looked = look(hour, *count); !looked) return tl::unexpected(looked.error());
  std::string value = watch.encode();
  if (alerts.empty() && *note == value) return 0;
  const std::array notes{store::Note{key, std::move(value)}};
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
