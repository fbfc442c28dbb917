#include "core/query/parse_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/query/chars.h"
#include "core/query/exact.h"
#include "core/query/fold.h"

namespace earshot::query {

void Checks::problem(Place p, std::string message) {
  problems_.push_back({p.start, static_cast<std::size_t>(p.end - p.start), std::move(message)});
}

void Checks::term(Place p, std::string_view text, Style style) {
  if (style == Style::literal) {
    if (literal_form(text).empty()) problem(p, "there is nothing between these backticks to look for");
    return;
  }
  if (text == "&&" || text == "&" || text == "+")
    return problem(p, "to ask for both, write AND or just put the words side by side");
  if (text == "||" || text == "|") return problem(p, "to ask for one or the other, write OR");
  if (text == "!") return problem(p, "to leave something out, write NOT or a dash before it");
  if (style == Style::word && text.size() > 1 && (text[0] == '!' || text[0] == '+')) {
    return problem(p, text[0] == '!' ? fmt::format("to leave this out, write -{}", text.substr(1))
                                     : std::string("every word is required anyway: leave the + out"));
  }
  if (style == Style::exact && text.find('*') != std::string_view::npos)
    return problem(p, "an exact term takes no wildcards: leave the * out");
  const std::string marked = wildcards(text, style);
  if (style != Style::exact) wildcards_of(p, text, marked);
  const std::string pattern = fold_pattern(marked);
  if (std::ranges::all_of(pattern, [](char c) { return is_separator(c); }))
    problem(p, fmt::format("there is no letter, digit or emoji here to look for: put punctuation that matters in "
                           "backticks, as in `{}`",
                           text.empty() ? "C++" : text));
}

void Checks::wildcards_of(Place p, std::string_view text, const std::string& marked) {
  if (text.find('*') != std::string_view::npos && marked.find('*') != std::string::npos)
    return problem(p, "a * can only stand at the end of a word: it stands for the rest of it");
  const std::string pattern = fold_pattern(marked);
  std::size_t letters = 0;
  bool wide = false;
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == kAnyRest) {
      if (letters < 3 && !(wide && letters > 0))
        return problem(p, "a * needs at least 3 letters before it in its word: fewer would find far too much");
      ++i;
    } else if (c == kAnyChar) {
      ++i;
    } else if (is_separator(c)) {
      letters = 0;
      wide = false;
      ++i;
    } else {
      const Decoded d = decode(pattern, i);
      const Class kind = char_info(d.cp).kind();
      wide = wide || kind == Class::unit || kind == Class::hangul || kind == Class::cluster;
      ++letters;
      i += d.length;
    }
  }
  if (marked.find(kAnyChar) != std::string::npos &&
      pattern.find_first_not_of(std::string{kAnyChar, kAnyRest, ' '}) == std::string::npos)
    problem(p, "a ? needs letters beside it");
}

void Checks::side_of_near(std::uint32_t i, std::string_view op) {
  const Node& node = tree_.nodes[i];
  switch (node.kind) {
    case NodeKind::term:
    case NodeKind::regex:
    case NodeKind::near:
    case NodeKind::topic: return;
    case NodeKind::any:
    case NodeKind::field:
      for (const std::uint32_t child : node.children) side_of_near(child, op);
      return;
    case NodeKind::negate:
      return problem(
          node.place,
          fmt::format("{} cannot be about what must not occur: put the whole in brackets, as in -(a {} b)", op, op));
    case NodeKind::all:
      return problem(
          node.place,
          fmt::format(
              "{} takes words, phrases and groups joined by OR: to have several near, chain them, as in a {} b {} c",
              op, op, op));
    default: return problem(node.place, fmt::format("{} takes words, phrases and groups joined by OR", op));
  }
}

void Checks::sentence(std::uint32_t i) {
  const Node& node = tree_.nodes[i];
  if (node.kind == NodeKind::value || node.kind == NodeKind::number || node.kind == NodeKind::time ||
      node.kind == NodeKind::at_least)
    problem(node.place, "this is about the whole item, not a sentence: put it outside SENTENCE( )");
  for (const std::uint32_t child : node.children) sentence(child);
}

bool Checks::holds_without_any(std::uint32_t i) const {
  const Node& node = tree_.nodes[i];
  const auto holds = [this](std::uint32_t child) { return holds_without_any(child); };
  switch (node.kind) {
    case NodeKind::all: return std::ranges::all_of(node.children, holds);
    case NodeKind::any: return std::ranges::any_of(node.children, holds);
    case NodeKind::negate: return !holds(node.children[0]);
    case NodeKind::field: return holds(node.children[0]);
    default: return false;
  }
}

Place Checks::to_blame(std::uint32_t i) const {
  const Node& node = tree_.nodes[i];
  if (node.kind == NodeKind::any)
    for (const std::uint32_t child : node.children)
      if (holds_without_any(child)) return to_blame(child);
  return node.place;
}

}  // namespace earshot::query
