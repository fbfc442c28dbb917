// The grammar of README.md by recursive descent; what else a query may not be is parse_checks.h's. Problems are
// collected: after one that leaves the structure whole the parser goes on, so that a person mends a query in one go.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/query/chars.h"
#include "core/query/lexer.h"
#include "core/query/parse_checks.h"
#include "core/query/values.h"

namespace earshot::query {
namespace {

using Index = std::uint32_t;

// What encloses the place being parsed: it decides what may stand there.
struct Context {
  std::uint32_t depth = 0;
  bool text_field = false;
  std::optional<ValueField> value;
  bool sentence = false;
};

std::string shortened(std::string_view s) {
  if (s.size() <= 48) return std::string(s);
  std::size_t n = 45;
  while (n > 0 && (static_cast<unsigned char>(s[n]) & 0xC0) == 0x80) --n;
  return std::string(s.substr(0, n)) + "…";
}

class Parser {
 public:
  Parser(std::string_view text, std::vector<Problem>& problems) : problems_(problems) {
    tree_.text = text;
    tree_.tokens = tokenize(tree_.text, problems);
    for (const Token& t : tree_.tokens)
      if (t.kind != TokenKind::space) tokens_.push_back(t);
  }

  std::shared_ptr<const Tree> run() {
    if (tokens_.empty()) {
      if (problems_.empty()) problem({0, 0}, "the query is empty: write the words to look for");
      return nullptr;
    }
    const auto root = either({});
    if (root && at_ < tokens_.size())
      problem(tokens_[at_].place, "this ) closes a bracket that nothing opened: take it away or add a ( before");
    if (!root || !problems_.empty()) return nullptr;
    if (checks_.holds_without_any(*root)) {
      problem(checks_.to_blame(*root),
              "what is here would match nearly everything, because it only says what must not occur: add a word that "
              "must occur, as in acme -jobs");
      return nullptr;
    }
    return std::make_shared<const Tree>(std::move(tree_));
  }

 private:
  bool at_end() const { return at_ >= tokens_.size(); }
  TokenKind kind() const { return tokens_[at_].kind; }
  std::string_view slice(Place p) const { return std::string_view(tree_.text).substr(p.start, p.end - p.start); }
  Place place(Index i) const { return tree_.nodes[i].place; }

  void problem(Place p, std::string message) {
    problems_.push_back({p.start, static_cast<std::size_t>(p.end - p.start), std::move(message)});
  }
  std::nullopt_t stop(Place p, std::string message) {
    problem(p, std::move(message));
    return std::nullopt;
  }

  Index add(Node node) {
    tree_.nodes.push_back(std::move(node));
    return static_cast<Index>(tree_.nodes.size() - 1);
  }
  Index join(NodeKind kind, std::vector<Index> children) {
    if (children.size() == 1) return children.front();
    Node node{.kind = kind, .place = {place(children.front()).start, place(children.back()).end}};
    node.children = std::move(children);
    return add(std::move(node));
  }

  // Operands with AND, OR or nothing between them; never two kinds without brackets.
  std::optional<Index> either(const Context& context) {
    std::vector<Index> operands;
    std::vector<bool> ors;  // ors[i]: OR stands between operand i and i + 1
    Place first_and{}, first_or{};
    while (true) {
      const auto operand = negation(context);
      if (!operand) return std::nullopt;
      operands.push_back(*operand);
      if (at_end() || kind() == TokenKind::close) break;
      const Place here = tokens_[at_].place;
      if (kind() == TokenKind::either) {
        ++at_;
        ors.push_back(true);
        if (first_or.end == 0) first_or = here;
      } else {
        const bool spelled = kind() == TokenKind::both;
        if (spelled) ++at_;
        ors.push_back(false);
        if (first_and.end == 0) first_and = spelled ? here : Place{here.start, here.start};
      }
      if (at_end() || kind() == TokenKind::close || kind() == TokenKind::both || kind() == TokenKind::either)
        return stop(here,
                    fmt::format("something must follow {}: a word, a \"phrase\" or a group in brackets", slice(here)));
    }
    if (first_or.end != 0 && first_and.end != 0) {
      problem(std::max(first_or, first_and, [](Place a, Place b) { return a.start < b.start; }),
              fmt::format("AND and OR are mixed (words side by side mean AND): write  {}  or  {}",
                          reading(operands, ors, true), reading(operands, ors, false)));
    }
    return join(first_or.end != 0 ? NodeKind::any : NodeKind::all, std::move(operands));
  }

