// What waits at the desk, as the store has it: for `earshot why` and `earshot status`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "store/store.h"

namespace earshot::run {

struct Waiting {
  std::string what;            // desk (has only just arrived), group, digest, quiet, limit, escalation
  std::string route, channel;  // an escalation has no channel: its route names them
  Time due{};                  // the epoch: nothing is due, because nothing came since the last alert
  std::uint64_t mentions = 0;
  std::vector<std::string> ids;  // of those listed
};

// By what stands under one key after the other; of at most 100,000 documents.
Result<std::vector<Waiting>> waiting(const store::Store& store);

}  // namespace earshot::run
