#include "run/prepare.h"

#include <algorithm>
#include <utility>

#include "core/url/url.h"

namespace earshot::run {
namespace {

net::Limits limits(const config::Fetch& fetch) {
  net::Limits limits;
  limits.whole = limits.body = fetch.timeout;
  for (Duration* step : {&limits.resolve, &limits.connect, &limits.tls, &limits.send, &limits.header})
    *step = std::min(*step, fetch.timeout);
  limits.max_body = limits.max_wire_body = fetch.max_size;
  return limits;
}

}  // namespace

net::AddressPolicy address_policy(const config::Fetch& fetch, const config::Source& source) {
  net::AddressPolicy policy;
  for (const auto* list : {&fetch.allow_private, &source.traits().allow_private})
    for (const std::string& cidr : *list)
      if (const auto network = url::parse_network(cidr)) policy.allow_private.push_back(*network);  // check saw to it
  return policy;
}

Manner manner(const config::Fetch& fetch, const config::Source& source, const net::AddressPolicy& policy) {
  Manner manner{.headers = {}, .policy = &policy, .limits = limits(fetch)};
  for (const auto& [name, value] : source.traits().headers) manner.headers.push_back({name, value});
  return manner;
}

Result<Prepared> prepare(const House& house, const config::Source& source,
                         std::unique_ptr<host::SourceInstance> instance) {
  Prepared prepared;
  auto state = house.store.source(source.name);
  if (!state) return tl::unexpected(state.error());
  if (*state) prepared.state = std::move(**state);
  prepared.state.name = source.name;
  if (auto pace = schedule::State::decode(prepared.state.pace)) prepared.pace = *pace;

  if (!instance) {
    auto plugin = house.catalogue.find(host::Kind::source, source.type);
    if (!plugin) {
      prepared.error = plugin.error().message;
      return prepared;
    }
    auto made = host::SourceInstance::create(*plugin, source.name, source.full_settings());
    if (!made) {
      prepared.error = made.error().message;
      return prepared;
    }
    instance = std::move(*made);
  }
  auto first = instance->begin({house.now(), house.random(), prepared.state.plugin_state});
  if (!first) {
    prepared.error = first.error().message;
    return prepared;
  }
  prepared.instance = std::move(instance);
  prepared.first = std::move(*first);
  if (!prepared.first.requests.empty()) prepared.url = prepared.first.requests.front().url;
  if (prepared.state.url != prepared.url) prepared.pace.ended = false;  // gone from where it was, not from here
  prepared.state.url = prepared.url;
  return prepared;
}

}  // namespace earshot::run