  // One of the two ways to read a mixture: brackets round the runs of AND, or round the runs of OR.
  std::string reading(const std::vector<Index>& operands, const std::vector<bool>& ors, bool group_and) const {
    std::string out;
    for (std::size_t i = 0; i < operands.size();) {
      std::size_t j = i;
      while (j < ors.size() && ors[j] != group_and) ++j;
      if (i > 0) out += group_and ? " OR " : " AND ";
      if (j > i) out += '(';
      for (std::size_t k = i; k <= j; ++k) {
        if (k > i) out += group_and ? " AND " : " OR ";
        out += shortened(slice(place(operands[k])));
      }
      if (j > i) out += ')';
      i = j + 1;
    }
    return out;
  }

  std::optional<Index> negation(const Context& context) {
    if (kind() != TokenKind::without) return nearness(context);
    const Place here = tokens_[at_].place;
    if (context.depth >= kMaxDepth) return stop(here, "this is nested too deep: 50 levels are the limit");
    ++at_;
    if (at_end()) return stop(here, "something must follow NOT: a word, a \"phrase\" or a group in brackets");
    Context inner = context;
    ++inner.depth;
    const auto child = negation(inner);
    if (!child) return std::nullopt;
    return add({.kind = NodeKind::negate, .place = {here.start, place(*child).end}, .children = {*child}});
  }

  std::optional<Index> nearness(const Context& context) {
    auto left = unary(context);
    while (left && !at_end() && (kind() == TokenKind::near || kind() == TokenKind::onear)) {
      const Token op = tokens_[at_++];
      const std::string_view written = slice(op.place);
      const std::size_t slash = written.find('/');
      const auto n = slash == std::string_view::npos
                         ? 0
                         : count(op.place, written.substr(slash + 1), 0, kMaxDistance, "words between");
      if (at_end()) return stop(op.place, fmt::format("something must follow {}", written));
      if (context.value)
        problem(op.place,
                fmt::format("{} is about places in a text; {}: is compared as a whole", written, name(*context.value)));
      const auto right = unary(context);
      if (!right) return std::nullopt;
      for (const Index side : {*left, *right}) checks_.side_of_near(side, written);
      Node node{.kind = NodeKind::near, .place = {place(*left).start, place(*right).end}, .children = {*left, *right}};
      node.count = n;
      node.ordered = op.kind == TokenKind::onear;
      left = add(std::move(node));
    }
    return left;
  }

  std::uint32_t count(Place p, std::string_view digits, std::uint32_t low, std::uint32_t high, const char* what) {
    std::uint32_t n = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (error != std::errc{} || end != digits.data() + digits.size() || n < low || n > high)
      problem(p, fmt::format("the number of {} must be from {} to {}", what, low, high));
    return n;
  }

  std::optional<Index> unary(const Context& context) {
    const Token token = tokens_[at_];
    if (token.kind != TokenKind::minus) return primary(context);
    ++at_;
    if (context.depth >= kMaxDepth) return stop(token.place, "this is nested too deep: 50 levels are the limit");
    Context inner = context;
    ++inner.depth;
    if (at_end()) return stop(token.place, "a dash needs a word directly after it");
    const auto child = unary(inner);
    if (!child) return std::nullopt;
    return add({.kind = NodeKind::negate, .place = {token.place.start, place(*child).end}, .children = {*child}});
  }

  std::optional<Index> primary(const Context& context) {
    const Token token = tokens_[at_++];
    if (tree_.nodes.size() >= kMaxNodes)
      return stop(
          token.place,
          fmt::format("the query has more than {} parts: split it into several topics and join them with @{{name}}",
                      kMaxNodes));
    switch (token.kind) {
      case TokenKind::open: return group(token, context);
      case TokenKind::word: return term(token, Style::word, 0, 0, context);
      case TokenKind::phrase: return quoted(token, Style::phrase, 0, context);
      case TokenKind::exact: return quoted(token, Style::exact, 1, context);
      case TokenKind::literal: return quoted(token, Style::literal, 0, context);
      case TokenKind::regex: return regex(token, context);
      case TokenKind::sentence: return sentence(token, context);
      case TokenKind::at_least: return at_least(token, context);
      case TokenKind::field: return in_field(token, context);
      case TokenKind::compare: return compare(token, context);
      case TokenKind::topic: return topic(token, context);
      case TokenKind::close: return stop(token.place, "there is nothing between these brackets");
      case TokenKind::both:
      case TokenKind::either:
        return stop(token.place, fmt::format("{} needs something before it; to look for the word itself, write \"{}\"",
                                             slice(token.place), slice(token.place)));
      default:
        return stop(token.place, fmt::format("{} cannot stand here: it needs a word before it", slice(token.place)));
    }
  }

