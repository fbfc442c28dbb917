// Other tools' queries → ours: read by the other's rules of precedence, written with brackets wherever ours needs them.
#include "core/query/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/query/import_dialect.h"
#include "core/query/tree.h"

namespace earshot::query {
namespace {

struct Part {
  enum Kind : std::uint8_t { all, any, no, near, sentence, leaf } kind = leaf;
  std::string text;  // leaf: in our spelling; near: the operator
  std::vector<Part> children;
  bool wider = false;  // something that must hold as well was left out
};
using Maybe = std::optional<Part>;  // nothing: it was left out

constexpr int kMaxNesting = 40;

class Importer {
 public:
  Importer(const DialectRules& rules, std::string_view text) : rules_(rules), tokens_(cut(rules, text, problems_)) {}

  Result<Imported, std::vector<Problem>> run() {
    if (!problems_.empty()) return tl::unexpected(std::move(problems_));
    if (tokens_.empty()) return tl::unexpected(std::vector<Problem>{{0, 0, "there is nothing to import"}});
    Maybe root = loose(0);
    if (problems_.empty() && at_ < tokens_.size()) wrong(tokens_[at_], "this ) closes a bracket that nothing opened");
    if (!problems_.empty()) return tl::unexpected(std::move(problems_));
    if (!root) {
      losses_.push_back({0, 0, "nothing is left of the query that Earshot could look for"});
      return tl::unexpected(std::move(losses_));
    }
    Imported out{print(*root, 0), std::move(losses_)};
    auto parsed = parse(out.query);
    if (!parsed) {
      for (const Problem& p : parsed.error())
        out.losses.push_back({0, 0, "in the imported query: " + caret_message(out.query, p)});
      return tl::unexpected(std::move(out.losses));
    }
    return out;
  }

 private:
  bool more() const { return at_ < tokens_.size(); }
  bool is(ForeignToken::Kind kind) const { return more() && tokens_[at_].kind == kind; }
  void wrong(const ForeignToken& t, std::string message) {
    problems_.push_back({t.offset, t.length, std::move(message)});
  }
  void loss(const ForeignToken& t, std::string message) { losses_.push_back({t.offset, t.length, std::move(message)}); }

  // `lost`: parts of an AND are missing.
  static Maybe joined(Part::Kind kind, std::vector<Part> parts, bool lost) {
    if (parts.empty()) return std::nullopt;
    const bool wider = lost || std::ranges::any_of(parts, &Part::wider);
    Part out = parts.size() == 1 ? std::move(parts.front()) : Part{kind, {}, std::move(parts)};
    out.wider = wider;
    return out;
  }

  // The operator that binds least: OR, unless the dialect has it the other way round (Google).
  Maybe loose(int depth) {
    const bool google = rules_.or_binds_tighter;
    std::vector<Part> parts;
    bool lost = false;
    while (true) {
      if (Maybe part = tight(depth))
        parts.push_back(*std::move(part));
      else
        lost = google;
      if (!more() || is(ForeignToken::close)) break;
      if (!google && !is(ForeignToken::either)) break;
      if (is(google ? ForeignToken::both : ForeignToken::either)) ++at_;
    }
    return joined(google ? Part::all : Part::any, std::move(parts), lost);
  }

  Maybe tight(int depth) {
    std::vector<Part> parts;
    bool lost = false;
    while (true) {
      const std::size_t before = at_;
      if (Maybe part = nearness(depth))
        parts.push_back(*std::move(part));
      else
        lost = !rules_.or_binds_tighter;
      if (!more() || is(ForeignToken::close)) break;
      if (rules_.or_binds_tighter) {
        if (!is(ForeignToken::either)) break;
        ++at_;
      } else {
        if (is(ForeignToken::either)) break;
        if (is(ForeignToken::both)) ++at_;
      }
      if (at_ == before) ++at_;  // an operator with nothing beside it
    }
    return joined(rules_.or_binds_tighter ? Part::any : Part::all, std::move(parts), lost);
  }

  Maybe nearness(int depth) {
    Maybe left = unary(depth);
    while (is(ForeignToken::near)) {
      const ForeignToken op = tokens_[at_++];
      Maybe right = unary(depth);
      if (!left || !right) {
        loss(op, "one side of this could not be carried over, so the nearness went too");
        if (!left) left = std::move(right);
        if (left) left->wider = true;
        continue;
      }
      const bool wider = left->wider || right->wider;
      if (op.sentence)
        left = Part{Part::sentence, {}, {Part{Part::all, {}, {*std::move(left), *std::move(right)}}}};
      else
        left = near(op, op.ordered, op.number, *std::move(left), *std::move(right));
      left->wider = wider;
    }
    return left;
  }

  Part near(const ForeignToken& op, bool ordered, int n, Part left, Part right) {
    const int most = static_cast<int>(kMaxDistance);
    if (n > most) loss(op, fmt::format("the distance is larger than {} words: {} is used", most, most));
    for (Part* side : {&left, &right})
      if (side->kind == Part::all) {
        loss(op,
             "Earshot's NEAR takes words, phrases and groups joined by OR: the AND beside it is read as an OR of the "
             "same words");
        side->kind = Part::any;
      }
    return Part{Part::near,
                fmt::format("{}/{}", ordered ? "ONEAR" : "NEAR", std::min(n, most)),
                {std::move(left), std::move(right)}};
  }

