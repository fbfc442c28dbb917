// Other tools' queries → ours: read by the other's rules of precedence, written with brackets wherever ours needs them.
#include "core/query/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/query/import_dialect.h"

namespace earshot::query {
namespace {

struct Part {
  enum Kind : std::uint8_t { all, any, no, near, sentence, leaf } kind = leaf;
  std::string text;  // leaf: in our spelling; near: the operator
  std::vector<Part> children;
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

  static Maybe joined(Part::Kind kind, std::vector<Part> parts) {
    if (parts.empty()) return std::nullopt;
    if (parts.size() == 1) return std::move(parts.front());
    return Part{kind, {}, std::move(parts)};
  }

  // The operator that binds least: OR, unless the dialect has it the other way round (Google).
  Maybe loose(int depth) {
    std::vector<Part> parts;
    while (true) {
      if (Maybe part = tight(depth)) parts.push_back(*std::move(part));
      if (!more() || is(ForeignToken::close)) break;
      if (!is(rules_.or_binds_tighter ? ForeignToken::both : ForeignToken::either) && !rules_.or_binds_tighter) break;
      if (is(rules_.or_binds_tighter ? ForeignToken::both : ForeignToken::either)) ++at_;
    }
    return joined(rules_.or_binds_tighter ? Part::all : Part::any, std::move(parts));
  }

  Maybe tight(int depth) {
    std::vector<Part> parts;
    while (true) {
      const std::size_t before = at_;
      if (Maybe part = nearness(depth)) parts.push_back(*std::move(part));
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
    return joined(rules_.or_binds_tighter ? Part::any : Part::all, std::move(parts));
  }

  Maybe nearness(int depth) {
    Maybe left = unary(depth);
    while (is(ForeignToken::near)) {
      const ForeignToken op = tokens_[at_++];
      if (op.number > 50) loss(op, "the distance is larger than 50 words: 50 is used");
      Maybe right = unary(depth);
      if (!left || !right) {
        loss(op, "one side of this could not be carried over, so the nearness went too");
        if (!left) left = std::move(right);
        continue;
      }
      std::vector<Part> sides;
      for (Maybe* side : {&left, &right}) {
        if ((*side)->kind == Part::all) {
          loss(op,
               "Earshot's NEAR takes words, phrases and groups joined by OR: the AND beside it is read as an OR of the "
               "same words");
          (*side)->kind = Part::any;
        }
        sides.push_back(*std::move(*side));
      }
      left = Part{Part::near, fmt::format("{}/{}", op.ordered ? "ONEAR" : "NEAR", std::min(op.number, 50)),
                  std::move(sides)};
    }
    return left;
  }

  Maybe unary(int depth) {
    if (!more()) return std::nullopt;
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
        return Part{Part::no, {}, {*std::move(child)}};
      }
      case ForeignToken::open: {
        ++at_;
        Maybe child = loose(depth + 1);
        if (!is(ForeignToken::close)) {
          wrong(t, "this bracket is not closed");
          return std::nullopt;
        }
        ++at_;
        if (!t.text.empty() && child) return in_field(t, *std::move(child));
        return child;
      }
      case ForeignToken::leaf: {
        ++at_;
        Converted made = convert(rules_, t);
        for (std::string& message : made.losses) loss(t, std::move(message));
        if (made.query.empty()) return std::nullopt;
        return Part{Part::leaf, std::move(made.query), {}};
      }
      default: return std::nullopt;  // an operator where a word should be: passed over by the caller
    }
  }

  Maybe in_field(const ForeignToken& t, Part child) {
    const std::string_view field = group_field(rules_, t.text);
    if (field.empty()) {
      loss(t, fmt::format("{}: has no counterpart; its group is left out", t.text));
      return std::nullopt;
    }
    if (field == "SENTENCE") return Part{Part::sentence, {}, {std::move(child)}};
    return Part{Part::leaf, fmt::format("{}:({})", field, print(child, 0)), {}};
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
  if (text.size() > 64 * 1024)
    return tl::unexpected(
        std::vector<Problem>{{64 * 1024, text.size() - 64 * 1024, "the query is longer than 64 KiB"}});
  return Importer(rules_of(from), text).run();
}

}  // namespace earshot::query
