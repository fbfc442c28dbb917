#include "core/config/cross.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/config/suggest.h"
#include "core/config/words.h"

namespace earshot::config {
namespace {

using Names = std::map<std::string, Place, std::less<>>;

struct Kind {
  std::string_view section, word;
  Use use;
};
constexpr std::array kKinds{Kind{"topics", "topic", Use::topic}, Kind{"sources", "source", Use::source},
                            Kind{"channels", "channel", Use::channel}, Kind{"reports", "report", Use::none},
                            Kind{"routes", "route", Use::none}};

std::vector<std::string_view> views(const Names& names) {
  std::vector<std::string_view> out;
  for (const auto& [name, place] : names) out.emplace_back(name);
  return out;
}

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::ranges::find(list, name) != list.end();
}

class Cross {
 public:
  Cross(const Config& config, const Sections& sections, Findings& findings)
      : config_(config), sections_(sections), findings_(findings) {}

  void names() {
    for (const Kind& kind : kKinds)
      for (const auto& [node, value] : sections_.list(kind.section)) {
        const Node* name = node->find("name");
        if (!name || name->kind != NodeKind::scalar || name->text.empty()) continue;
        const auto [first, fresh] = defined_[kind.section].emplace(name->text, name->place());
        if (fresh) continue;
        const Place& at = first->second;
        findings_.error(name->place(),
                        fmt::format("{} {} is already defined at {}:{}:{}; give one of them another name", kind.word,
                                    shown(name->text), at.file, at.line, at.column));
      }
  }

  void uses(std::span<const Walker::Used> used) {
    for (const Kind& kind : kKinds) {
      if (kind.use == Use::none) continue;
      const Names& known = defined_[kind.section];
      for (const auto& [use, node] : used)
        if (use == kind.use && !known.contains(node->text))
          findings_.error(node->place(), fmt::format("there is no {} {}{}", kind.word, shown(node->text),
                                                     known.empty() ? fmt::format("; {} defines none", kind.section)
                                                                   : hint(node->text, views(known))));
    }
  }

  void present(const Place& start) {
    if (config_.sources.empty())
      findings_.error(start,
                      "there are no \"sources\", so there is nothing to listen to; add one: "
                      "`- {name: blog, type: feed, url: https://…}`");
    if (config_.channels.empty())
      findings_.error(start,
                      "there are no \"channels\", so nobody would hear of anything; add one: "
                      "`- {name: here, type: console}`");
  }

  void intervals() {
    if (config_.fetch.interval_min > config_.fetch.interval_max) {
      const Node* at = sections_.find("fetch", "interval");
      findings_.error(at ? at->place() : Place{}, fmt::format("\"interval\": min ({}) is more than max ({})",
                                                              format_duration(config_.fetch.interval_min),
                                                              format_duration(config_.fetch.interval_max)));
    }
  }

  void routes() {
    const std::vector<Sections::Entry>& entries = sections_.list("routes");
    const Route* closed = nullptr;  // takes everything and lets nothing pass
    const Route* open = nullptr;    // takes everything
    for (std::size_t i = 0; i < config_.routes.size(); ++i) {
      const Route& route = config_.routes[i];
      const Node& node = *entries[i].node;
      if (node.kind != NodeKind::mapping) continue;
      if (route.fallback && node.find("when"))
        findings_.error(
            route.place,
            "a route has either \"when\" or `default: true`: the default takes what no route before it took");
      if (route.channels.empty() && !route.stop && !node.find("channels"))
        findings_.error(route.place,
                        "this route has no \"channels\"; name some, or say `stop: true` so that such mentions "
                        "go nowhere on purpose");
      if (closed)
        findings_.warning(
            route.place,
            fmt::format("no mention comes this far: the route on line {} takes everything and says `stop: true`",
                        closed->place.line));
      else if (route.fallback && open)
        findings_.warning(
            route.place,
            fmt::format("nothing is left for this default: the route on line {} takes everything", open->place.line));
      const bool all = !route.fallback && route.when.everything();
      if (all && !open) open = &route;
      if (all && route.stop && !closed) closed = &route;
      times(route, node);
      if (const Node* when = node.find("when"); when && when->kind == NodeKind::mapping) labels(route, *when);
    }
    const bool caught = open || std::ranges::any_of(config_.routes, &Route::fallback);
    if (!config_.routes.empty() && !caught)
      findings_.warning(config_.routes.back().place,
                        "what no route wants goes nowhere, silently; end with a route for the rest: "
                        "`- {default: true, channels: […]}`");
  }

