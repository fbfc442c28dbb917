#include "core/route/router.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "common/text/space.h"

namespace earshot::route {
namespace {

using text::same;

bool is_site(std::string_view site, std::string_view wanted) {
  if (wanted.starts_with("www.")) wanted.remove_prefix(4);
  if (site.size() < wanted.size() || wanted.empty()) return false;
  const std::size_t before = site.size() - wanted.size();
  return same(site.substr(before), wanted) && (before == 0 || site[before - 1] == '.');
}

// RFC 4647 §3.3.1, basic filtering: "en" is a prefix of "en-GB" up to a hyphen.
bool is_language(std::string_view language, std::string_view wanted) {
  return language.size() >= wanted.size() && !wanted.empty() && same(language.substr(0, wanted.size()), wanted) &&
         (language.size() == wanted.size() || language[wanted.size()] == '-');
}

// Walks the tests of a `when` until one fails; each that held is one entry of `held`, the first that did not is
// `failed`. One walk for the decision and for its explanation, so they cannot disagree.
struct Walk {
  const config::When& when;
  const Mention& mention;
  std::function<bool()> query_holds;
  std::vector<std::string> held = {};
  std::string failed = {};

  bool holds() {
    const auto topic = [&](const std::string& t) {
      return std::ranges::find(mention.matches, t, &TopicMatch::topic) != mention.matches.end();
    };
    return one_of("topic", when.topics, topic) &&
           one_of("source", when.sources, [&](const std::string& s) { return s == mention.source; }) &&
           one_of("site", when.sites, [&](const std::string& s) { return is_site(mention.site, s); }) &&
           one_of("lang", when.languages, [&](const std::string& l) { return is_language(mention.language, l); }) &&
           severity() && std::ranges::all_of(when.labels, [&](const auto& test) { return label(test); }) &&
           std::ranges::all_of(when.numbers, [&](const auto& test) { return number(test); }) && query();
  }

 private:
  template <class Test>
  bool one_of(std::string_view name, const std::vector<std::string>& wanted, Test test) {
    if (wanted.empty()) return true;
    const auto found = std::ranges::find_if(wanted, test);
    if (found == wanted.end()) {
      failed = fmt::format("{} is none of: {}", name, fmt::join(wanted, ", "));
      return false;
    }
    held.push_back(fmt::format("{}={}", name, *found));
    return true;
  }

  bool severity() {
    if (when.severities.empty()) return true;
    if (std::ranges::find(when.severities, mention.severity) == when.severities.end()) {
      failed = fmt::format("severity is {}", to_string(mention.severity));
      return false;
    }
    held.push_back(fmt::format("severity={}", to_string(mention.severity)));
    return true;
  }

  bool label(const std::pair<std::string, std::vector<std::string>>& test) {
    return one_of(test.first, test.second, [&](const std::string& value) {
      return std::ranges::any_of(mention.labels,
                                 [&](const auto& l) { return l.first == test.first && l.second == value; });
    });
  }

  bool number(const config::NumberRange& range) {
    const auto& numbers = mention.item.engagement;
    const auto found = std::ranges::find(numbers, range.name, &Number::name);
    if (found == numbers.end()) {
      failed = fmt::format("{} is not known", range.name);
    } else if (!(found->value >= range.min.value_or(found->value))) {  // a NaN is below everything
      failed = fmt::format("{} is {}, below {}", range.name, found->value, range.min.value_or(0));
    } else if (!(found->value <= range.max.value_or(found->value))) {
      failed = fmt::format("{} is {}, above {}", range.name, found->value, range.max.value_or(0));
    } else {
      held.push_back(fmt::format("{}={}", range.name, found->value));
      return true;
    }
    return false;
  }

  bool query() {
    if (when.query.empty()) return true;
    if (!query_holds()) {
      failed = fmt::format("it does not match: {}", when.query);
      return false;
    }
    held.push_back("its query");
    return true;
  }
};

}  // namespace

std::string route_key(const config::Route& route, std::size_t index) {
  return route.name.empty() ? std::to_string(index + 1) : route.name;
}

std::string why_not(const config::When& when, const Mention& mention, bool query_holds) {
  Walk walk{when, mention, [query_holds] { return query_holds; }};
  return walk.holds() ? std::string{} : walk.failed;
}

Router::Router(const config::Config& config) : routes_(config.routes), all_are_mentions_(config.topics.empty()) {
  if (routes_.empty()) {
    config::Route all;
    for (const config::Channel& channel : config.channels) all.channels.push_back(channel.name);
    routes_.emplace_back(std::move(all));
  }
  const auto off = [&](const std::string& name) {
    const auto channel = std::ranges::find(config.channels, name, &config::Channel::name);
    return channel == config.channels.end() || !channel->enabled;
  };
  for (config::Route& route : routes_) {
    std::erase_if(route.channels, off);
    if (route.escalate) std::erase_if(route.escalate->channels, off);
  }
}

bool Router::groups_stories(const std::string& channel) const {
  return std::ranges::any_of(routes_, [&](const config::Route& route) {
    return route.group && std::ranges::find(route.group->by, config::GroupBy::story) != route.group->by.end() &&
           std::ranges::find(route.channels, channel) != route.channels.end();
  });
}

std::vector<Decision> Router::route(const Mention& mention, const QueryTest& query) const {
  std::vector<Decision> decisions;
  if (mention.matches.empty() && !all_are_mentions_) return decisions;
  bool taken = false;
  for (std::uint32_t i = 0; i < routes_.size(); ++i) {
    const config::Route& route = routes_[i];
    if (route.fallback && taken) continue;
    Walk walk{route.when, mention, [&] { return query && query(i); }};
    if (!walk.holds()) continue;
    taken = true;
    const std::string held = walk.held.empty() ? "every mention" : fmt::format("{}", fmt::join(walk.held, ", "));
    const std::string name = "route " + route_key(route, i);
    for (const std::string& channel : route.channels)
      if (std::ranges::find(decisions, channel, &Decision::channel) == decisions.end())
        decisions.push_back({channel, i, mention.severity, fmt::format("{}: {}", name, held)});
    if (route.stop) break;
  }
  return decisions;
}

}  // namespace earshot::route
