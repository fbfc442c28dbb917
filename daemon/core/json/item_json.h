// Items and feeds as JSON, the shape that `earshot parse` prints and `earshot match` reads. Absent values are left out,
// dates are RFC 3339 UTC, categories plain strings, counts an object such as {"likes": 3}.
#pragma once

#include <string>
#include <string_view>

#include "core/item.h"
#include "core/result.h"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace earshot {

// Which texts of an item are written: `markup` leaves out the plain-text twins of summary and content.
enum class ItemText { markup, all };

// Each appends one compact JSON value to `out`.
void append_json(std::string& out, const Item& item, ItemText text = ItemText::markup);
void append_json(std::string& out, const FeedInfo& feed);
void append_json(std::string& out, std::string_view text);  // well-formed UTF-8; a string, quotes included

// Reads one object of that shape. Members it does not know are passed over; one of a wrong type is an error that names
// it. A category may also be {"term","scheme","label"}.
Result<Item> item_from_json(const boost::json::object& object);
Result<Item> item_from_json(std::string_view json);

// For people: two spaces a level, a final newline.
std::string pretty(const boost::json::value& value);

}  // namespace earshot
