// Items and feeds as JSON, the shape `earshot parse` prints and `earshot match` reads. Absent values are left out,
// dates are RFC 3339 UTC, categories plain strings, counts an object {"likes": 3}.
#pragma once

#include <string>
#include <string_view>

#include "core/item.h"
#include "core/result.h"

namespace earshot {

// Which texts of an item are written: `markup` leaves out the plain-text twins of summary and content.
enum class ItemText { markup, all };

// Appends one compact JSON object. `out` grows; nothing else is allocated for long.
void append_json(std::string& out, const Item& item, ItemText text = ItemText::markup);
void append_json(std::string& out, const FeedInfo& feed);
// Appends `text` (well-formed UTF-8) as a JSON string, quotes included.
void append_json(std::string& out, std::string_view text);

// Reads one object of that shape. Members it does not know are passed over; one of a wrong type is an error that names
// it. A category may be a string or {"term","scheme","label"}.
Result<Item> item_from_json(std::string_view json);

}  // namespace earshot