  void idle() {
    if (config_.routes.empty()) return;
    std::set<std::string, std::less<>> topics, channels;
    bool any_topic = false;
    for (const Route& route : config_.routes) {
      // A route that asks for no topic by name may take any.
      if (route.when.topics.empty()) any_topic = true;
      topics.insert(route.when.topics.begin(), route.when.topics.end());
      channels.insert(route.channels.begin(), route.channels.end());
      if (route.escalate) channels.insert(route.escalate->channels.begin(), route.escalate->channels.end());
    }
    for (const Report& report : config_.reports) {
      if (report.topics.empty()) any_topic = true;
      topics.insert(report.topics.begin(), report.topics.end());
      channels.insert(report.channels.begin(), report.channels.end());
    }
    channels.insert(config_.health.channels.begin(), config_.health.channels.end());
    for (const Channel& channel : config_.channels)
      if (channel.enabled && !channel.name.empty() && !channels.contains(channel.name))
        findings_.warning(channel.place,
                          fmt::format("channel {} is named by no route and no report: nothing is ever sent there",
                                      shown(channel.name)));
    if (any_topic) return;
    for (const Topic& topic : config_.topics) {
      const auto named = [&](const Topic& other) {
        return other.query.find("@{" + topic.name + "}") != std::string::npos;
      };
      if (!topic.name.empty() && !topics.contains(topic.name) && std::ranges::none_of(config_.topics, named))
        findings_.warning(
            topic.place,
            fmt::format("topic {} is named by no route, report or other topic: nobody hears of it", shown(topic.name)));
    }
  }

 private:
  void times(const Route& route, const Node& node) {
    if (const Node* quiet = node.find("quiet");
        quiet && route.quiet && quiet->find("from") && quiet->find("to") && route.quiet->from == route.quiet->to)
      findings_.error(quiet->place(),
                      "\"quiet\": from and to are the same, which would be never or always; say which hours");
    for (const NumberRange& range : route.when.numbers)
      if (range.min && range.max && *range.min > *range.max)
        findings_.error(node.find("when")->find(range.name)->place(),
                        fmt::format("\"{}\": min ({}) is more than max ({})", range.name, *range.min, *range.max));
  }

  // Labels come from topics and sources alone, so one that none of them has can never hold.
  void labels(const Route& route, const Node& when) {
    if (known_.empty()) learn_labels();
    for (const auto& [name, values] : route.when.labels) {
      const auto known = known_.find(name);
      if (known == known_.end()) {
        std::vector<std::string_view> names{"topic", "source", "site", "lang", "severity", "query"};
        for (const auto& [label, all] : known_)
          if (!label.empty()) names.emplace_back(label);
        const Node::Entry& entry =
            *std::ranges::find(when.entries, name, [](const Node::Entry& e) { return std::string_view(e.key->text); });
        findings_.error(entry.key->place(),
                        fmt::format("\"when\" knows no {}, and no topic or source has such a label{}", shown(name),
                                    hint(name, names)));
        continue;
      }
      const Node& at = *when.find(name);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (has(known->second, values[i])) continue;
        const std::vector<std::string_view> all(known->second.begin(), known->second.end());
        const Node& here = at.kind == NodeKind::sequence && i < at.items.size() ? *at.items[i] : at;
        findings_.warning(here.place(), fmt::format("no topic or source has the label `{}: {}`, so this never holds{}",
                                                    name, values[i], hint(values[i], all)));
      }
    }
  }

  void learn_labels() {
    known_[""];  // learnt, also when there are none
    const auto add = [&](const Labels& from) {
      for (const auto& [name, value] : from)
        if (!has(known_[name], value)) known_[name].push_back(value);
    };
    for (const Topic& topic : config_.topics) add(topic.labels);
    for (const Source& source : config_.sources) add(source.traits().labels);
  }

  const Config& config_;
  const Sections& sections_;
  Findings& findings_;
  std::map<std::string_view, Names> defined_;
  std::map<std::string, std::vector<std::string>, std::less<>> known_;  // label → values
};

}  // namespace

void cross_check(const Config& config, const Sections& sections, std::span<const Walker::Used> used, bool whole,
                 const Place& start, Findings& findings) {
  Cross cross(config, sections, findings);
  cross.names();
  cross.intervals();
  if (!whole) return;
  cross.uses(used);
  cross.present(start);
  cross.routes();
  // A misspelt name would make another one look unused.
  if (findings.errors() > 0) return;
  cross.idle();
}

}  // namespace earshot::config
