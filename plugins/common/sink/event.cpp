#include "common/sink/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <earshot/plugin.hpp>
#include <span>

#include "common/sink/card.h"
#include "common/sink/unicode.h"
#include "common/text/utf8.h"

namespace earshot::sink {
namespace {

namespace json = boost::json;
using plugin::view;

// Code points of one text and entries of one list, so that a hostile title cannot fill a payload.
constexpr std::size_t kLongText = 4000, kLine = 1000, kName = 200;
constexpr std::size_t kFew = 20;

json::string text(earshot_str s, std::size_t limit) {
  const std::string fine = truncate(earshot::text::to_utf8(view(s).substr(0, limit * 4)), limit, Unit::code_points);
  return json::string(fine.data(), fine.size());
}

void put(json::object& to, std::string_view key, earshot_str s, std::size_t limit = kName) {
  if (s.data && s.len > 0) to[key] = text(s, limit);
}

void put_time(json::object& to, std::string_view key, std::int64_t ms) {
  if (const std::string at = rfc3339(ms); !at.empty()) to[key] = at;
}

json::array hits(std::string_view raw, std::span<const earshot_span> spans) {
  json::array out;
  for (const earshot_span& h : spans.first(std::min<std::size_t>(spans.size(), 64)))
    if (h.start < h.end && h.end <= raw.size()) out.push_back(json::array{h.start, h.end});
  return out;
}

json::object mention(const earshot_mention* from) {
  const earshot_mention m = plugin::read(from);
  json::object o;
  put(o, "id", m.id);
  put(o, "source", m.source);
  put(o, "site", m.site);
  put(o, "url", m.url, kLongText);
  put(o, "title", m.title, kLine);
  if (m.n_title_hits > 0) o["title_hits"] = hits(view(m.title), {m.title_hits, m.n_title_hits});
  put(o, "snippet", m.snippet, kLine);
  if (m.n_hits > 0) o["hits"] = hits(view(m.snippet), {m.hits, m.n_hits});
  put(o, "author", m.author);
  put(o, "language", m.language);
  put_time(o, "published", m.published);
  put_time(o, "seen", m.seen);
  o["severity"] = severity_name(m.severity);
  json::array topics;
  for (std::size_t i = 0; i < std::min(m.n_topics, kFew); ++i) topics.emplace_back(text(m.topics[i], kName));
  o["topics"] = std::move(topics);
  json::object labels;
  for (std::size_t i = 0; i < std::min(m.n_labels, kFew); ++i)
    labels[text(m.labels[i].name, kName)] = text(m.labels[i].value, kName);
  if (!labels.empty()) o["labels"] = std::move(labels);
  json::object engagement;
  for (std::size_t i = 0; i < std::min(m.n_engagement, kFew); ++i) {
    const double v = m.engagement[i].value;
    if (!std::isfinite(v)) continue;
    auto& slot = engagement[text(m.engagement[i].name, kName)];
    if (v == std::floor(v) && std::abs(v) < 9007199254740992.0)
      slot = static_cast<std::int64_t>(v);
    else
      slot = v;
  }
  if (!engagement.empty()) o["engagement"] = std::move(engagement);
  return o;
}

json::object without_mentions(const earshot_alert& alert) {
  json::object o;
  put(o, "delivery_id", alert.delivery_id);
  put(o, "channel", alert.channel);
  o["kind"] = kind_name(alert.kind);
  o["severity"] = severity_name(alert.severity);
  json::array topics;
  for (std::size_t i = 0; i < alert.n_mentions; ++i) {
    const earshot_mention m = plugin::read(alert.mentions[i]);
    for (std::size_t t = 0; t < m.n_topics && topics.size() < kFew; ++t) {
      json::value topic(text(m.topics[t], kName));
      if (std::ranges::find(topics, topic) == topics.end()) topics.push_back(std::move(topic));
    }
  }
  o["topics"] = std::move(topics);
  if (const auto total = std::max<std::uint64_t>(alert.total, alert.n_mentions)) o["total"] = total;
  put(o, "headline", alert.headline, kLine);
  json::array actions;
  for (std::size_t i = 0; i < std::min(alert.n_actions, kFew / 4); ++i)
    actions.push_back(
        json::object{{"label", text(alert.actions[i].name, kName)}, {"url", text(alert.actions[i].value, 2 * kLine)}});
  if (!actions.empty()) o["actions"] = std::move(actions);
  return o;
}

}  // namespace

std::string_view event_type(std::uint32_t kind) {
  constexpr std::string_view types[] = {"alert.created",  "mention.created", "story.created",  "story.grown",
                                        "digest.created", "rollup.created",  "spike.detected", "mention.escalated",
                                        "health.changed", "report.created",  "test.sent",      "mention.edited"};
  return types[kind < std::size(types) ? kind : 0];
}

std::string rfc3339(std::int64_t ms) {
  constexpr std::int64_t first = -62167219200000, last = 253402300799999;  // 0000-01-01 … 9999-12-31
  if (ms < first || ms > last) return {};
  using namespace std::chrono;
  const sys_time<milliseconds> t{milliseconds{ms}};
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const hh_mm_ss clock{t - day};
  std::string out =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()},
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (const auto milli = clock.subseconds().count()) out += fmt::format(".{:03}", milli);
  return out + "Z";
}

std::string event_data(const earshot_alert& alert, std::size_t limit) {
  json::object o = without_mentions(alert);
  const std::size_t room = limit - std::min(limit, json::serialize(o).size());
  // Beside mentions a text takes at most half of what is left; a report is that text and nothing else.
  for (std::size_t n = 4 * kLongText; alert.text.len > 0 && n > 0; n /= 2) {
    put(o, "text", alert.text, n);
    if (json::serialize(o["text"]).size() + 16 <= (alert.n_mentions > 0 ? room / 2 : room)) break;
    o.erase("text");
  }
  if (alert.kind == EARSHOT_ALERT_MENTION && alert.n_mentions == 1) {
    o["mention"] = mention(alert.mentions[0]);
    return json::serialize(o);
  }
  if (alert.n_mentions == 0) return json::serialize(o);
  std::string list;
  const std::size_t frame = json::serialize(o).size() + std::string_view{R"(,"truncated":true,"mentions":[]})"}.size();
  std::size_t listed = 0;
  for (; listed < alert.n_mentions; ++listed) {
    const std::string one = json::serialize(mention(alert.mentions[listed]));
    if (frame + list.size() + one.size() + 1 > limit) break;
    if (listed > 0) list += ',';
    list += one;
  }
  if (listed < alert.n_mentions) o["truncated"] = true;
  std::string out = json::serialize(o);
  out.pop_back();
  return out + R"(,"mentions":[)" + list + "]}";
}

std::string event(const earshot_alert& alert, std::size_t limit) {
  std::string out = R"({"type":")";
  out += event_type(alert.kind);
  out += R"(","timestamp":")";
  out += rfc3339(alert.created);
  out += R"(","data":)";
  out += event_data(alert, limit > out.size() + 1 ? limit - out.size() - 1 : 0);
  return out + "}";
}

}  // namespace earshot::sink
