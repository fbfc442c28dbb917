// The words that a report quotes: which mentions are worth it, and the sentence in them that is.
#pragma once

#include <cstdint>

#include "core/mention/mention.h"

namespace earshot::report {

// How striking a mention is by itself, for comparison only; nothing below 0 is quoted. What people reacted to counts by
// its magnitude (a post with a thousand likes is worth as much more than one with a hundred as that than one with ten:
// reach is distributed by a power law), what was only seen counts half, a step of severity as much as a tenfold
// reaction. A snippet without the words that were listened for, or too short to say anything, is never quoted; nor is
// what the company says itself: sources labelled `kind: owned`.
double striking(const Mention& mention);

// A story that many outlets carry: to be added.
double striking_story(std::uint64_t outlets);

// Leaves of the snippet the whole sentences around its hits, where there are some and they say enough; else it stays as
// it is. Sentences end as UAX #29 says, in the language of the mention.
void to_sentences(Mention& mention);

}  // namespace earshot::report
