// One configuration's topics and routes, compiled; and a mention with what they say of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/config/model.h"
#include "core/mention/mention.h"
#include "core/query/set.h"
#include "core/result.h"
#include "core/route/router.h"
#include "core/route/zone.h"
#include "run/silences.h"

namespace earshot::run {

// Immutable; shared by all workers.
struct Rules {
  // A query that stands behind the topics in the set: a route's `when.query`, or one of its silences.
  struct OfRoute {
    std::uint32_t route = 0;
    std::optional<std::uint32_t> silence;
  };
  std::vector<config::Topic> topics;
  query::Set set;
  std::vector<OfRoute> behind;
  route::Router router;
  route::Zone zone;
  std::shared_ptr<SilenceBoard> board;  // never null; what hangs there changes
};

// The topic of every mention where the configuration names no topics at all.
inline constexpr const char* kEverything = "everything";

// Topics that do not compile are an error; `earshot check` shows them with their places. Takes up to seconds where
// there are tens of thousands: not for the I/O thread. `kept` names the file of topics_file.h; empty: none.
Result<std::shared_ptr<const Rules>> make_rules(const config::Config& config, const std::filesystem::path& kept = {});

// What the queries of routes said of a mention.
struct RouteQueries {
  std::vector<std::uint32_t> held;                                // routes whose `when.query` holds
  std::vector<std::pair<std::uint32_t, std::uint32_t>> silenced;  // route and which of its silences finds it
};

// Fills matches, severity, labels and snippet. A source's own `topics` hold whatever the queries say.
RouteQueries match(Mention& mention, const config::Source& source, const Rules& rules, Time now);

// The silence that people made and that holds over this mention, in words; empty: none.
std::string silenced(const Mention& mention, const config::Source& source, const Rules& rules, Time now);

}  // namespace earshot::run
