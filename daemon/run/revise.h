// An item that is known and reads otherwise now: what becomes of its mention.
#pragma once

#include "core/result.h"
#include "core/time.h"
#include "store/store.h"

namespace earshot::run {

// `candidate.mention` is the item as it reads now, matched. If its mention is stored and its title, text or day is
// another one, the candidate becomes the mention as it is to be from now on (seen when it was first seen, under all
// topics it ever matched), with what it said before in `revision`, and with the account of its routing so far. A
// wording that it had before is no revision: a feed that goes to and fro between two is noted once. One look into the
// store.
Status revise(store::Candidate& candidate, const store::Store& store, Time now);

// Did the title or the text change, and not the date alone? Of a candidate with a revision.
bool reworded(const store::Candidate& candidate);

}  // namespace earshot::run
