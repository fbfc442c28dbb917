#include "core/query/resolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/query/values.h"

namespace earshot::query {
namespace {

constexpr std::uint32_t kMaxChain = 16;          // topics that name topics that name topics …
constexpr std::uint64_t kMaxExpanded = 100'000;  // steps of a topic with all it refers to

class Resolver {
 public:
  Resolver(std::span<const Topic> topics, std::size_t max_problems) : topics_(topics), max_problems_(max_problems) {}

  Result<Resolved, std::vector<TopicProblem>> run() {
    parse_all();
    if (problems_.empty()) resolve_all();
    if (!problems_.empty()) return tl::unexpected(std::move(problems_));
    return std::move(resolved_);
  }

 private:
  void problem(std::uint32_t topic, Place place, std::string message) {
    if (problems_.size() < max_problems_)
      problems_.push_back(
          {topic, {place.start, static_cast<std::size_t>(place.end - place.start), std::move(message)}});
  }

  void parse_all() {
    for (std::uint32_t t = 0; t < topics_.size(); ++t) {
      if (!topics_[t].name.empty() && !resolved_.names.try_emplace(topics_[t].name, t).second)
        problem(t, {}, fmt::format("there are two topics called {}: names must differ", topics_[t].name));
      auto query = parse(topics_[t].query);
      if (query) {
        resolved_.queries.push_back(*std::move(query));
      } else {
        for (Problem& p : query.error())
          if (problems_.size() < max_problems_) problems_.push_back({t, std::move(p)});
      }
    }
  }

  struct Visit {
    enum State : std::uint8_t { fresh, open, done } state = fresh;
    std::uint32_t chain = 0;
    std::uint64_t steps = 0;
  };

  void resolve_all() {
    visits_.resize(topics_.size());
    for (std::uint32_t t = 0; t < topics_.size(); ++t) visit(t, 0);
    if (!problems_.empty()) return;
    for (std::uint32_t t = 0; t < topics_.size(); ++t)
      for (const Node& node : resolved_.queries[t].tree().nodes) {
        if (node.kind == NodeKind::near) check_near(t, node);
        if (node.kind == NodeKind::sentence) check_sentence(t, resolved_.queries[t].tree(), node);
      }
  }

  // Depth first, as deep as chains may be. A topic met while it is open refers to itself.
  void visit(std::uint32_t t, std::uint32_t depth) {
    Visit& v = visits_[t];
    if (v.state == Visit::done) return;
    v.state = Visit::open;
    path_.push_back(t);
    const Tree& tree = resolved_.queries[t].tree();
    v.steps = tree.nodes.size();
    for (const Node& node : tree.nodes) {
      if (node.kind != NodeKind::topic) continue;
      const auto found = resolved_.names.find(node.text);
      if (found == resolved_.names.end()) {
        problem(t, node.place, fmt::format("there is no topic called {}{}", node.text, suggestion(node.text)));
        continue;
      }
      const std::uint32_t to = found->second;
      if (visits_[to].state == Visit::open) {
        problem(t, node.place, fmt::format("topics refer to each other in a circle: {}", circle(to)));
        continue;
      }
      if (depth + 1 >= kMaxChain) {
        problem(t, node.place, fmt::format("topics refer to topics more than {} deep", kMaxChain));
        continue;
      }
      visit(to, depth + 1);
      v.chain = std::max(v.chain, visits_[to].chain + 1);
      v.steps += visits_[to].steps;
      if (v.chain >= kMaxChain)
        problem(t, node.place, fmt::format("topics refer to topics more than {} deep", kMaxChain));
    }
    if (v.steps > kMaxExpanded) problem(t, {}, "with all the topics it refers to, this query is too large");
    path_.pop_back();
    v.state = Visit::done;
  }

  std::string circle(std::uint32_t to) const {
    std::string out;
    for (auto i = std::ranges::find(path_, to); i != path_.end(); ++i) out += topics_[*i].name + " → ";
    return out + topics_[to].name;
  }

  std::string suggestion(std::string_view name) const {
    const std::string folded = fold_value(name);
    for (const Topic& topic : topics_)
      if (fold_value(topic.name) == folded) return fmt::format("; did you mean {}?", topic.name);
    return ": write the name of a topic as the configuration has it";
  }

  const Tree& named(const Node& node) const { return resolved_.queries[resolved_.names.at(node.text)].tree(); }

  // Through @{…}, NEAR must still be about things that stand somewhere, and SENTENCE about text only.
  bool stands_somewhere(const Tree& tree, const Node& node) const {
    switch (node.kind) {
      case NodeKind::term:
      case NodeKind::regex:
      case NodeKind::near: return true;
      case NodeKind::topic: return stands_somewhere(named(node), named(node).root());
      case NodeKind::any:
      case NodeKind::field:
        return std::ranges::all_of(node.children,
                                   [&](std::uint32_t c) { return stands_somewhere(tree, tree.nodes[c]); });
      default: return false;
    }
  }
  bool only_text(const Tree& tree, const Node& node) const {
    switch (node.kind) {
      case NodeKind::value:
      case NodeKind::number:
      case NodeKind::time:
      case NodeKind::sentence:
      case NodeKind::at_least: return false;
      case NodeKind::topic: return only_text(named(node), named(node).root());
      default:
        return std::ranges::all_of(node.children, [&](std::uint32_t c) { return only_text(tree, tree.nodes[c]); });
    }
  }
  void check_near(std::uint32_t t, const Node& near) {
    const Tree& tree = resolved_.queries[t].tree();
    for (const std::uint32_t side : near.children)
      if (!stands_somewhere(tree, tree.nodes[side]))
        problem(t, tree.nodes[side].place,
                "NEAR takes words, phrases and groups joined by OR; this topic is more than that");
  }
  void check_sentence(std::uint32_t t, const Tree& tree, const Node& sentence) {
    if (!only_text(tree, tree.nodes[sentence.children[0]]))
      problem(
          t, sentence.place,
          "SENTENCE is about a text: a topic named in it uses fields, numbers or times, or has a SENTENCE of its own");
  }

  std::span<const Topic> topics_;
  std::size_t max_problems_;
  std::vector<TopicProblem> problems_;
  Resolved resolved_;
  std::vector<Visit> visits_;
  std::vector<std::uint32_t> path_;
};

}  // namespace

Result<Resolved, std::vector<TopicProblem>> resolve(std::span<const Topic> topics, std::size_t max_problems) {
  return Resolver(topics, max_problems).run();
}

std::vector<TopicProblem> check(std::span<const Topic> topics, std::size_t max_problems) {
  auto resolved = resolve(topics, max_problems);
  return resolved ? std::vector<TopicProblem>() : std::move(resolved.error());
}

}  // namespace earshot::query
