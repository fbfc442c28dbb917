#include "core/query/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/query/accents.h"
#include "core/query/anchors.h"
#include "core/query/fold.h"
#include "core/query/pattern.h"
#include "core/query/tree.h"
#include "core/query/values.h"

namespace earshot::query {
namespace {

constexpr std::size_t kMaxHints = 100;
constexpr auto kOperators = std::to_array<std::string_view>({"and", "or", "not", "near", "onear"});
// Brands that are everyday words: the ones every team asks about sooner or later.
constexpr auto kEveryday = std::to_array<std::string_view>(
    {"amazon", "apple", "block",   "boss", "bolt",   "chase",  "dove",  "gap",   "ideal",  "lush",   "mars",
     "meta",   "next",  "now",     "nest", "orange", "people", "shell", "slack", "square", "stripe", "target",
     "tide",   "time",  "twitter", "uber", "vice",   "virgin", "visa",  "wise",  "x",      "zoom"});

class Linter {
 public:
  Linter(const Query& query, const LintOptions& options) : query_(query), tree_(query.tree()), options_(options) {}

  std::vector<Problem> run() {
    for (const Node& n : tree_.nodes) {
      said_.push_back(what_it_says(n));
      words_.push_back(words_of(n));
    }
    for (const Node& n : tree_.nodes) {
      if (n.kind == NodeKind::term) term(n);
      if (n.kind == NodeKind::value) value(n);
      if (n.kind == NodeKind::regex && regex_keys(n.text, n.count == 1).empty())
        hint(n.place,
             "this expression has no three letters or digits that every match shows: unless a word must occur beside "
             "it, it is tried on every item");
      if (n.kind == NodeKind::all) conjunction(n);
      if (n.kind == NodeKind::any) alternatives(n);
    }
    missing_quotes();
    if (options_.floods) flood();
    std::ranges::stable_sort(hints_, {}, &Problem::offset);
    return std::move(hints_);
  }

 private:
  void hint(Place p, std::string message) {
    if (hints_.size() < kMaxHints)
      hints_.push_back({p.start, static_cast<std::size_t>(p.end - p.start), std::move(message)});
  }
  const Node& at(std::uint32_t i) const { return tree_.nodes[i]; }
  std::string_view slice(Place p) const { return std::string_view(tree_.text).substr(p.start, p.end - p.start); }

