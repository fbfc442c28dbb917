#include "run/scene_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>

#include "core/config/suggest.h"
#include "core/config/yaml.h"
#include "core/mention/make.h"

namespace earshot::run {
namespace {

using config::Findings;
using config::Node;
using config::NodeKind;

constexpr Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{9}};  // a Monday

// A mapping with only these keys; findings otherwise.
class Reader {
 public:
  Reader(const Node& node, std::initializer_list<std::string_view> keys, Findings& findings)
      : node_(node), findings_(findings) {
    if (node.kind != NodeKind::mapping) {
      findings.error(node.place(), "this must be a mapping, `key: value`");
      return;
    }
    const std::vector<std::string_view> all(keys);
    for (const Node::Entry& entry : node.entries) {
      if (std::ranges::find(all, entry.key->text) != all.end()) continue;
      const auto near = config::nearest(entry.key->text, all);
      findings.error(entry.key->place(),
                     near ? fmt::format("unknown key \"{}\"; did you mean \"{}\"?", entry.key->text, *near)
                          : fmt::format("unknown key \"{}\"", entry.key->text));
    }
  }

  const Node* find(std::string_view key) const { return node_.kind == NodeKind::mapping ? node_.find(key) : nullptr; }

  std::string text(std::string_view key, std::string otherwise = {}) const {
    const Node* at = find(key);
    if (!at) return otherwise;
    if (at->kind == NodeKind::scalar) return at->text;
    findings_.error(at->place(), fmt::format("\"{}\" must be text", key));
    return otherwise;
  }

  std::optional<std::vector<std::string>> texts(std::string_view key) const {
    const Node* at = find(key);
    if (!at) return std::nullopt;
    std::vector<std::string> all;
    if (at->kind == NodeKind::scalar) all.push_back(at->text);
    for (const Node* item : at->items) all.push_back(item->text);
    if (at->kind == NodeKind::mapping) findings_.error(at->place(), fmt::format("\"{}\" must be a list", key));
    return all;
  }

  std::optional<Duration> duration(std::string_view key) const {
    const Node* at = find(key);
    if (!at) return std::nullopt;
    auto value = at->text == "0" ? std::optional{Duration{0}} : parse_duration(at->text);
    if (!value) findings_.error(at->place(), fmt::format("\"{}\" must be a duration such as 30s or 2h", key));
    return value;
  }

  std::optional<Time> time(std::string_view key) const {
    const Node* at = find(key);
    if (!at) return std::nullopt;
    auto value = parse_rfc3339(at->text);
    if (!value) findings_.error(at->place(), fmt::format("\"{}\" must be a time such as 2026-01-05T09:00:00Z", key));
    return value;
  }

  template <class Number>
  std::optional<Number> number(std::string_view key) const {
    const Node* at = find(key);
    if (!at) return std::nullopt;
    Number value{};
    const char* end = at->text.data() + at->text.size();
    const auto [stop, bad] = std::from_chars(at->text.data(), end, value);
    if (bad == std::errc{} && stop == end) return value;
    findings_.error(at->place(), fmt::format("\"{}\" must be a number", key));
    return std::nullopt;
  }

