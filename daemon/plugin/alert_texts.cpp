#include "plugin/alert_texts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

#include "common/sink/card.h"
#include "common/sink/clean.h"
#include "common/sink/link.h"

namespace earshot::host {
namespace {

using texts::Texts;
using texts::Values;

// Bounds in characters as people see them, so that none of what comes from outside crowds out the rest.
constexpr std::size_t kName = 80, kWhen = 60, kTopic = 60, kCountName = 20;
constexpr std::size_t kTopics = 5, kTopicMentions = 50;  // of so many mentions' topics, the first ones
constexpr std::size_t kOtherCounts = 3;
constexpr std::size_t kMore = 20;

// The counts that have a text of their own, in the order in which they are told.
constexpr std::array<std::string_view, 10> kCounts{"views",   "likes",    "reposts", "shares", "quotes",
                                                   "replies", "comments", "points",  "votes",  "reach"};

void join(std::string& to, std::string_view piece) {
  if (piece.empty()) return;
  if (!to.empty()) to += " · ";
  to += piece;
}

// Ratios and negative scores are for rules, not for a glance; doubles hold whole counts up to 2^53.
bool tellable(double n) { return n >= 1 && n <= 9007199254740992.0 && n == std::floor(n); }

std::string figures(const std::vector<Number>& engagement, const Texts& texts) {
  std::string out;
  for (const std::string_view name : kCounts)
    for (const Number& n : engagement)
      if (n.name == name && tellable(n.value)) join(out, texts.say(name, {{"n", n.value}}));
  std::size_t others = 0;
  for (const Number& n : engagement)
    if (std::ranges::find(kCounts, n.name) == kCounts.end() && ++others <= kOtherCounts && tellable(n.value))
      join(out, texts.say("other_count", {{"n", n.value}, {"name", sink::short_line(n.name, kCountName)}}));
  return out;
}

// "Mon 23 Nov 2026 21:10 CET" without the year when it is the alert's own: nobody needs to be told, and the rest fits
// into one line of a phone.
std::string without_year(std::string when, Time created) {
  const std::string year = " " + rfc3339(created).substr(0, 4) + " ";
  if (const std::size_t at = when.find(year); year.size() == 6 && at != std::string::npos) when.erase(at, 5);
  return when;
}

// The host that a link leads to, as a person should see it; else the source.
std::string where(const Mention& mention) {
  std::string host = sink::shown_host(sink::safe_link(mention.item.url));
  return host.empty() ? sink::short_line(mention.source, kName) : host;
}

void add_severity(Values& values, Severity severity, const Texts& texts) {
  const std::string_view id = to_string(severity);
  values.emplace_back("mark", sink::mark(static_cast<std::uint32_t>(severity)));
  values.emplace_back("severity", texts.say(std::string("severity_").append(id)));
  values.emplace_back("severity_id", id);
}

void add_topics(Values& values, std::span<const Mention> mentions) {
  std::vector<std::string> topics;
  for (const Mention& mention : mentions.first(std::min(mentions.size(), kTopicMentions)))
    for (const TopicMatch& match : mention.matches) {
      if (topics.size() == kTopics) break;
      std::string topic = sink::short_line(match.topic, kTopic);
      if (!topic.empty() && std::ranges::find(topics, topic) == topics.end()) topics.push_back(std::move(topic));
    }
  std::string all;
  for (const std::string& topic : topics) join(all, topic);
  values.emplace_back("topics", std::move(all));
  values.emplace_back("topic", topics.empty() ? std::string() : std::move(topics.front()));
}

void add_mention(Values& values, const Mention& m, std::string_view when, Time created) {
  values.emplace_back("where", where(m));
  values.emplace_back("author", sink::short_line(m.item.author, kName));
  values.emplace_back("when", without_year(sink::short_line(when, kWhen), created));
  values.emplace_back("source", sink::short_line(m.source, kName));
  values.emplace_back("language", m.language == "und" ? std::string() : sink::short_line(m.language, kCountName));
  for (const auto& [name, value] : m.labels)
    values.emplace_back(texts::label_argument(name), sink::short_line(value, kName));
}

std::string time_of(const Mention& mention, const AlertContext& context) {
  const Time when = mention.item.published.value_or(mention.seen);
  return context.when ? context.when(when) : rfc3339(when);
}

}  // namespace

MentionTexts texts_of(const Mention& mention, Time created, const AlertContext& context) {
  const Texts& texts = *context.texts;
  MentionTexts out;
  out.when = time_of(mention, context);
  Values values;
  add_severity(values, mention.severity, texts);
  add_topics(values, {&mention, 1});
  add_mention(values, mention, out.when, created);
  out.byline = texts.say("byline", values);
  out.figures = figures(mention.item.engagement, texts);
  return out;
}

AlertTexts texts_of(const Alert& alert, const AlertContext& context) {
  const Texts& texts = *context.texts;
  const std::uint64_t total = std::max<std::uint64_t>(alert.total, alert.mentions.size());
  Values values;
  add_severity(values, alert.severity, texts);
  values.emplace_back("kind", texts.say(std::string("kind_").append(to_string(alert.kind))));
  values.emplace_back("kind_id", to_string(alert.kind));
  const bool report = alert.kind == AlertKind::report;  // counts in its own lines, and its mentions are but its quotes
  values.emplace_back("mentions", total > 1 && !report ? texts.say("mentions", {{"n", total}}) : std::string());
  values.emplace_back("total", total);
  add_topics(values, report ? std::span<const Mention>() : std::span<const Mention>(alert.mentions));
  values.emplace_back("headline", sink::short_line(alert.headline, sink::kHeadline));
  values.emplace_back("channel", sink::short_line(alert.channel, kName));
  if (!alert.mentions.empty())
    add_mention(values, alert.mentions.front(), time_of(alert.mentions.front(), context), alert.created);

  AlertTexts out;
  out.status = texts.say("status", values);
  out.note = texts.say("note", values);
  out.open = texts.say("open");
  out.untitled = texts.say("untitled");
  for (std::size_t shown = 0; shown <= std::min(alert.mentions.size(), kMore); ++shown)
    out.more.push_back(total > shown ? texts.say("more", {{"n", total - shown}}) : std::string());
  return out;
}

}  // namespace earshot::host