  void term(const Node& n) {
    if (n.style != Style::word) return;
    const std::string_view name = std::string_view(n.text).substr(0, n.text.find('/'));
    if (std::ranges::find(kOperators, name) != kOperators.end() && tree_.nodes.size() > 1) {
      std::string upper = n.text;
      for (char& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
      return hint(n.place, fmt::format("this looks for the word {}: the operator is written {}", n.text, upper));
    }
    punctuation(n);
  }

  // C++ finds every c, AT&T every "at t": who writes such a name means it as it is.
  void punctuation(const Node& n) {
    std::string_view text = n.text;
    if (text.starts_with('#') || text.starts_with('@') || text.starts_with('$')) text.remove_prefix(1);
    while (text.ends_with('*') || text.ends_with('?')) text.remove_suffix(1);
    if (text.find_first_of("+&.%!;=~^|<>[]{}\\") == std::string_view::npos) return;
    std::string words;
    for (const char c : fold_pattern(wildcards(n.text, n.style))) words += is_separator(c) && !is_mark(c) ? ' ' : c;
    hint(n.place, fmt::format("this finds {} with any punctuation or none: for it exactly as written, put it in "
                              "backticks, as in `{}`",
                              words, n.text));
  }

  void value(const Node& n) {
    const std::string_view code = std::string_view(n.text).substr(0, n.text.find_first_of("-_*"));
    if (n.value_field == ValueField::lang && code.size() > 3)
      hint(n.place, "languages are known by codes of two or three letters, as in lang:en: this finds nothing");
  }

  // What a part says, so that two that say the same are equal: folded pattern and kind. Its children's are known.
  std::string what_it_says(const Node& n) const {
    std::string out = fmt::format("{}", static_cast<int>(n.kind));
    if (n.kind == NodeKind::term) {
      // A word and a phrase of the same words are the same.
      if (n.style == Style::word || n.style == Style::phrase)
        return fmt::format("t{}{}", fold_pattern(wildcards(n.text, n.style)),
                           options_.fold_accents ? std::string() : " " + accent_pattern(n.text));
      return out + static_cast<char>('0' + static_cast<int>(n.style)) + n.text;
    }
    if (n.kind == NodeKind::value) return out + name(n.value_field) + ":" + fold_value(n.text);
    out += fmt::format("{}/{}/{}/{}/{}/{}/{}/{}", n.mask, n.count, n.ordered, n.text, static_cast<int>(n.compare),
                       n.number, n.low, n.high);
    for (const std::uint32_t child : n.children) out += fmt::format("({})", said_[child]);
    return out;
  }

  // A word, phrase or exact term as a pattern, and as a text that has the term and nothing more.
  struct Words {
    std::string pattern, text;
    std::vector<std::uint32_t> starts;
    bool accents = false;  // that tell it from others
  };
  Words words_of(const Node& n) const {
    Words out;
    if (n.kind != NodeKind::term || n.style == Style::literal) return out;
    out.accents = !options_.fold_accents && has_accents(n.text);
    const std::string marked = wildcards(n.text, n.style);
    const Folded folded = fold_term(marked);
    if (n.style != Style::exact) out.pattern = fold_pattern(marked);
    if (marked.find(kAnyChar) != std::string::npos) return out;  // it may be any letter: covered by nothing
    out.text = folded.text();
    std::ranges::replace(out.text, kAnyRest, '\x7F');  // a rest that no text has: covered by a * only
    for (const WordRef& word : folded.words()) out.starts.push_back(word.start);
    return out;
  }

  // Whether a text with `narrow` always has `wide`: wide's words, wildcards and all, stand in narrow's.
  bool covers(std::uint32_t wide, std::uint32_t narrow) const {
    const Words& inner = words_[narrow];
    const std::string& pattern = words_[wide].pattern;
    if (inner.accents || words_[wide].accents) return false;
    return !pattern.empty() && std::ranges::any_of(inner.starts, [&](std::uint32_t start) {
      return match_pattern(pattern, inner.text, start).has_value();
    });
  }

  void conjunction(const Node& n) {
    std::map<std::string_view, std::uint32_t> seen;
    for (const std::uint32_t i : n.children) {
      const bool negative = at(i).kind == NodeKind::negate;
      const std::uint32_t positive = negative ? at(i).children[0] : i;
      const auto [other, fresh] = seen.try_emplace(said_[positive], i);
      if (fresh) continue;
      if ((at(other->second).kind == NodeKind::negate) != negative)
        hint(n.place, fmt::format("this can never match: {} must and must not occur", slice(at(positive).place)));
      else
        hint(at(i).place, "this is said twice: one of the two can go");
    }
    for (const std::uint32_t i : n.children) redundant(n, i);
    for (std::size_t i = 0; i < n.children.size(); ++i)
      for (std::size_t j = i + 1; j < n.children.size(); ++j) contradiction(at(n.children[i]), at(n.children[j]));
  }

  // What makes the part `i` of an AND needless, or the whole impossible.
  void redundant(const Node& n, std::uint32_t i) {
    for (const std::uint32_t j : n.children) {
      if (i == j || said_[i] == said_[j]) continue;
      if (covers(i, j))
        return hint(at(i).place,
                    fmt::format("{} is already asked for by {}: it can go", slice(at(i).place), slice(at(j).place)));
      if (at(j).kind != NodeKind::negate) continue;
      const std::uint32_t unwanted = at(j).children[0];
      if (covers(unwanted, i) && said_[unwanted] != said_[i])
        return hint(n.place, fmt::format("this can never match: {} always has {}", slice(at(i).place),
                                         slice(at(unwanted).place)));
    }
  }

  void contradiction(const Node& a, const Node& b) {
    if (a.kind == NodeKind::value && b.kind == NodeKind::value && a.value_field == b.value_field) {
      const std::string one = fold_value(a.text), two = fold_value(b.text);
      const bool single = a.value_field != ValueField::tag && a.value_field != ValueField::label;
      const bool nested = one.ends_with(two) || two.ends_with(one) || one.starts_with(two) || two.starts_with(one);
      if (single && !nested && !one.ends_with('*') && !two.ends_with('*'))
        hint(b.place, fmt::format("this can never match: an item has one {}; for either, write {}:({} OR {})",
                                  name(a.value_field), name(a.value_field), a.text, b.text));
    }
    if (a.kind == NodeKind::number && b.kind == NodeKind::number && a.text == b.text && !meet(a, b))
      hint(b.place, fmt::format("this can never match together with {}", slice(a.place)));
  }

  // Whether some number satisfies both: one of the bounds, or a step beside it, does if any does.
  static bool meet(const Node& a, const Node& b) {
    for (const double bound : {a.number, b.number})
      for (const double by : {-0.5, 0.0, 0.5})
        if (compare_holds(a.compare, bound + by, a.number) && compare_holds(b.compare, bound + by, b.number))
          return true;
    return false;
  }

  void alternatives(const Node& n) {
    std::map<std::string_view, std::uint32_t> seen;
    for (const std::uint32_t i : n.children)
      if (!seen.try_emplace(said_[i], i).second) hint(at(i).place, "this is said twice: one of the two can go");
    for (const std::uint32_t j : n.children)
      for (const std::uint32_t i : n.children)
        if (i != j && said_[i] != said_[j] && covers(i, j)) {
          hint(at(j).place, fmt::format("{} already finds this: {} can go", slice(at(i).place), slice(at(j).place)));
          break;
        }
  }

  static bool capital(std::string_view word) {
    return !word.empty() && word[0] >= 'A' && word[0] <= 'Z' && word.size() > 1;
  }

  // Acme Bank, side by side and both with a capital, is more likely a name than two conditions.
  void missing_quotes() {
    const Token* before = nullptr;
    for (const Token& t : tree_.tokens) {
      if (t.kind == TokenKind::space) continue;
      if (t.kind == TokenKind::word && before != nullptr && before->kind == TokenKind::word &&
          capital(slice(before->place)) && capital(slice(t.place))) {
        const Place both{before->place.start, t.place.end};
        hint(both, fmt::format("this finds items with both words anywhere; for the name, write \"{} {}\"",
                               slice(before->place), slice(t.place)));
      }
      before = &t;
    }
  }

  void flood() {
    const std::optional<double> daily = options_.volume ? options_.volume(query_) : std::nullopt;
    if (daily && *daily > options_.flood_per_day) {
      hint(tree_.root().place, fmt::format("this is likely to flood: about {:.0f} items a day, going by what is "
                                           "stored; add a word that must also occur",
                                           *daily));
      return;
    }
    if (daily) return;
    const Node& root = tree_.root();
    std::vector<const Node*> alone;
    if (root.kind == NodeKind::any)
      for (const std::uint32_t i : root.children) alone.push_back(&at(i));
    else
      alone.push_back(&root);
    for (const Node* n : alone) {
      if (n->kind == NodeKind::value || n->kind == NodeKind::number || n->kind == NodeKind::time) {
        hint(n->place, "this alone asks for everything from there: add a word to look for, unless that is meant");
        continue;
      }
      if (n->kind != NodeKind::term || n->style != Style::word) continue;
      const std::string folded = fold_pattern(wildcards(n->text, n->style));
      const bool digits = std::ranges::all_of(folded, [](char c) { return c >= '0' && c <= '9'; });
      const bool everyday = std::ranges::find(kEveryday, folded) != kEveryday.end();
      const bool ascii = std::ranges::all_of(folded, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      if (everyday || digits || (ascii && folded.size() <= 3 && !is_mark(folded[0])))
        hint(n->place,
             fmt::format("{} alone is likely to flood: {}; add words that set yours apart, as in {} (app OR service)",
                         n->text,
                         everyday ? "it is an everyday word"
                         : digits ? "a number stands in all kinds of texts"
                                  : "so short a word means many things",
                         n->text));
    }
  }

  const Query& query_;
  const Tree& tree_;
  const LintOptions& options_;
  std::vector<std::string> said_;  // of each node
  std::vector<Words> words_;       // likewise
  std::vector<Problem> hints_;
};

}  // namespace

std::vector<Problem> lint(const Query& query, const LintOptions& options) { return Linter(query, options).run(); }

}  // namespace earshot::query
