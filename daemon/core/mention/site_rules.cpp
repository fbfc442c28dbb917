#include "core/mention/site_rules.h"

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_map>
#include <vector>

#include "common/text/space.h"
#include "lists.h"

namespace earshot::mention {
namespace {

// Takes the next word off a line.
std::string_view word(std::string_view& line) {
  const auto first = std::min(line.find_first_not_of(" \t"), line.size());
  line.remove_prefix(first);
  const auto end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view found = line.substr(0, end);
  line.remove_prefix(end);
  return found;
}

// Calls `use` with each line that is not empty and no comment.
template <class Use>
void each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.front() != '#') use(line);
  }
}

bool is_host_or_below(std::string_view host, std::string_view wanted) {
  return host.ends_with(wanted) && (host.size() == wanted.size() || host[host.size() - wanted.size() - 1] == '.');
}

struct Hash : std::hash<std::string_view> {
  using is_transparent = void;
};
template <class T>
using ByName = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

using Hosts = std::vector<std::string_view>;  // empty: everywhere

struct Wrapper {
  std::string_view host, path, parameters;
};

// The lists are constants, so what is made of them is one too: built at first use, never changed.
struct Rules {
  ByName<Hosts> tracking;  // "name" or "name=value"
  std::vector<std::pair<std::string, Hosts>> tracking_prefixes;
  std::vector<Wrapper> wrappers;
  ByName<std::string_view> aliases;

  Rules() {
    each_line(lists::tracking_parameters, [&](std::string_view line) {
      std::string name = text::to_lower(word(line));
      Hosts hosts;
      for (auto host = word(line); !host.empty(); host = word(line)) hosts.push_back(host);
      if (name.ends_with('*')) {
        name.pop_back();
        tracking_prefixes.emplace_back(std::move(name), std::move(hosts));
      } else {
        tracking.emplace(std::move(name), std::move(hosts));
      }
    });
    each_line(lists::redirect_wrappers, [&](std::string_view line) {
      Wrapper wrapper;
      wrapper.host = word(line);
      wrapper.path = word(line);
      wrapper.parameters = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
      wrappers.push_back(wrapper);
    });
    each_line(lists::host_aliases, [&](std::string_view line) {
      const std::string_view from = word(line);
      aliases.emplace(from, word(line));
    });
  }
};

const Rules& rules() {
  static const Rules made;
  return made;
}

// Can the name be a site of its own? Not "com", and not "co.uk": the second-level names that registries sell below.
bool stands_alone(std::string_view host) {
  const auto dot = host.rfind('.');
  if (dot == host.npos || dot == 0) return false;
  constexpr std::array<std::string_view, 12> shared{"co",  "com", "org", "net", "ac",  "gov",
                                                    "edu", "or",  "ne",  "go",  "gob", "gouv"};
  return host.size() - dot != 3 || std::ranges::find(shared, host.substr(0, dot)) == shared.end();
}

}  // namespace

std::string filed_host(std::string_view given) {
  std::string host(given);
  for (bool changed = true; changed;) {
    changed = false;
    for (const std::string_view prefix : {"www.", "m.", "mobile.", "amp."})
      if (host.starts_with(prefix) && stands_alone(std::string_view(host).substr(prefix.size()))) {
        host.erase(0, prefix.size());
        changed = true;
      }
    // "en.m.wikipedia.org" is "en.wikipedia.org": the mobile mark of this one family stands behind the language.
    for (const std::string_view family : {".m.wikipedia.org", ".m.wiktionary.org", ".m.wikinews.org"})
      if (host.ends_with(family)) {
        host.erase(host.size() - family.size(), 2);
        changed = true;
      }
    if (const auto alias = rules().aliases.find(host); alias != rules().aliases.end()) {
      host = alias->second;
      changed = true;
    }
  }
  return host;
}

bool is_tracking(std::string_view host, std::string_view parameter) {
  const auto holds = [&](const Hosts& hosts) {
    return hosts.empty() || std::ranges::any_of(hosts, [&](auto wanted) { return is_host_or_below(host, wanted); });
  };
  std::string whole = text::to_lower(parameter);
  if (whole.find('=') == whole.npos) whole += '=';  // "?amp" says what "?amp=" says
  const std::string_view name = std::string_view(whole).substr(0, whole.find('='));
  const auto& by_name = rules().tracking;
  for (const std::string_view key : {name, std::string_view(whole)})
    if (const auto found = by_name.find(key); found != by_name.end() && holds(found->second)) return true;
  return std::ranges::any_of(rules().tracking_prefixes,
                             [&](const auto& p) { return name.starts_with(p.first) && holds(p.second); });
}

bool is_google(std::string_view host) {
  constexpr std::string_view name = "google.";
  if (!host.starts_with(name)) return false;
  host.remove_prefix(name.size());
  if (host == "com") return true;
  if (host.starts_with("com.") || host.starts_with("co.")) host.remove_prefix(host.find('.') + 1);
  return host.size() == 2;
}

std::string_view wrapper_parameters(std::string_view host, std::string_view path) {
  const auto is_host = [host](std::string_view pattern) {
    if (pattern == "google.*") return is_google(host);
    return pattern.starts_with("*.") ? is_host_or_below(host, pattern.substr(2)) : host == pattern;
  };
  for (const Wrapper& wrapper : rules().wrappers)
    if (path == wrapper.path && is_host(wrapper.host)) return wrapper.parameters;
  return {};
}

}  // namespace earshot::mention