 private:
  const Node& node_;
  Findings& findings_;
};

Expected read_expected(const Node& node, Findings& findings) {
  const Reader from(node, {"topics", "severity", "channels", "routes", "suppressed", "story", "outcome"}, findings);
  return {node.place(),          from.texts("topics"), from.texts("channels"),  from.texts("routes"),
          from.text("severity"), from.text("outcome"), from.text("suppressed"), from.text("story")};
}

Scene::Entry read_item(const Node& node, const std::string& source, Time start, Findings& findings) {
  const Reader from(node,
                    {"id", "source", "at", "title", "summary", "content", "url", "author", "language", "published",
                     "numbers", "expect"},
                    findings);
  Scene::Entry entry;
  entry.source = from.text("source", source);
  entry.at = start + from.duration("at").value_or(Duration{0});
  Item& item = entry.item;
  item.id = from.text("id");
  item.title = from.text("title");
  item.summary = from.text("summary");
  item.content = from.text("content");
  item.url = from.text("url");
  item.author = from.text("author");
  item.language = from.text("language");
  const auto published = from.time("published");
  item.published = published ? published : entry.at;
  if (item.id.empty()) findings.error(node.place(), "an item needs an \"id\", by which alerts name it");
  if (const Node* numbers = from.find("numbers"))
    for (const Node::Entry& one : numbers->entries) {
      const auto value = Reader(*numbers, {one.key->text}, findings).number<double>(one.key->text);
      if (value) item.engagement.push_back({one.key->text, *value});
    }
  return entry;
}

ExpectedAlert read_alert(const Node& node, Findings& findings) {
  const Reader from(node, {"channel", "kind", "at", "items", "total", "text"}, findings);
  return {node.place(),
          from.text("channel"),
          from.text("kind"),
          from.text("text"),
          from.duration("at"),
          from.texts("items"),
          from.number<std::uint64_t>("total")};
}

Case read_case(const Node& node, const std::string& source, Findings& findings) {
  const Reader from(node, {"name", "start", "until", "items", "alerts"}, findings);
  Case out;
  out.place = node.place();
  out.name = from.text("name");
  if (out.name.empty()) findings.error(node.place(), "a case needs a \"name\"");
  Scene& scene = out.scene;
  scene.start = from.time("start").value_or(kStart);
  scene.until = scene.start + from.duration("until").value_or(std::chrono::hours{24});
  std::vector<std::pair<Scene::Entry, Expected>> all;
  if (const Node* items = from.find("items"))
    for (const Node* item : items->items) {
      Scene::Entry entry = read_item(*item, source, scene.start, findings);
      const Node* expect = item->find("expect");
      all.emplace_back(std::move(entry),
                       expect ? read_expected(*expect, findings) : Expected{item->place(), {}, {}, {}, {}, {}, {}, {}});
    }
  if (all.empty()) findings.error(node.place(), "a case needs \"items\"");
  std::ranges::stable_sort(all, {}, [](const auto& pair) { return pair.first.at; });
  for (auto& [entry, expected] : all) {
    scene.until = std::max(scene.until, entry.at);
    scene.entries.push_back(std::move(entry));
    out.expected.push_back(std::move(expected));
  }
  if (const Node* alerts = from.find("alerts")) {
    out.alerts.emplace();
    for (const Node* alert : alerts->items) out.alerts->push_back(read_alert(*alert, findings));
  }
  return out;
}

std::string_view word(store::Outcome outcome) {
  switch (outcome) {
    case store::Outcome::stored: return "stored";
    case store::Outcome::known: return "known";
    case store::Outcome::changed: return "changed";
    case store::Outcome::merged: return "merged";
    case store::Outcome::renamed: return "renamed";
  }
  return {};
}

using Words = std::set<std::string>;

class Comparing {
 public:
  Comparing(const Case& expected, const Played& played) : case_(expected), played_(played) {}

  std::vector<config::Problem> all() {
    for (std::size_t i = 0; i < case_.expected.size(); ++i) entry(i);
    if (case_.alerts) alerts();
    return std::move(problems_);
  }

 private:
  void wrong(const config::Place& place, std::string_view of, std::string_view what, std::string_view expected,
             std::string_view got) {
    problems_.push_back(
        {place,
         config::Gravity::error,
         fmt::format("{}: {}: {}: expected {}, got {}", case_.name, of, what, expected, got.empty() ? "none" : got),
         {}});
  }
  void same(const Expected& e, std::string_view of, std::string_view what,
            const std::optional<std::vector<std::string>>& expected, const Words& got) {
    if (!expected) return;
    const Words wanted(expected->begin(), expected->end());
    if (wanted != got)
      wrong(e.place, of, what, wanted.empty() ? "none" : fmt::format("{}", fmt::join(wanted, ", ")),
            fmt::format("{}", fmt::join(got, ", ")));
  }

