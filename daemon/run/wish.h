// What people ask of the store while the daemon holds it: letters in its inbox, and the same acts done directly where
// no daemon runs.
//   {"do":"silence","silence":{…}}            {"do":"end silence","id":"s-…"}
//   {"do":"split","mention":ID,"by":NAME}     {"do":"merge","into":ID,"other":ID,"by":NAME}
//   {"do":"backup","to":FOLDER}
//   {"do":"claim","mention":ID,"state":"claimed"|"done"|"not relevant","by":NAME}
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/route/claim.h"
#include "core/time.h"
#include "store/inbox.h"
#include "store/store.h"

namespace earshot::run {

struct Wish {
  struct Split {
    std::string mention;
  };
  struct Merge {
    std::string into, other;
  };
  std::vector<store::Note> notes;
  std::optional<Split> split;
  std::optional<Merge> merge;
  std::optional<std::filesystem::path> backup;  // absolute; not there yet
  std::string by;
  std::optional<route::Claim> claim;  // stands in `notes` too; the desk is to hear of it
};

// The error says why it is nonsense, or that there is no such thing; the letter is thrown away then.
Result<Wish> read_letter(const store::Store& store, const store::Letter& letter, Time now);

// Carries it out on the store. Twice is as once.
Status grant(store::Store& store, const Wish& wish, Time now);

// Every claim that is stored; what cannot be read is left out.
Result<std::vector<route::Claim>> read_claims(const store::Store& store);

// Claims go with their mentions, which are dropped by their age. Looks at each claim. Returns how many went.
Result<std::size_t> forget_claims(store::Store& store, Time now);

}  // namespace earshot::run
