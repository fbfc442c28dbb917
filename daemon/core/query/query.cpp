#include "core/query/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/query/fold.h"
#include "core/query/tree.h"

namespace earshot::query {
namespace {

// Columns a terminal needs for UTF-8: one a code point is near enough to put a caret.
std::size_t columns(std::string_view s) {
  return static_cast<std::size_t>(
      std::ranges::count_if(s, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string describe(const Node& n) {
  switch (n.kind) {
    case NodeKind::all: return "AND";
    case NodeKind::any: return "OR";
    case NodeKind::negate: return "NOT";
    case NodeKind::near: return fmt::format("{}/{}", n.ordered ? "ONEAR" : "NEAR", n.count);
    case NodeKind::sentence: return "SENTENCE";
    case NodeKind::at_least: return fmt::format("atleast/{}", n.count);
    case NodeKind::field:
      switch (n.mask) {
        case field::title: return "title:";
        case field::summary: return "summary:";
        case field::content: return "content:";
        case field::body: return "body:";
        case field::author: return "author:";
        default: return "url:";
      }
    case NodeKind::regex: return fmt::format("regular expression {}{}", n.text, n.count == 1 ? " (any case)" : "");
    case NodeKind::value: return fmt::format("{}: {}", name(n.value_field), n.text);
    case NodeKind::topic: return fmt::format("topic {}", n.text);
    case NodeKind::term:
      switch (n.style) {
        case Style::word: return fmt::format("word {}", n.text);
        case Style::phrase: return fmt::format("phrase {}", n.text);
        case Style::exact: return fmt::format("exactly {}", n.text);
        case Style::literal: return fmt::format("literally {}", n.text);
      }
      return {};
    default: return {};
  }
}

void print(const Tree& tree, std::uint32_t i, std::size_t depth, std::string& out) {
  const Node& n = tree.nodes[i];
  out.append(depth * 2, ' ');
  if (n.kind == NodeKind::number || n.kind == NodeKind::time)
    out += std::string_view(tree.text).substr(n.place.start, n.place.end - n.place.start);
  else
    out += describe(n);
  out += '\n';
  for (const std::uint32_t child : n.children) print(tree, child, depth + 1, out);
}

}  // namespace

const std::string& Query::text() const { return tree_->text; }

std::string caret_message(std::string_view text, const Problem& problem) {
  const std::size_t at = std::min(problem.offset, text.size());
  std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  const std::size_t end = std::min(text.find('\n', at), text.size());
  // A long line is shown around the place.
  const std::size_t stop = std::min(at + std::max<std::size_t>(problem.length, 1), end);
  const char* lead = "";
  if (at - begin > 60) {
    begin = at - 50;
    while (begin < at && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
    lead = "…";
  }
  std::size_t until = std::min(end, std::max(begin + 110, at));
  while (until < end && (static_cast<unsigned char>(text[until]) & 0xC0) == 0x80) ++until;
  std::string line(text.substr(begin, until - begin));
  std::ranges::replace(line, '\t', ' ');
  const std::size_t indent = columns(text.substr(begin, at - begin)) + (*lead ? 1 : 0);
  const std::size_t width = std::max<std::size_t>(1, columns(text.substr(at, std::min(stop, until) - at)));
  return fmt::format("{}{}{}\n{}{} {}", lead, line, until < end ? "…" : "", std::string(indent, ' '),
                     std::string(width, '^'), problem.message);
}

std::string explain(const Query& query) {
  std::string out;
  const Tree& tree = query.tree();
  print(tree, static_cast<std::uint32_t>(tree.nodes.size() - 1), 0, out);
  return out;
}

std::vector<std::string> references(const Query& query) {
  std::vector<std::string> out;
  for (const Node& n : query.tree().nodes)
    if (n.kind == NodeKind::topic && std::ranges::find(out, n.text) == out.end()) out.push_back(n.text);
  return out;
}

std::string wildcards(std::string_view text, Style style) {
  std::string out(text);
  if (style == Style::exact || style == Style::literal) return out;
  const auto letter = [&](std::size_t i) {
    if (i >= text.size()) return false;
    const auto c = static_cast<unsigned char>(text[i]);
    return c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '*' && i > 0 && (letter(i - 1) || text[i - 1] == '?') && !letter(i + 1)) out[i] = kAnyRest;
    if (text[i] == '?' &&
        (style == Style::word || letter(i + 1) || (i + 1 < text.size() && text[i + 1] == '?' && letter(i + 2))))
      out[i] = kAnyChar;
  }
  return out;
}

}  // namespace earshot::query
