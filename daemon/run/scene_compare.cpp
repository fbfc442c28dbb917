// What came of a case, beside what was expected.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "run/scene_file.h"

namespace earshot::run {
namespace {

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

std::vector<config::Problem> differences(const Case& expected, const Played& played) {
  return Comparing(expected, played).all();
}

}  // namespace earshot::run