  std::optional<Index> group(const Token& open, const Context& context) {
    if (context.depth >= kMaxDepth) return stop(open.place, "this is nested too deep: 50 levels are the limit");
    if (at_end()) return stop(open.place, "this bracket is not closed: add a )");
    Context inner = context;
    ++inner.depth;
    const auto child = either(inner);
    if (!child) return std::nullopt;
    if (at_end()) return stop(open.place, "this bracket is not closed: add a )");
    tree_.nodes[*child].place = {open.place.start, tokens_[at_++].place.end};
    return child;
  }

  // The content of a quoted token, whatever the quotation marks.
  std::optional<Index> quoted(const Token& token, Style style, std::size_t skip, const Context& context) {
    const std::string_view whole = slice(token.place).substr(skip);
    const std::size_t open = decode(whole, 0).length;
    const std::size_t close = whole.size() > open ? decode_before(whole, whole.size()).length : 0;
    if (whole.size() < open + close) return std::nullopt;  // not closed: said by the lexer
    return term(token, style, skip + open, close, context);
  }

  std::optional<Index> term(const Token& token, Style style, std::size_t before, std::size_t after,
                            const Context& context) {
    const std::string_view whole = slice(token.place);
    std::string text(whole.substr(before, whole.size() - before - after));
    if (context.value) return value(token, std::move(text), *context.value);
    if (text.size() > kMaxTermBytes)
      problem(token.place, fmt::format("this is too long to look for: {} bytes are the limit", kMaxTermBytes));
    checks_.term(token.place, text, style);
    Node node{.kind = NodeKind::term, .place = token.place, .text = std::move(text)};
    node.style = style;
    return add(std::move(node));
  }

  std::optional<Index> value(const Token& token, std::string text, ValueField field) {
    if (auto wrong = check_value(field, text)) problem(token.place, std::move(*wrong));
    Node node{.kind = NodeKind::value, .place = token.place, .text = std::move(text)};
    node.value_field = field;
    return add(std::move(node));
  }

  std::optional<Index> regex(const Token& token, const Context& context) {
    if (context.value)
      return stop(token.place, fmt::format("{}: takes values, not regular expressions", name(*context.value)));
    const std::string_view whole = slice(token.place);
    const std::size_t close = whole.rfind('/');
    if (close == 0) return std::nullopt;  // not closed: said by the lexer
    const std::string_view flags = whole.substr(close + 1);
    if (!flags.empty() && flags != "i")
      problem(token.place, "the only flag after a regular expression is i, for ignoring case");
    Node node{.kind = NodeKind::regex, .place = token.place, .text = std::string(whole.substr(1, close - 1))};
    node.count = flags == "i" ? 1 : 0;
    if (node.text.size() > kMaxTermBytes)
      problem(token.place, fmt::format("this expression is too long: {} bytes are the limit", kMaxTermBytes));
    RE2::Options options = regex_options(node.count == 1);
    const re2::RE2 compiled(node.text, options);
    if (!compiled.ok())
      problem(
          token.place,
          fmt::format(
              "this regular expression does not compile: {} (the syntax is RE2's: no look-around, no back-references)",
              compiled.error()));
    else if (re2::RE2::PartialMatch("", compiled))
      problem(token.place, "this regular expression matches the empty text, so it would match everything");
    return add(std::move(node));
  }

  std::optional<Index> sentence(const Token& token, const Context& context) {
    if (context.value)
      return stop(token.place,
                  fmt::format("SENTENCE is about a text; {}: is compared as a whole", name(*context.value)));
    if (context.sentence) problem(token.place, "a SENTENCE inside a SENTENCE says nothing more: take one away");
    const Token open = tokens_[at_++];
    Context inner = context;
    inner.sentence = true;
    const auto child = group(open, inner);
    if (!child) return std::nullopt;
    if (checks_.holds_without_any(*child)) problem(place(*child), "a SENTENCE needs a word that must occur");
    checks_.sentence(*child);
    return add({.kind = NodeKind::sentence, .place = {token.place.start, place(*child).end}, .children = {*child}});
  }

