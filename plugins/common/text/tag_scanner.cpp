#include "common/text/tag_scanner.h"

#include "common/text/scan.h"
#include "common/text/space.h"

namespace earshot::text {
namespace {

constexpr auto npos = std::string_view::npos;

constexpr bool ends_name(char c) noexcept { return is_space(c) || c == '/' || c == '>'; }

}  // namespace

bool next_attribute(std::string_view& rest, Attribute& out) noexcept {
  std::size_t i = 0;
  while (i < rest.size() && (is_space(rest[i]) || rest[i] == '/')) ++i;
  if (i == rest.size()) return false;
  const std::size_t name = i++;  // a leading '=' is part of the name (WHATWG §13.2.5.32)
  while (i < rest.size() && rest[i] != '=' && !ends_name(rest[i])) ++i;
  out = {rest.substr(name, i - name), {}};
  std::size_t after = i;
  while (after < rest.size() && is_space(rest[after])) ++after;
  if (after < rest.size() && rest[after] == '=') {
    i = after + 1;
    while (i < rest.size() && is_space(rest[i])) ++i;
    if (i < rest.size() && (rest[i] == '"' || rest[i] == '\'')) {
      const char quote = rest[i++];
      const std::size_t close = rest.find(quote, i);
      out.value = rest.substr(i, close == npos ? npos : close - i);
      i = close == npos ? rest.size() : close + 1;
    } else {
      const std::size_t value = i;
      while (i < rest.size() && !is_space(rest[i])) ++i;
      out.value = rest.substr(value, i - value);
    }
  }
  rest.remove_prefix(i);
  return true;
}

std::size_t TagScanner::find(char c, std::size_t from) noexcept {
  std::size_t& none = c == '>' ? no_gt_ : c == '"' ? no_double_ : no_single_;
  if (from >= none) return npos;
  const std::size_t found = html_.find(c, from);
  if (found == npos) none = from;
  return found;
}

// The '>' that ends a tag: one inside quotes does not, unless the quotes are never closed.
std::size_t TagScanner::tag_end(std::size_t from) noexcept {
  for (std::size_t i = from; (i = find_any<'>', '"', '\''>(html_, i)) != html_.size(); ++i) {
    if (html_[i] == '>') return i;
    std::size_t before = i;  // a quote opens a value only right after '='
    while (before > from && is_space(html_[before - 1])) --before;
    if (before == from || html_[before - 1] != '=') continue;
    const std::size_t close = find(html_[i], i + 1);
    if (close == npos) return find('>', i);
    i = close;
  }
  return npos;
}

Tag TagScanner::at(std::size_t at) noexcept {
  Tag tag;
  const std::size_t size = html_.size();
  if (at + 1 >= size) return tag;
  const char next = html_[at + 1];
  std::size_t from = at + 1;
  if (next == '!' || next == '?') {
    tag.kind = Tag::comment;
    if (html_.substr(at, 4) == "<!--") {
      std::size_t close = npos;
      if (html_.substr(at + 4, 1) == ">")
        close = at + 2;  // <!--> and <!---> are whole comments
      else if (html_.substr(at + 4, 2) == "->")
        close = at + 3;
      else if (at + 4 < no_comment_end_)
        close = html_.find("-->", at + 4);
      if (close != npos) {
        tag.end_at = close + 3;
        return tag;
      }
      if (at + 4 < no_comment_end_) no_comment_end_ = at + 4;
    }
    const std::size_t close = find('>', from);
    tag.end_at = close == npos ? size : close + 1;
    return tag;
  }
  if (next == '/') {
    ++from;
    if (from >= size) return tag;
    if (!is_alpha(html_[from])) {  // "</3" is a comment to HTML; to people who write titles it is a broken heart
      if (html_[from] == '>') {
        tag.kind = Tag::comment;
        tag.end_at = from + 1;
      }
      return tag;
    }
  } else if (!is_alpha(next)) {
    return tag;
  }
  if (from >= no_gt_) return tag;
  std::size_t name = from;
  while (name < size && !ends_name(html_[name])) ++name;
  const std::size_t close = tag_end(name);
  if (close == npos) {
    if (from < no_gt_) no_gt_ = from;  // no tag that begins later has an end either
    return tag;
  }
  tag.kind = next == '/' ? Tag::end : Tag::start;
  tag.name = html_.substr(from, name - from);
  tag.attributes = html_.substr(name, close - name);
  tag.end_at = close + 1;
  return tag;
}

std::size_t TagScanner::raw_end(std::string_view name, std::size_t from) const noexcept {
  for (std::size_t at = from; (at = html_.find("</", at)) != npos; at += 2)
    if (starts_with(html_.substr(at + 2), name)) return at;
  return html_.size();
}

}  // namespace earshot::text
