// From what a source gave to a mention with a name of its own.
#pragma once

#include <string>
#include <string_view>

#include "core/mention/mention.h"

namespace earshot::mention {

// What a mention takes over from the source that brought it.
struct SourceInfo {
  std::string name;
  Labels labels;
};

// 16 characters [0-9a-hjkmnp-tv-z] (Crockford's base 32 in lower case): 80 bits of XXH3-128 over source, NUL, item id.
// The same after a crash, on another machine and in another year; a stored id never changes its meaning.
// 80 bits: with a thousand million mentions the chance that any two meet is below 1 in 2 million.
std::string mention_id(std::string_view source, std::string_view item_id);

// What names an item within its source: its id; else its URL as given; else a hash over title and texts ("xxh3:…").
// Empty only for an item that says nothing at all, which is no mention.
std::string item_key(const Item& item);

// Fills id, canonical_url, site, seen, labels, language, and the plain texts where the plugin gave none. Matches,
// severity, snippet and topics' labels come later, from the query. Dates: `published` or `updated` more than a day
// after `seen` or before the web (1990) cannot be true and become unknown; without `published`, `updated` stands in for
// it.
Mention make(Item&& item, const SourceInfo& source, Time seen);

}  // namespace earshot::mention
