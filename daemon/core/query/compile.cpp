// Topics → a Set: intern terms, choose anchors, build the tables. (Parsing and @{…} are resolve.cpp's.)
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/query/accents.h"
#include "core/query/anchors.h"
#include "core/query/chars.h"
#include "core/query/compiled.h"
#include "core/query/dictionary.h"
#include "core/query/exact.h"
#include "core/query/pattern.h"
#include "core/query/resolve.h"
#include "core/query/tables.h"
#include "core/query/values.h"

namespace earshot::query {
namespace {

class Compiler {
 public:
  Compiler(std::span<const Topic> topics, const Resolved& resolved, const Options& options)
      : topics_(topics), queries_(resolved.queries), names_(resolved.names), options_(options) {}

  std::unique_ptr<Compiled> run() {
    for (std::size_t i = 0; i < queries_.size(); ++i) {
      const Tree& tree = queries_[i].tree();
      fold_accents_ = topics_[i].fold_accents;
      set_->roots.push_back(emit(tree, static_cast<std::uint32_t>(tree.nodes.size() - 1)));
    }
    anchor_all();
    finish();
    return std::move(set_);
  }

 private:
  Slice keep(std::string_view text) {
    const auto [found, fresh] = kept_.try_emplace(std::string(text), Slice{});
    if (fresh) {
      found->second = {static_cast<std::uint32_t>(set_->pool.size()), static_cast<std::uint32_t>(text.size())};
      set_->pool += text;
    }
    return found->second;
  }

  std::uint32_t emit(const Tree& tree, std::uint32_t index) {
    const Node& node = tree.nodes[index];
    Step step{.kind = node.kind, .mask = node.mask, .compare = node.compare, .ordered = node.ordered, .c = node.count};
    std::vector<std::uint32_t> children;
    for (const std::uint32_t child : node.children) children.push_back(emit(tree, child));
    switch (node.kind) {
      case NodeKind::all:
      case NodeKind::any:
        step.a = static_cast<std::uint32_t>(set_->kids.size());
        step.b = static_cast<std::uint32_t>(children.size());
        set_->kids.insert(set_->kids.end(), children.begin(), children.end());
        break;
      case NodeKind::field: set_->fields |= node.mask; [[fallthrough]];
      case NodeKind::negate:
      case NodeKind::sentence:
      case NodeKind::at_least: step.a = children[0]; break;
      case NodeKind::near:
        step.a = children[0];
        step.b = children[1];
        break;
      case NodeKind::term:
      case NodeKind::regex: step.a = intern(node); break;
      case NodeKind::value:
      case NodeKind::number:
      case NodeKind::time: constant(tree, node, step); break;
      case NodeKind::topic: step.a = names_.at(node.text); break;
    }
    set_->steps.push_back(step);
    return static_cast<std::uint32_t>(set_->steps.size() - 1);
  }

  void constant(const Tree& tree, const Node& node, Step& step) {
    std::string folded = node.text;
    if (node.kind == NodeKind::value) {
      if (node.value_field == ValueField::tag && folded.starts_with('#')) folded.erase(0, 1);
      folded = fold_value(folded);
      if (node.value_field == ValueField::lang) std::ranges::replace(folded, '_', '-');
      if (node.value_field == ValueField::site && folded.starts_with("www.")) folded.erase(0, 4);
    }
    step.a = static_cast<std::uint32_t>(set_->constants.size());
    step.b = node.kind == NodeKind::value ? static_cast<std::uint32_t>(node.value_field)
                                          : static_cast<std::uint32_t>(node.time_field);
    const std::string_view shown =
        std::string_view(tree.text).substr(node.place.start, node.place.end - node.place.start);
    set_->constants.push_back({keep(folded), node.number, node.low, node.high, keep(shown)});
  }

  struct Keys {
    std::vector<std::uint32_t> ids;  // any of these; empty: cannot be told
    bool decides = false;
  };

  std::uint32_t intern(const Node& node) {
    const bool regex = node.kind == NodeKind::regex;
    std::string id = regex ? fmt::format("r{}{}", node.count, node.text)
                           : fmt::format("{}{}{}", static_cast<int>(node.style), fold_accents_ ? 'a' : 'b', node.text);
    const auto [found, fresh] = term_ids_.try_emplace(std::move(id), static_cast<std::uint32_t>(set_->terms.size()));
    if (!fresh) return found->second;
    Term term;
    Keys keys;
    if (regex) {
      term.kind = TermKind::regex;
      term.regex = static_cast<std::int32_t>(set_->regexes.size());
      set_->regexes.push_back(std::make_unique<re2::RE2>(node.text, regex_options(node.count == 1)));
      term.shown = keep(fmt::format("/{}/{}", node.text, node.count == 1 ? "i" : ""));
      for (const Key& key : regex_keys(node.text, node.count == 1)) keys.ids.push_back(chooser_.intern(key));
    } else {
      words(node, term, keys);
    }
    set_->terms.push_back(term);
    term_keys_.push_back(std::move(keys));
    return found->second;
  }

