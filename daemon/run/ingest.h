// What a source brought → what is to be kept of it, whom it concerns and what is owed to whom. Pure but for one look
// into the store; runs on the workers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/item.h"
#include "core/result.h"
#include "run/decide.h"
#include "run/rules.h"
#include "store/store.h"

namespace earshot::run {

// What ingest() found: to be put into one store::Fetch with the source's new state.
struct Taken {
  std::vector<store::Candidate> found;
  std::vector<store::StillListed> still_listed;
  std::vector<std::optional<Time>> new_items;  // publication times of what is new, for the source's pace
  std::size_t without_key = 0;                 // items that say nothing at all: left out
};

Result<Taken> ingest(std::vector<Item>&& items, const Origin& origin, const Rules& rules, const store::Store& store,
                     Time now);

}  // namespace earshot::run
