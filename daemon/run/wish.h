// Carries out what the letters in the inbox ask for (run/letters), and the same where no daemon runs.
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