  void words(const Node& node, Term& term, Keys& keys) {
    term.shown = keep(node.style == Style::exact ? fmt::format("=\"{}\"", node.text) : node.text);
    if (node.style == Style::exact) term.kind = TermKind::exact;
    if (node.style == Style::literal) term.kind = TermKind::literal;
    const std::string marked = wildcards(node.text, node.style);
    const Folded folded = fold_term(marked);
    std::string pattern(folded.text().substr(1, folded.text().size() - 2));
    bool decides = false;
    if (const auto key = pattern_key(folded, decides)) keys.ids.push_back(chooser_.intern(*key));
    if (term.kind == TermKind::exact) {
      term.original = keep(exact_form(node.text));
    } else if (!fold_accents_) {
      term.accents = true;
      term.original = keep(accent_pattern(marked));
    }
    if (term.kind == TermKind::literal) {
      term.pattern = keep(literal_form(node.text));
      return;
    }
    keys.decides = decides && term.kind == TermKind::words && !term.accents;
    while (pattern.ends_with(kAnyRest) && spaceless(std::string_view(pattern).substr(0, pattern.size() - 1)))
      pattern.pop_back();  // the * has nothing to stand for
    term.pattern = keep(pattern);
    term.dictionary = Dictionary::knows(pattern);
    look_up(folded, term);
  }

  // How the first word of the pattern is found among a document's words.
  static void look_up(const Folded& folded, Term& term) {
    const std::string_view text = folded.text();
    const WordRef first = folded.words().front();
    std::size_t end = first.start;
    while (end < text.size() && !is_separator(text[end])) ++end;
    const Class kind = end == first.start ? Class::word : char_info(decode(text, first.start).cp).kind();
    const bool wild = end < text.size() && (text[end] == kAnyChar || text[end] == kAnyRest);
    // A whole word is looked up by its hash, and so is a unit, which is one by itself. Of the others only the beginning
    // is sure: a cluster's hash covers its marks, Korean words go on with particles.
    term.lookup = wild || kind == Class::hangul || kind == Class::cluster ? Lookup::prefix : Lookup::hash;
    if (term.lookup == Lookup::prefix && end == first.start) term.lookup = Lookup::scan;
    term.hash = first.hash;
    term.prefix = static_cast<std::uint32_t>(end - first.start);
  }

  // What a step can be found by: any of the ids, at a cost; nothing when it may hold without any key.
  struct Choice {
    std::vector<std::uint32_t> ids;
    double cost = 0;
  };

  std::optional<Choice> choose(std::uint32_t index) {
    const Step& step = set_->steps[index];
    switch (step.kind) {
      case NodeKind::all: {
        std::optional<Choice> best;
        for (std::uint32_t i = 0; i < step.b; ++i)
          if (auto choice = choose(set_->kids[step.a + i]); choice && (!best || choice->cost < best->cost))
            best = std::move(choice);
        return best;
      }
      case NodeKind::near: {
        auto left = choose(step.a);
        auto right = choose(step.b);
        if (!left || (right && right->cost < left->cost)) return right;
        return left;
      }
      case NodeKind::any: {
        Choice sum;
        for (std::uint32_t i = 0; i < step.b; ++i) {
          auto choice = choose(set_->kids[step.a + i]);
          if (!choice) return std::nullopt;
          sum.ids.insert(sum.ids.end(), choice->ids.begin(), choice->ids.end());
          sum.cost += choice->cost;
        }
        return sum;
      }
      case NodeKind::field:
      case NodeKind::sentence:
      case NodeKind::at_least: return choose(step.a);
      case NodeKind::topic: return choose(set_->roots[step.a]);
      case NodeKind::term:
      case NodeKind::regex: {
        const Keys& keys = term_keys_[step.a];
        if (keys.ids.empty()) return std::nullopt;
        Choice choice{keys.ids, 0};
        for (const std::uint32_t id : keys.ids) choice.cost += chooser_.cost(id);
        return choice;
      }
      case NodeKind::value: {
        const auto id = value_ids_.find(index);
        if (id == value_ids_.end()) return std::nullopt;
        return Choice{{id->second}, chooser_.cost(id->second)};
      }
      default: return std::nullopt;  // a negation, a number, a time
    }
  }

