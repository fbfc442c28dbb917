// What a source brought → what is to be kept of it, whom it concerns and what is owed to whom. Pure but for one look
// into the store; runs on the workers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/model.h"
#include "core/item.h"
#include "core/result.h"
#include "run/rules.h"
#include "store/store.h"

namespace earshot::run {

// What is to be known of a source while its items are taken in.
struct Origin {
  const config::Source& source;
  bool first_poll = false;  // nothing of it is known: items older than `backfill` raise no alert
  Duration backfill{0};
  std::optional<Time> since = {};  // when it was polled first
};

// What ingest() found: to be put into one store::Fetch with the source's new state.
struct Taken {
  std::vector<store::Candidate> found;
  std::vector<store::StillListed> still_listed;
  std::vector<std::optional<Time>> new_items;  // publication times of what is new, for the source's pace
  std::size_t without_key = 0;                 // items that say nothing at all: left out
};

Result<Taken> ingest(std::vector<Item>&& items, const Origin& origin, const Rules& rules, const store::Store& store,
                     Time now);

// The same at every try and after every crash: made from the mention and the channel.
std::string delivery_id(std::string_view mention_id, std::string_view channel);

}  // namespace earshot::run
