// A mention as one line of JSON: the members of an item (`earshot parse`) and what Earshot knows of it besides.
#pragma once

#include <span>
#include <string>

#include "core/mention/mention.h"

namespace earshot::cli {

// {"id","source","site","seen","severity","topics":[…],"labels":{…},"matched":[…], and the item's own members},
// compact, without a final newline. The item's own id is "item_id".
std::string mention_json(const Mention& mention);

// [{"term","field","start","end"},…]: offsets in bytes of that field's plain text.
std::string matched_json(std::span<const TopicMatch> matches);

}  // namespace earshot::cli
