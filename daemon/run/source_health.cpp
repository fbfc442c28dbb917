#include "run/source_health.h"

#include <fmt/format.h>

#include "run/channel_texts.h"
#include "run/log.h"
#include "run/short_hash.h"

namespace earshot::run {
namespace {

using Kind = schedule::Observation::Kind;
using schedule::Health;

Severity severity(const schedule::HealthChange& change) {
  switch (change.after) {
    case Health::gone:
    case Health::blocked:
    case Health::broken: return Severity::high;  // nothing is heard from it
    default: return Severity::normal;
  }
}

}  // namespace

schedule::Observation observation(const Polled& polled, std::size_t items) {
  if (polled.kind != Polled::Kind::failed) {
    if (polled.moved.seen >= kMovesToBelieve) return {Kind::moved, log::redacted(polled.moved.to)};
    return {polled.kind == Polled::Kind::items && items == 0 ? Kind::no_items : Kind::fine, {}};
  }
  switch (polled.status) {
    case 401:
    case 403:
    case 429: return {Kind::blocked, fmt::format("HTTP {}", polled.status)};
    case 404: return {Kind::not_found, {}};
    case 410: return {Kind::gone, {}};
    default: break;
  }
  if (polled.challenged) return {Kind::blocked, "a page that asks whether we are a person"};
  return {Kind::broken, log::redacted(polled.error)};
}

std::vector<Alert> health_alerts(const schedule::HealthChange& change, const std::string& source, Time since,
                                 const config::Config& config, Time now) {
  std::vector<Alert> alerts;
  for (const std::string& channel : config.health.channels) {
    Alert alert;
    alert.kind = AlertKind::health;
    alert.severity = severity(change);
    alert.channel = channel;
    alert.delivery_id = fmt::format("health-{:08x}-{}-{:x}-{:08x}", short_hash(source), name(change.after),
                                    to_ms(since), short_hash(channel));
    const std::string text = std::string("source_").append(name(change.after));
    alert.headline = texts_of(config.channels, channel).say(text, {{"source", source}});
    alert.text = change.reason;
    alert.created = now;
    alert.total = 0;
    alerts.push_back(std::move(alert));
  }
  return alerts;
}

}  // namespace earshot::run
