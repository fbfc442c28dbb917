// All that is known of one mention: for `earshot why`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/model.h"
#include "core/result.h"
#include "core/route/claim.h"
#include "run/account.h"
#include "run/waiting.h"
#include "store/store.h"

namespace earshot::run {

// What today's configuration says of a route it does not take.
struct NotTaken {
  std::string route, reason;
};

struct Why {
  store::Trail trail;
  std::vector<std::string> story;  // the ids of its story, the first one first; empty: it is alone
  store::Story figures;            // of it
  std::optional<route::Claim> claim;
  std::vector<Verdict> routed;  // when it came in
  std::vector<Waiting> waiting;
  std::vector<store::Delivery> owed;
  std::vector<store::DeadLetter> dead;
  // By the configuration of now, which may be another one than then.
  std::vector<std::string> topics_now;
  std::vector<NotTaken> not_taken_now;
};

// Nothing: there is no such mention. Looks through at most 1,000 owed alerts and dead letters of each channel.
Result<std::optional<Why>> why(const store::Store& store, const config::Config& config, std::string_view id);

}  // namespace earshot::run
