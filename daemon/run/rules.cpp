#include "run/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "run/document.h"
#include "run/topics_file.h"

namespace earshot::run {
namespace {

void add_labels(Labels& to, const Labels& from) {
  for (const auto& label : from)
    if (std::ranges::find(to, label) == to.end()) to.push_back(label);
}

void add_topic(Mention& mention, const config::Topic& topic, std::vector<Hit>&& hits) {
  mention.severity = mention.matches.empty() ? topic.severity : std::max(mention.severity, topic.severity);
  add_labels(mention.labels, topic.labels);
  mention.matches.push_back({topic.name, std::move(hits)});
}

}  // namespace

Result<std::shared_ptr<const Rules>> make_rules(const config::Config& config, const std::filesystem::path& kept) {
  std::vector<query::Topic> topics;
  for (const config::Topic& topic : config.topics) topics.push_back(topic_of(topic));
  std::vector<Rules::OfRoute> behind;
  for (std::uint32_t i = 0; i < config.routes.size(); ++i) {
    const config::Route& route = config.routes[i];
    const auto add = [&](std::string_view what, const std::string& query, std::optional<std::uint32_t> silence) {
      behind.push_back({i, silence});
      topics.push_back({fmt::format("\x01{} of route {}", what, i + 1), query});  // no topic can have that name
    };
    if (!route.when.query.empty()) add("when.query", route.when.query, std::nullopt);
    for (std::uint32_t s = 0; s < route.silences.size(); ++s)
      add(fmt::format("silence {}", s + 1), route.silences[s].query, s);
  }
  auto zone = route::Zone::open(config.timezone);
  if (!zone) return tl::unexpected(zone.error());
  query::Options options;
  const std::string cache = kept.empty() ? std::string() : read_topics_file(kept);
  options.cache = cache;
  auto set = query::compile(topics, options);
  if (!set) {
    const query::TopicProblem& first = set.error().front();
    const query::Topic& topic = topics[first.topic];
    const bool of_route = first.topic >= config.topics.size();
    return fail(fmt::format("{}{}: {}\n{}", of_route ? "" : "topic ", of_route ? topic.name.substr(1) : topic.name,
                            first.problem.message, query::caret_message(topic.query, first.problem)));
  }
  if (!kept.empty()) write_topics_file(kept, *set);
  return std::make_shared<const Rules>(Rules{config.topics, std::move(*set), std::move(behind), route::Router(config),
                                             std::move(*zone), std::make_shared<SilenceBoard>()});
}

RouteQueries match(Mention& mention, const config::Source& source, const Rules& rules, Time now) {
  thread_local query::Scratch scratch;
  const std::vector<std::string> tags = tags_of(mention);
  const query::Document doc = document_of(mention, source.type, tags, now);

  query::Match best;  // the one with the most evidence gives the snippet
  std::vector<query::Match> matches = rules.set.match(doc, scratch);
  RouteQueries routes;
  for (query::Match& found : matches) {
    if (found.topic >= rules.topics.size()) {
      const Rules::OfRoute& of = rules.behind[found.topic - rules.topics.size()];
      if (of.silence)
        routes.silenced.emplace_back(of.route, *of.silence);
      else
        routes.held.push_back(of.route);
      continue;
    }
    if (found.hits.size() > best.hits.size()) best = found;
    for (const Hit& hit : found.hits)
      if (hit.field == "title") mention.title_hits.push_back(hit.span);
    add_topic(mention, rules.topics[found.topic], std::move(found.hits));
  }
  const std::vector<std::string>& own = source.traits().topics;
  for (const config::Topic& topic : rules.topics)
    if (std::ranges::find(own, topic.name) != own.end() &&
        std::ranges::find(mention.matches, topic.name, &TopicMatch::topic) == mention.matches.end())
      add_topic(mention, topic, {});
  if (rules.topics.empty()) mention.matches.push_back({kEverything, {}});
  if (mention.matches.empty()) return routes;

  query::Snippet piece = query::snippet(doc, best);
  mention.snippet = std::move(piece.text);
  mention.snippet_hits = std::move(piece.hits);
  // Of several topics: in order, each place once, none inside another.
  std::ranges::sort(mention.title_hits, {}, [](const Span& s) { return std::pair{s.start, ~s.end}; });
  std::uint32_t end = 0;
  std::erase_if(mention.title_hits, [&](const Span& s) {
    if (s.start < end) return true;
    end = s.end;
    return false;
  });
  return routes;
}

std::string silenced(const Mention& mention, const config::Source& source, const Rules& rules, Time now) {
  const auto silences = rules.board->now();
  if (!silences || silences->size() == 0) return {};
  const std::vector<std::string> tags = tags_of(mention);
  const route::Silence* silence = silences->over(document_of(mention, source.type, tags, now));
  if (!silence) return {};
  return fmt::format("silence {} until {}, by {}: {}", silence->id, rfc3339(silence->until), silence->by, silence->why);
}

}  // namespace earshot::run
