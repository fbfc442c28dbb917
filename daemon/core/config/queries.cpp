#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/config/cross.h"
#include "core/config/words.h"
#include "core/query/lint.h"
#include "core/query/query.h"
#include "core/query/set.h"

namespace earshot::config {
namespace {

// The query with a caret under the place.
std::string pointed(const std::string& text, query::Problem problem) {
  problem.message.clear();
  std::string note = query::caret_message(text, problem);
  while (note.ends_with(' ') || note.ends_with('\n')) note.pop_back();
  return note;
}

void report(Findings& findings, const Node& node, const query::Problem& problem) {
  findings.error(node.place(problem.offset), "query: " + problem.message, pointed(node.text, problem));
}

// Advice, as far as it is read: it must not push errors out of what is shown.
class Advice {
 public:
  explicit Advice(Findings& findings) : findings_(findings) {}

  void on(const Node& node, const query::Query& query, bool fold_accents) {
    query::LintOptions without;
    without.floods = false;
    without.fold_accents = fold_accents;
    for (const query::Problem& hint : query::lint(query, without)) {
      if (++given_ > kMost) return;
      findings_.warning(node.place(hint.offset), "query: " + hint.message, pointed(node.text, hint));
    }
  }

 private:
  static constexpr std::size_t kMost = 50;
  Findings& findings_;
  std::size_t given_ = 0;
};

constexpr const char* kStandIn = "word";

}  // namespace

void check_queries(const Config& config, std::span<const Walker::Used> used, bool whole, Findings& findings) {
  // Topics first; what else is a query (of a route, a silence, a plugin) may name topics too, and is compiled beside
  // them under a name that no topic can have. One text may serve several topics, by an alias.
  std::map<std::tuple<std::string, int, int>, const Node*> written;
  for (const auto& [use, node] : used)
    if (use == Use::query) written.emplace(std::tuple(node->file->name, node->line, node->column), node);
  std::vector<query::Topic> all;
  std::vector<const Node*> nodes;
  std::set<const Node*> done;
  Advice advice(findings);
  const auto add = [&](const std::string& name, const Node& node, bool fold_accents = true) {
    query::Topic entry{name, node.text, fold_accents};
    if (const auto parsed = query::parse(node.text); !parsed) {
      if (!done.contains(&node) && !node.text.empty())  // emptiness was reported
        for (const query::Problem& problem : parsed.error()) report(findings, node, problem);
      entry.query = kStandIn;  // so that what is wrong with the others shows too
    } else if (!done.contains(&node)) {
      advice.on(node, *parsed, fold_accents);
    }
    all.push_back(std::move(entry));
    nodes.push_back(&node);
    done.insert(&node);
  };
  std::set<std::string> names;
  for (const Topic& topic : config.topics) {
    const auto node =
        written.find(std::tuple(topic.query_place.file, topic.query_place.line, topic.query_place.column));
    if (node == written.end()) continue;
    const bool named = !topic.name.empty() && names.insert(topic.name).second;
    add(named ? topic.name : fmt::format(" {}", all.size()), *node->second, topic.fold_accents);
  }
  for (const auto& [place, node] : written)
    if (!done.contains(node)) add(fmt::format(" {}", all.size()), *node);
  // What a file that could not be read to its end defines seems to be missing.
  if (!whole) return;
  for (const auto& [index, problem] : query::check(all, kMaxProblems)) report(findings, *nodes[index], problem);
}

}  // namespace earshot::config