  void count_uses() {
    for (std::uint32_t i = 0; i < set_->steps.size(); ++i) {
      const Step& step = set_->steps[i];
      if (step.kind == NodeKind::term || step.kind == NodeKind::regex)
        for (const std::uint32_t id : term_keys_[step.a].ids) chooser_.use(id);
      if (step.kind == NodeKind::value)
        if (const auto key = value_key_of(static_cast<ValueField>(step.b), set_->view(set_->constants[step.a].text))) {
          const std::uint32_t id = chooser_.intern(*key);
          chooser_.use(id);
          value_ids_[i] = id;
        }
    }
  }

  // Keys that by themselves make the topic hold: single words at the top, or under its ORs.
  void deciding(std::uint32_t index, std::vector<std::uint32_t>& ids) const {
    const Step& step = set_->steps[index];
    if (step.kind == NodeKind::any)
      for (std::uint32_t i = 0; i < step.b; ++i) deciding(set_->kids[step.a + i], ids);
    if (step.kind == NodeKind::term && term_keys_[step.a].decides) ids.push_back(term_keys_[step.a].ids[0]);
  }

  void anchor_all() {
    count_uses();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;  // key, topic << 1 | decides
    for (std::uint32_t t = 0; t < queries_.size(); ++t) {
      const auto choice = choose(set_->roots[t]);
      if (!choice) {
        set_->unanchored.push_back(t);
        continue;
      }
      std::vector<std::uint32_t> deciders;
      deciding(set_->roots[t], deciders);
      std::ranges::sort(deciders);
      for (const std::uint32_t id : choice->ids)
        pairs.emplace_back(id, t << 1 | (std::ranges::binary_search(deciders, id) ? 1 : 0));
    }
    std::ranges::sort(pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    for (std::size_t i = 0; i < pairs.size();) {
      const std::uint32_t key = pairs[i].first;
      const auto anchor = static_cast<std::uint32_t>(set_->anchors.size());
      set_->anchors.push_back({static_cast<std::uint32_t>(set_->postings.size()), 0});
      for (; i < pairs.size() && pairs[i].first == key; ++i) {
        set_->postings.push_back(pairs[i].second);
        ++set_->anchors.back().size;
      }
      used_keys_.push_back({key, anchor});
    }
  }

  void finish() {
    std::vector<TableKey> words, values;
    std::vector<std::string_view> literals;
    for (const auto& [key, anchor] : used_keys_) {
      const Key& k = chooser_.keys()[key];
      if (k.kind == KeyKind::word) words.push_back({keep(k.text), anchor});
      if (k.kind == KeyKind::value) values.push_back({keep(k.text), anchor});
      if (k.kind == KeyKind::literal) {
        literals.push_back(k.text);
        set_->literal_anchors.push_back(anchor);
      }
    }
    set_->words = make_table(words, set_->pool);
    set_->values = make_table(values, set_->pool);
    set_->any_values = !values.empty();
    make_database(literals, options_.cache, *set_);
    set_->pool.append(16, '\0');  // hash_word may read past the end
    set_->pool.shrink_to_fit();
    set_->terms.shrink_to_fit();
    set_->steps.shrink_to_fit();
    set_->kids.shrink_to_fit();
    set_->constants.shrink_to_fit();
    set_->postings.shrink_to_fit();
    set_->anchors.shrink_to_fit();
  }

  struct UsedKey {
    std::uint32_t key, anchor;
  };

  std::span<const Topic> topics_;
  const std::vector<Query>& queries_;
  const std::unordered_map<std::string, std::uint32_t>& names_;
  const Options& options_;
  bool fold_accents_ = true;  // of the topic at hand
  std::unique_ptr<Compiled> set_ = std::make_unique<Compiled>();
  std::unordered_map<std::string, Slice> kept_;
  std::unordered_map<std::string, std::uint32_t> term_ids_;
  std::vector<Keys> term_keys_;
  std::unordered_map<std::uint32_t, std::uint32_t> value_ids_;  // step → key
  AnchorChooser chooser_;
  std::vector<UsedKey> used_keys_;
};

}  // namespace

Result<Set, std::vector<TopicProblem>> compile(std::span<const Topic> topics, const Options& options) {
  const auto resolved = resolve(topics, options.max_problems);
  if (!resolved) return tl::unexpected(resolved.error());
  return Set(Compiler(topics, *resolved, options).run());
}

}  // namespace earshot::query
