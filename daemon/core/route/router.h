// Which channels get a mention: the configuration's `routes`, in their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/config/model.h"
#include "core/mention/mention.h"

namespace earshot::route {

// One alert that is owed.
struct Decision {
  std::string channel;
  std::uint32_t route = 0;  // index into routes(): where group, quiet, digest and limit are found
  Severity severity = Severity::normal;
  std::string reason;  // for `earshot why`: "route 2: team=pr, severity=high"
};

// What a route is called wherever something is remembered of it: its name, else its place in the configuration from 1.
std::string route_key(const config::Route& route, std::size_t index);

// Does the mention match the `query` of that route's `when`? Asked only of routes that have one.
using QueryTest = std::function<bool(std::uint32_t route)>;

// The first test of `when` that does not hold, in words, for `earshot why`; empty when all hold. `query_holds` is the
// answer to when.query and does not matter where there is none.
std::string why_not(const config::When& when, const Mention& mention, bool query_holds = false);

// Immutable after construction; any thread.
class Router {
 public:
  // Without routes every mention goes to every channel that is on; without topics everything is a mention. Channels
  // that are off get nothing.
  explicit Router(const config::Config& config);

  // In the routes' order, until one says stop. A channel gets a mention once: the first route that names it decides
  // how. A `default` route takes only what no route before it took. Nothing for a mention without matches where topics
  // are configured: it is only kept so that a new topic has a past. Tests are told as the example shows: topic, source
  // by name; site with its subdomains; lang with its regions ("en" is "en-GB" too, RFC 4647 §3.3.1); label values and
  // severities as alternatives; a number that the mention does not say does not hold, for unknown is not 0.
  std::vector<Decision> route(const Mention& mention, const QueryTest& query = {}) const;

  const std::vector<config::Route>& routes() const { return routes_; }
  // Does some route tell this channel of stories as a whole?
  bool groups_stories(const std::string& channel) const;

 private:
  std::vector<config::Route> routes_;
  bool all_are_mentions_;
};

}  // namespace earshot::route
