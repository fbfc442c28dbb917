// How much a query would have brought, going by what is stored: the linter's estimate.
#pragma once

#include <cstddef>
#include <optional>

#include "core/config/model.h"
#include "core/query/set.h"
#include "core/result.h"
#include "core/time.h"
#include "store/store.h"

namespace earshot::run {

struct Volume {
  double per_day = 0;
  std::size_t items = 0;  // that were looked at
  Duration span{};        // the time they were heard in
};

// From the newest items of the last week, those no topic wanted too. Nothing when the store has heard for less than six
// hours: that says little of a day. The query's name is of no account. The topics of `config` are those that @{…}
// names; a query that does not compile is an error. Takes up to seconds where there are tens of thousands of items.
Result<std::optional<Volume>> estimate_volume(const store::Store& store, const config::Config& config,
                                              const query::Topic& query, Time now);

}  // namespace earshot::run