  Maybe unary(int depth) {
    if (!more()) {
      if (at_ > 0) loss(tokens_[at_ - 1], "something should follow this: it is left out");
      return std::nullopt;
    }
    const ForeignToken t = tokens_[at_];
    if (depth > kMaxNesting) {
      wrong(t, "this is nested too deep");
      at_ = tokens_.size();
      return std::nullopt;
    }
    switch (t.kind) {
      case ForeignToken::without: {
        ++at_;
        Maybe child = unary(depth + 1);
        if (!child) return std::nullopt;
        if (child->wider) {
          loss(t,
               "what is to be left out could not be carried over whole, and would leave out too much: it is not left "
               "out");
          return std::nullopt;
        }
        return Part{Part::no, {}, {*std::move(child)}};
      }
      case ForeignToken::open: ++at_; return group(t, depth);
      case ForeignToken::leaf: ++at_; return leaf(t);
      case ForeignToken::close: loss(t, "something should stand before this bracket"); return std::nullopt;
      default: loss(t, "nothing stands before this operator: it is left out"); return std::nullopt;
    }
  }

  Maybe leaf(ForeignToken t) {
    if (t.field.empty()) t.field = field_;
    if (const ForeignField* field = field_of(rules_, t.field);
        field != nullptr && field->means == ForeignField::all_text)
      field_ = t.field;
    Converted made = convert(rules_, t);
    for (std::string& message : made.losses) loss(t, std::move(message));
    if (made.query.empty()) return std::nullopt;
    return Part{Part::leaf, std::move(made.query), {}};
  }

  // After its opening bracket. A field before it is written before ours where ours can be; else it is each word's.
  Maybe group(const ForeignToken& open, int depth) {
    const ForeignField* field = field_of(rules_, open.text);
    const bool whole = open.text == "sentence" || (field != nullptr && (field->means == ForeignField::text ||
                                                                        field->means == ForeignField::value ||
                                                                        field->means == ForeignField::author));
    const std::string outer = field_;
    if (!open.text.empty() && !whole) field_ = open.text;
    Maybe child = loose(depth + 1);
    if (field == nullptr || field->means != ForeignField::all_text) field_ = outer;
    if (!is(ForeignToken::close)) {
      wrong(open, "this bracket is not closed");
      return std::nullopt;
    }
    const ForeignToken close = tokens_[at_++];
    if (close.boost) loss(close, "^ is about what is shown first, not about what is found: it is left out");
    if (!child) return std::nullopt;
    const bool wider = child->wider;
    if (close.number > 0) child = all_near(close, *std::move(child));
    child->wider = wider;
    if (!whole) return child;
    if (open.text == "sentence") return Part{Part::sentence, {}, {*std::move(child)}, wider};
    const std::string_view ours = field->means == ForeignField::author ? "author" : field->ours;
    return Part{Part::leaf, fmt::format("{}:({})", ours, print(*child, 0)), {}, wider};
  }

  // (a AND b)~5: each near the ones before it.
  Part all_near(const ForeignToken& close, Part child) {
    const bool negative = std::ranges::any_of(child.children, [](const Part& p) { return p.kind == Part::no; });
    if (child.kind != Part::all || negative) {
      loss(close, "~ after a group is about words joined by AND: it is left out");
      return child;
    }
    Part out = std::move(child.children.front());
    for (std::size_t i = 1; i < child.children.size(); ++i)
      out = near(close, false, close.number, std::move(out), std::move(child.children[i]));
    return out;
  }

  // `around`: how tightly the surroundings bind. 0 nothing, 1 AND or OR, 2 NOT and NEAR.
  static std::string print(const Part& part, int around) {
    const auto list = [&](const char* between) {
      std::string out;
      for (const Part& child : part.children) {
        if (!out.empty()) out += between;
        out += print(child, 1);
      }
      return around > 0 ? fmt::format("({})", out) : out;
    };
    switch (part.kind) {
      case Part::leaf: return part.text;
      case Part::all: return list(" AND ");
      case Part::any: return list(" OR ");
      case Part::no: return fmt::format("-{}", print(part.children[0], 2));
      case Part::sentence: return fmt::format("SENTENCE({})", print(part.children[0], 0));
      case Part::near: {
        std::string out = fmt::format("{} {} {}", print(part.children[0], 2), part.text, print(part.children[1], 2));
        return around > 1 ? fmt::format("({})", out) : out;
      }
    }
    return {};
  }

  const DialectRules& rules_;
  std::vector<Problem> problems_, losses_;
  std::vector<ForeignToken> tokens_;
  std::size_t at_ = 0;
  std::string field_;  // of a word without one: its group's, or that of an allintitle: before it
};

}  // namespace

std::optional<Dialect> dialect(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Dialect>, 5> kNames{{{"meltwater", Dialect::meltwater},
                                                                               {"talkwalker", Dialect::talkwalker},
                                                                               {"brandwatch", Dialect::brandwatch},
                                                                               {"x", Dialect::x},
                                                                               {"google", Dialect::google}}};
  for (const auto& [known, dialect] : kNames)
    if (known == name) return dialect;
  return std::nullopt;
}

Result<Imported, std::vector<Problem>> import_query(Dialect from, std::string_view text) {
  if (text.size() > kMaxQueryBytes)
    return tl::unexpected(
        std::vector<Problem>{{kMaxQueryBytes, text.size() - kMaxQueryBytes, "the query is longer than 64 KiB"}});
  return Importer(rules_of(from), text).run();
}

}  // namespace earshot::query