  void entry(std::size_t i) {
    const Expected& e = case_.expected[i];
    const Played::One& one = played_.entries[i];
    const std::string& id = case_.scene.entries[i].item.id;
    Words topics, channels, routes;
    std::string said;
    for (const TopicMatch& match : one.mention.matches) topics.insert(match.topic);
    for (const Verdict& verdict : one.verdicts) {
      routes.insert(verdict.route);
      const bool told = verdict.fate == Verdict::Fate::sent || verdict.fate == Verdict::Fate::waits;
      if (told) channels.insert(verdict.channel);
      if (!told) said += fmt::format("{}{}: {}", said.empty() ? "" : "; ", to_string(verdict.fate), verdict.detail);
    }
    same(e, id, "topics", e.topics, topics);
    same(e, id, "channels", e.channels, channels);
    same(e, id, "routes", e.routes, routes);
    if (!e.severity.empty() && e.severity != to_string(one.mention.severity))
      wrong(e.place, id, "severity", e.severity, to_string(one.mention.severity));
    if (!e.outcome.empty() && e.outcome != word(one.outcome))
      wrong(e.place, id, "outcome", e.outcome, word(one.outcome));
    if (!e.suppressed.empty() && said.find(e.suppressed) == std::string::npos)
      wrong(e.place, id, "suppressed", e.suppressed, said);
    if (!e.story.empty()) story(e, id, one);
  }

  void story(const Expected& e, const std::string& id, const Played::One& one) {
    for (std::size_t i = 0; i < case_.scene.entries.size(); ++i) {
      if (case_.scene.entries[i].item.id != e.story) continue;
      if (played_.entries[i].story != one.story) wrong(e.place, id, "story", "that of " + e.story, "another");
      return;
    }
    wrong(e.place, id, "story", "that of " + e.story, "no item of that id");
  }

  void alerts() {
    const auto& wanted = *case_.alerts;
    for (std::size_t i = 0; i < std::max(wanted.size(), played_.alerts.size()); ++i) {
      if (i >= wanted.size()) {
        const Alert& alert = played_.alerts[i];
        wrong(case_.place, fmt::format("alert {}", i + 1), "alerts", "no more",
              fmt::format("{} to {} at {}", to_string(alert.kind), alert.channel,
                          format_duration(alert.created - case_.scene.start)));
      } else if (i >= played_.alerts.size()) {
        wrong(wanted[i].place, fmt::format("alert {}", i + 1), "alerts", "this one", "");
      } else {
        alert(wanted[i], played_.alerts[i], fmt::format("alert {}", i + 1));
      }
    }
  }

  void alert(const ExpectedAlert& e, const Alert& got, const std::string& of) {
    if (!e.channel.empty() && e.channel != got.channel) wrong(e.place, of, "channel", e.channel, got.channel);
    if (!e.kind.empty() && e.kind != to_string(got.kind)) wrong(e.place, of, "kind", e.kind, to_string(got.kind));
    const Duration at = got.created - case_.scene.start;
    if (e.at && *e.at != at) wrong(e.place, of, "at", format_duration(*e.at), format_duration(at));
    if (e.total && *e.total != got.total)
      wrong(e.place, of, "total", fmt::to_string(*e.total), fmt::to_string(got.total));
    std::string text = got.headline + "\n" + got.text;
    Words items;
    for (const Mention& mention : got.mentions) {
      items.insert(mention.item.id);
      text += "\n" + mention.item.title + "\n" + mention.snippet;
    }
    if (e.items && Words(e.items->begin(), e.items->end()) != items)
      wrong(e.place, of, "items", fmt::format("{}", fmt::join(*e.items, ", ")),
            fmt::format("{}", fmt::join(items, ", ")));
    if (!e.text.empty() && text.find(e.text) == std::string::npos) wrong(e.place, of, "text", e.text, text);
  }

  const Case& case_;
  const Played& played_;
  std::vector<config::Problem> problems_;
};

}  // namespace

std::vector<Case> read_cases(const config::File& file, const std::string& source, config::Findings& findings) {
  const config::Tree tree = config::parse_yaml(file, findings);
  std::vector<Case> cases;
  if (!tree.root) return cases;
  const Reader from(*tree.root, {"cases"}, findings);
  const Node* list = from.find("cases");
  if (!list || list->kind != NodeKind::sequence) {
    findings.error({file.name, 0, 0}, "a file of cases has a list under \"cases\"");
    return cases;
  }
  for (const Node* one : list->items) cases.push_back(read_case(*one, source, findings));
  return cases;
}

std::vector<config::Problem> differences(const Case& expected, const Played& played) {
  return Comparing(expected, played).all();
}

}  // namespace earshot::run
