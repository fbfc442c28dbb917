#include "support/alert_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <functional>
#include <stdexcept>

#include "core/json/item_json.h"

namespace earshot::test {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 11> kKinds{"mention",    "story",  "growth", "digest", "rollup", "spike",
                                                  "escalation", "health", "report", "test",   "edit"};
constexpr std::array<std::string_view, 4> kSeverities{"low", "normal", "high", "critical"};

// Thrown inside this file only: it carries the first fault out of the nest of readers.
struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class... Names>
void only(const json::object& o, std::string_view what, Names... names) {
  for (const auto& member : o)
    if (((member.key() != names) && ...))
      throw Fault(fmt::format("{} has an unknown member \"{}\"", what, std::string_view{member.key()}));
}

std::string text(const json::object& o, std::string_view name) {
  const json::value* v = o.if_contains(name);
  if (!v) return {};
  if (!v->is_string()) throw Fault(fmt::format("\"{}\" must be a string", name));
  return std::string{v->get_string()};
}

std::optional<Time> time(const json::object& o, std::string_view name) {
  const std::string written = text(o, name);
  if (written.empty()) return std::nullopt;
  const auto read = parse_rfc3339(written);
  if (!read) throw Fault(fmt::format("\"{}\" must be an RFC 3339 date", name));
  return read;
}

// The number of a word in its list, counted from 1, as the contract counts.
template <class Enum, std::size_t N>
Enum word(const json::object& o, std::string_view name, const std::array<std::string_view, N>& words, Enum otherwise) {
  const std::string written = text(o, name);
  if (written.empty()) return otherwise;
  const auto found = std::ranges::find(words, written);
  if (found == words.end()) throw Fault(fmt::format("\"{}\" must be one of {}", name, fmt::join(words, ", ")));
  return static_cast<Enum>(found - words.begin() + 1);
}

const json::array& list(const json::object& o, std::string_view name) {
  static const json::array kNone;
  const json::value* v = o.if_contains(name);
  if (!v) return kNone;
  if (!v->is_array()) throw Fault(fmt::format("\"{}\" must be an array", name));
  return v->get_array();
}

std::vector<Span> spans(const json::object& o, std::string_view name) {
  std::vector<Span> out;
  for (const json::value& v : list(o, name)) {
    const json::array* pair = v.if_array();
    if (!pair || pair->size() != 2) throw Fault(fmt::format("\"{}\" must be pairs of offsets", name));
    out.push_back({(*pair)[0].to_number<std::uint32_t>(), (*pair)[1].to_number<std::uint32_t>()});
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> pairs(const json::object& o, std::string_view name) {
  std::vector<std::pair<std::string, std::string>> out;
  const json::value* v = o.if_contains(name);
  if (!v) return out;
  if (!v->is_object()) throw Fault(fmt::format("\"{}\" must be an object", name));
  for (const auto& member : v->get_object()) out.emplace_back(member.key(), text(v->get_object(), member.key()));
  return out;
}

Mention mention(const json::value& value) {
  if (!value.is_object()) throw Fault("a mention must be an object");
  const json::object& o = value.get_object();
  only(o, "a mention", "id", "source", "site", "url", "title", "snippet", "author", "language", "published", "seen",
       "severity", "hits", "title_hits", "topics", "labels", "engagement");
  Mention out;
  out.id = text(o, "id");
  out.source = text(o, "source");
  out.site = text(o, "site");
  out.item.url = out.canonical_url = text(o, "url");
  out.item.title = text(o, "title");
  out.item.author = text(o, "author");
  out.language = text(o, "language");
  out.item.published = time(o, "published");
  out.seen = time(o, "seen").value_or(Time{});
  out.severity = word(o, "severity", kSeverities, Severity::normal);
  out.snippet = text(o, "snippet");
  out.snippet_hits = spans(o, "hits");
  out.title_hits = spans(o, "title_hits");
  out.labels = pairs(o, "labels");
  for (const json::value& topic : list(o, "topics")) {
    if (!topic.is_string()) throw Fault("\"topics\" must be strings");
    out.matches.push_back({std::string{topic.get_string()}, {}});
  }
  if (const json::value* counts = o.if_contains("engagement"))
    for (const auto& member : counts->as_object())
      out.item.engagement.push_back({std::string{member.key()}, member.value().to_number<double>()});
  return out;
}

Alert alert(const json::value& value) {
  if (!value.is_object()) throw Fault("an alert must be an object");
  const json::object& o = value.get_object();
  only(o, "the alert", "kind", "severity", "delivery_id", "channel", "headline", "text", "created", "total", "actions",
       "mentions", "story", "edits", "thread", "standing");
  Alert out;
  out.kind = word(o, "kind", kKinds, AlertKind::mention);
  out.severity = word(o, "severity", kSeverities, Severity::normal);
  out.delivery_id = text(o, "delivery_id");
  out.channel = text(o, "channel");
  out.headline = text(o, "headline");
  out.text = text(o, "text");
  out.story = text(o, "story");
  out.edits = text(o, "edits");
  out.thread = text(o, "thread");
  out.standing = text(o, "standing");
  out.created = time(o, "created").value_or(Time{});
  for (const json::value& m : list(o, "mentions")) out.mentions.push_back(mention(m));
  const json::value* total = o.if_contains("total");
  out.total = total ? total->to_number<std::uint64_t>() : out.mentions.size();
  out.actions = pairs(o, "actions");
  return out;
}

}  // namespace

Result<Alert> alert_from_json(const json::value& value) {
  try {
    return alert(value);
  } catch (const std::exception& e) {  // a Fault, or Boost.JSON about a number that does not fit
    return fail(e.what());
  }
}

}  // namespace earshot::test
