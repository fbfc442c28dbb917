#include "run/conclude.h"

#include <utility>

#include "run/ingest.h"
#include "run/log.h"
#include "run/source_health.h"

namespace earshot::run {
namespace {

schedule::Outcome outcome(const Polled& polled) {
  using Kind = schedule::Outcome::Kind;
  schedule::Outcome out;
  out.fresh_for = polled.server.fresh_for;
  out.retry_after = polled.server.retry_after;
  if (polled.feed)
    out.document = {std::chrono::seconds{polled.feed->ttl_s}, polled.feed->skip_hours, polled.feed->skip_days,
                    polled.feed->update_base};
  if (polled.kind == Polled::Kind::failed)
    out.kind = polled.status == 410 ? Kind::gone : polled.status == 429 ? Kind::throttled : Kind::failed;
  return out;
}

void take_over(store::SourceState& state, Polled& polled, Time now) {
  state.last_attempt = now;
  state.moved = std::move(polled.moved);
  if (polled.plugin_state) state.plugin_state = std::move(*polled.plugin_state);
  if (polled.kind == Polled::Kind::failed) {
    ++state.failures;
    state.last_error = log::redacted(polled.error);
    return;
  }
  state.failures = 0;
  state.last_error.clear();
  state.last_success = now;
  if (!state.first_poll) state.first_poll = now;
  state.validators = std::move(polled.validators);
  if (polled.feed && !polled.feed->title.empty()) state.title = polled.feed->title;
}

std::optional<schedule::HealthChange> look_after(store::Fetch& fetch, const schedule::Observation& seen,
                                                 const schedule::Arrivals& arrivals, const Circumstances& at) {
  schedule::HealthState health;
  if (auto known = schedule::HealthState::decode(fetch.source.health)) health = std::move(*known);
  auto change = schedule::observe(health, seen, arrivals, at.now);
  fetch.source.health = health.encode();
  if (change) fetch.alerts = health_alerts(*change, fetch.source.name, health.since, at.config, at.now);
  return change;
}

}  // namespace

Result<Conclusion> conclude(const config::Source& source, store::SourceState state, schedule::State& pace,
                            Polled&& polled, const Circumstances& at) {
  Conclusion conclusion;
  store::Fetch& fetch = conclusion.fetch;
  fetch.source = std::move(state);
  fetch.at = at.now;

  const schedule::Observation seen = observation(polled, polled.items.size());
  const Origin origin{source, !fetch.source.first_poll.has_value(), source.backfill, fetch.source.first_poll};
  auto taken = ingest(std::move(polled.items), origin, at.rules, at.store, at.now);
  if (!taken) return tl::unexpected(taken.error());
  fetch.found = std::move(taken->found);
  fetch.still_listed = std::move(taken->still_listed);
  if (!taken->new_items.empty()) fetch.source.last_new = at.now;

  schedule::Outcome came_to = outcome(polled);
  came_to.new_items = taken->new_items;
  take_over(fetch.source, polled, at.now);
  fetch.source.next_due = schedule::next_due(pace, came_to, at.policy, at.now, at.random);
  fetch.source.gone = pace.ended;
  fetch.source.pace = pace.encode();
  if (!at.offline) conclusion.change = look_after(fetch, seen, pace.arrivals, at);
  return conclusion;
}

}  // namespace earshot::run
