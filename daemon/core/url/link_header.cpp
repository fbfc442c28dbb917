#include "core/url/link_header.h"

#include <algorithm>
#include <utility>

namespace earshot::url {
namespace {

constexpr std::string_view kSpace = " \t";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

void skip(std::string_view& rest, std::string_view what) {
  rest.remove_prefix(std::min(rest.find_first_not_of(what), rest.size()));
}

std::string_view take_until(std::string_view& rest, std::string_view ends) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(taken.size());
  return taken;
}

std::string take_value(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::string(take_until(rest, " \t;,"));
  std::string value;
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
    value += rest[at];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return value;
}

bool names(std::string_view relations, std::string_view one) {
  while (!relations.empty()) {
    skip(relations, kSpace);
    if (same(take_until(relations, kSpace), one)) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> link_target(std::string_view header, std::string_view relation) {
  for (std::string_view rest = header; !rest.empty();) {
    skip(rest, " \t,");
    if (!rest.starts_with('<')) {
      take_until(rest, ",");
      continue;
    }
    rest.remove_prefix(1);
    const std::string_view target = take_until(rest, ">");
    if (!rest.empty()) rest.remove_prefix(1);
    std::optional<std::string> rel;  // the first one counts (section 3.3)
    bool elsewhere = false;
    while (skip(rest, kSpace), rest.starts_with(';')) {
      skip(rest, " \t;");
      std::string_view name = take_until(rest, "=;,");
      name = name.substr(0, name.find_last_not_of(kSpace) + 1);
      if (!rest.starts_with('=')) continue;
      rest.remove_prefix(1);
      skip(rest, kSpace);
      std::string value = take_value(rest);
      elsewhere = elsewhere || same(name, "anchor");
      if (same(name, "rel") && !rel) rel = std::move(value);
    }
    if (rel && !elsewhere && names(*rel, relation)) return std::string(target);
    take_until(rest, ",");
  }
  return std::nullopt;
}

}  // namespace earshot::url
