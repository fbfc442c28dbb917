// What a poll came to → the one act that keeps it: new items, alerts, validators, pace and health together.
#pragma once

#include <cstdint>
#include <optional>

#include "core/config/model.h"
#include "core/schedule/health.h"
#include "core/schedule/pacing.h"
#include "run/poll.h"
#include "run/rules.h"
#include "store/store.h"

namespace earshot::run {

struct Circumstances {
  const Rules& rules;
  const store::Store& store;
  const config::Config& config;
  schedule::Policy policy;
  // Nobody is reached: that is this machine's trouble, and says nothing about the source.
  bool offline = false;
  Time now{};
  std::uint64_t random = 0;
};

struct Conclusion {
  store::Fetch fetch;  // its source.next_due: kNever when it is gone
  std::optional<schedule::HealthChange> change;
};

// Looks into the store where the poll brought items, or failed: then on a worker. `state` and `pace` are those before
// the poll, which was not cancelled; `pace` is brought up to date.
Result<Conclusion> conclude(const config::Source& source, store::SourceState state, schedule::State& pace,
                            Polled&& polled, const Circumstances& at);

}  // namespace earshot::run
