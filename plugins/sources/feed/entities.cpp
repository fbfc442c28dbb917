#include "sources/feed/entities.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "common/text/space.h"

namespace earshot::feed {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t most_entities = 100, longest = 200, most_growth = 64 * 1024;

struct Entity {
  std::string_view name, value;
};

// Characters, and references to characters by number.
bool is_plain(std::string_view value) {
  if (value.size() > longest || value.find('<') != npos || value.find('%') != npos) return false;
  for (std::size_t at = 0; (at = value.find('&', at)) != npos; ++at)
    if (value.substr(at, 2) != "&#" || value.find(';', at) == npos) return false;
  return true;
}

// The internal subset of the document type: what stands between '[' and ']'.
std::string_view internal_subset(std::string_view s) {
  std::size_t doctype = s.find('<');
  while (doctype != npos && !text::starts_with(s.substr(doctype, 9), "<!DOCTYPE")) {
    const char next = doctype + 1 < s.size() ? s[doctype + 1] : '\0';
    if (next != '?' && next != '!') return {};  // an element: no document type follows it
    const std::size_t end = s.find(s.substr(doctype, 4) == "<!--" ? "-->" : ">", doctype);
    if (end == npos) return {};
    doctype = s.find('<', end);
  }
  if (doctype == npos) return {};
  const std::size_t open = s.find_first_of("[>", doctype);
  if (open == npos || s[open] == '>') return {};
  const std::size_t close = s.find("]", open);
  return close == npos ? std::string_view{} : s.substr(open, close - open);
}

std::vector<Entity> declared(std::string_view subset) {
  std::vector<Entity> found;
  for (std::size_t at = 0; (at = subset.find("<!ENTITY", at)) != npos && found.size() < most_entities;) {
    std::string_view rest = text::trim(subset.substr(at += 8));
    const std::size_t gap = rest.find_first_of(" \t\n\"'>");
    if (gap == npos) break;
    const std::string_view name = rest.substr(0, gap);
    rest = text::trim(rest.substr(gap));
    if (name.empty() || rest.empty() || (rest[0] != '"' && rest[0] != '\'')) continue;  // SYSTEM, PUBLIC, %
    const std::size_t end = rest.find(rest[0], 1);
    if (end == npos) break;
    const std::string_view value = rest.substr(1, end - 1);
    if (is_plain(value)) found.push_back({name, value});
  }
  return found;
}

}  // namespace

void expand_entities(std::string& document, source::Warnings& warnings) {
  const std::string_view s = document;
  const std::string_view subset = internal_subset(s);
  const std::vector<Entity> entities = declared(subset);
  if (entities.empty()) return;
  const auto value_of = [&](std::string_view name) -> std::optional<std::string_view> {
    for (const Entity& e : entities)
      if (e.name == name) return e.value;
    return std::nullopt;
  };
  const auto body = static_cast<std::size_t>(subset.data() + subset.size() - s.data());
  std::string out(s.substr(0, body));
  out.reserve(s.size() + most_growth);
  std::size_t from = body, growth = 0;
  for (std::size_t at = body; (at = s.find_first_of("&<", at)) != npos;) {
    if (s[at] == '<') {  // nothing is a reference inside a CDATA section
      const std::size_t end = s.substr(at, 9) == "<![CDATA[" ? s.find("]]>", at) : at + 1;
      if (end == npos) break;
      at = end;
      continue;
    }
    const std::size_t end = s.find_first_of("; \t\n<&", at + 1);
    if (end == npos || s[end] != ';') {
      ++at;
      continue;
    }
    const auto value = value_of(s.substr(at + 1, end - at - 1));
    if (value && growth + value->size() <= most_growth) {
      out.append(s.substr(from, at - from)).append(*value);
      growth += value->size();
      from = end + 1;
    }
    at = end + 1;
  }
  if (growth == 0) return;
  out.append(s.substr(from));
  document = std::move(out);
  warnings.add("entities that the document declares were put in");
}

}  // namespace earshot::feed