  std::optional<Index> at_least(const Token& token, const Context& context) {
    const std::string_view written = slice(token.place);  // atleast/n:
    const auto n = count(token.place, written.substr(8, written.size() - 9), 1, kMaxAtLeast, "occurrences");
    if (at_end()) return stop(token.place, "a word must follow directly, as in atleast/3:acme");
    if (context.value) return stop(token.place, "atleast is about words in a text");
    const auto child = primary(context);
    if (!child) return std::nullopt;
    if (tree_.nodes[*child].kind != NodeKind::term && tree_.nodes[*child].kind != NodeKind::regex)
      problem(place(*child), "atleast counts one word or phrase: write (atleast/3:a OR atleast/3:b) for a group");
    Node node{.kind = NodeKind::at_least, .place = {token.place.start, place(*child).end}, .children = {*child}};
    node.count = n;
    return add(std::move(node));
  }

  std::optional<Index> in_field(const Token& token, const Context& context) {
    const std::string_view written = slice(token.place);
    const auto named = *field_named(written.substr(0, written.size() - 1));
    if (context.text_field || context.value)
      return stop(token.place, "a field inside another field: move it out of the brackets");
    if (at_end()) return std::nullopt;  // said by the lexer
    Context inner = context;
    if (named.kind == FieldName::value)
      inner.value = named.value_field;
    else
      inner.text_field = true;
    const auto child = unary(inner);
    if (!child) return std::nullopt;
    if (named.kind == FieldName::value) {
      if (tree_.nodes[*child].kind == NodeKind::value) tree_.nodes[*child].place.start = token.place.start;
      return child;
    }
    Node node{.kind = NodeKind::field, .place = {token.place.start, place(*child).end}, .children = {*child}};
    node.mask = named.mask;
    return add(std::move(node));
  }

  std::optional<Index> compare(const Token& token, const Context& context) {
    const std::string_view written = slice(token.place);
    const std::size_t colon = written.find(':');
    const std::string_view field = written.substr(0, colon);
    if (context.text_field || context.value)
      return stop(token.place, fmt::format("{} is about the whole item: move it out of the field's brackets", field));
    const FieldName named = *field_named(field);
    Node node{.kind = named.kind == FieldName::number ? NodeKind::number : NodeKind::time,
              .place = token.place,
              .text = std::string(field)};
    node.time_field = named.time_field;
    std::string_view operand = written.substr(colon + 1);
    const bool bare = read_compare(operand, node.compare);
    std::optional<std::string> wrong;
    if (named.kind == FieldName::number)
      wrong = read_number(operand, node.number);
    else if (named.time_field == TimeField::within)
      wrong = bare ? read_length(operand, node.low)
                   : std::optional<std::string>("a length of time directly after the colon, as in within:24h");
    else
      wrong = read_time(operand, node.low, node.high);
    if (wrong) problem(token.place, fmt::format("{}: takes {}", field, *wrong));
    return add(std::move(node));
  }

  std::optional<Index> topic(const Token& token, const Context& context) {
    if (context.value) return stop(token.place, fmt::format("{}: takes values, not topics", name(*context.value)));
    std::string_view named = slice(token.place);
    named = named.substr(2, named.size() - std::min<std::size_t>(named.size(), 3));
    while (named.starts_with(' ')) named.remove_prefix(1);
    while (named.ends_with(' ')) named.remove_suffix(1);
    if (named.empty()) problem(token.place, "the name of a topic belongs between the braces");
    return add({.kind = NodeKind::topic, .place = token.place, .text = std::string(named)});
  }

  std::vector<Problem>& problems_;
  Tree tree_;
  Checks checks_{tree_, problems_};
  std::vector<Token> tokens_;  // without white space and comments
  std::size_t at_ = 0;
};

}  // namespace

Result<Query, std::vector<Problem>> parse(std::string_view text) {
  std::vector<Problem> problems;
  if (text.size() > kMaxQueryBytes) {
    problems.push_back({kMaxQueryBytes, text.size() - kMaxQueryBytes,
                        "the query is longer than 64 KiB: split it into several topics and join them with @{name}"});
    return tl::unexpected(std::move(problems));
  }
  auto tree = Parser(text, problems).run();
  if (tree) return Query(std::move(tree));
  std::ranges::stable_sort(problems, {}, &Problem::offset);
  return tl::unexpected(std::move(problems));
}

}  // namespace earshot::query
