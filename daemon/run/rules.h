// One configuration's topics and routes, compiled; and a mention with what they say of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/config/model.h"
#include "core/mention/mention.h"
#include "core/query/set.h"
#include "core/result.h"
#include "core/route/router.h"

namespace earshot::run {

// Immutable; shared by all workers.
struct Rules {
  std::vector<config::Topic> topics;
  query::Set set;                                // the topics, and behind them the queries of routes
  std::vector<std::uint32_t> routes_with_query;  // in the order in which they stand behind the topics
  route::Router router;
};

// The topic of every mention where the configuration names no topics at all.
inline constexpr const char* kEverything = "everything";

// Topics that do not compile are an error; `earshot check` shows them with their places. Takes up to seconds where
// there are tens of thousands: not for the I/O thread. `kept` names the file of topics_file.h; empty: none.
Result<std::shared_ptr<const Rules>> make_rules(const config::Config& config, const std::filesystem::path& kept = {});

// Fills matches, severity, labels and snippet. A source's own `topics` hold whatever the queries say. Returns the
// routes whose `when.query` holds.
std::vector<std::uint32_t> match(Mention& mention, const config::Source& source, const Rules& rules, Time now);

}  // namespace earshot::run
