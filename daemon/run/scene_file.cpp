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

// One of the keys says what is done, and with what.
std::optional<Scene::Act> read_act(const Node& node, const std::vector<Scene::Entry>& entries, Time start,
                                   Findings& findings) {
  using What = Scene::Act::What;
  static constexpr std::pair<std::string_view, What> kKeys[] = {
      {"claim", What::claim}, {"done", What::done},   {"not_relevant", What::not_relevant},
      {"split", What::split}, {"merge", What::merge}, {"silence", What::silence}};
  const Reader from(node, {"at", "by", "claim", "done", "not_relevant", "split", "merge", "silence", "for", "why"},
                    findings);
  Scene::Act act;
  act.at = start + from.duration("at").value_or(Duration{0});
  act.by = from.text("by", "somebody");
  act.why = from.text("why");
  act.lasts = from.duration("for").value_or(std::chrono::hours{24});
  std::vector<std::string> with;
  int keys = 0;
  for (const auto& [key, what] : kKeys) {
    if (!from.find(key)) continue;
    ++keys;
    act.what = what;
    with = from.texts(key).value_or(with);
  }
  if (keys != 1 || with.size() != (act.what == What::merge ? 2 : 1)) {
    findings.error(node.place(),
                   "an act is one of claim, done, not_relevant, split (an item's id), merge (two of them) and silence "
                   "(a query)");
    return std::nullopt;
  }
  if (act.what == What::silence) {
    act.query = with.front();
    return act;
  }
  for (const std::string& id : with)
    if (std::ranges::none_of(entries, [&](const auto& entry) { return entry.item.id == id && entry.at <= act.at; }))
      findings.error(node.place(), fmt::format("no item \"{}\" has come by then", id));
  act.item = with.front();
  act.other = with.back();
  return act;
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
  const Reader from(node, {"name", "start", "until", "items", "acts", "alerts"}, findings);
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
  if (const Node* acts = from.find("acts"))
    for (const Node* one : acts->items)
      if (auto act = read_act(*one, scene.entries, scene.start, findings)) {
        scene.until = std::max(scene.until, act->at);
        scene.acts.push_back(std::move(*act));
      }
  std::ranges::stable_sort(scene.acts, {}, &Scene::Act::at);
  if (const Node* alerts = from.find("alerts")) {
    out.alerts.emplace();
    for (const Node* alert : alerts->items) out.alerts->push_back(read_alert(*alert, findings));
  }
  return out;
}

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

}  // namespace earshot::run
