// Whom a mention concerns: what is owed at once, what waits at the desk, and an account of both. The same for what has
// just come in and for history that is replayed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/config/model.h"
#include "core/time.h"
#include "run/rules.h"
#include "store/commit.h"

namespace earshot::run {

// What is to be known of a source while its items are taken in.
struct Origin {
  const config::Source& source;
  bool first_poll = false;  // nothing of it is known: items older than `backfill` raise no alert
  Duration backfill{0};
  std::optional<Time> since = {};  // when it was polled first
};

// Fills the candidate's alerts, notes and account from its mention, which was matched: `queries` is what match() gave.
// Of a candidate with a revision only routes that ask for edits hear.
void decide(store::Candidate& candidate, const Origin& origin, const Rules& rules, const RouteQueries& queries,
            Time now);

// The same at every try and after every crash: made from the mention and the channel.
std::string delivery_id(std::string_view mention_id, std::string_view channel);

}  // namespace earshot::run
