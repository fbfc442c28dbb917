#include <fmt/format.h>

#include <boost/json.hpp>

#include "core/json/item_json.h"

namespace earshot {
namespace {

namespace json = boost::json;

// Takes members out of one object; the first that is wrong stays as the error.
class Reader {
 public:
  explicit Reader(const json::object& object) : object_(object) {}

  std::string text(std::string_view name) {
    const json::value* v = find(name);
    if (!v) return {};
    if (v->is_string()) return {v->get_string().data(), v->get_string().size()};
    wrong(name, "a string");
    return {};
  }
  std::optional<Time> time(std::string_view name) {
    const json::value* v = find(name);
    if (!v) return std::nullopt;
    const auto read = v->is_string() ? parse_rfc3339(v->get_string()) : std::nullopt;
    if (!read) wrong(name, "an RFC 3339 date such as 2026-11-23T21:10:00Z");
    return read;
  }
  template <class Take>
  void each(std::string_view name, Take&& take) {
    const json::value* v = find(name);
    if (!v) return;
    if (!v->is_array()) return wrong(name, "an array");
    for (const json::value& element : v->get_array()) take(element);
  }
  // A member that is there; null is as if it were not.
  const json::value* find(std::string_view name) const {
    const json::value* v = object_.if_contains(name);
    return v && !v->is_null() ? v : nullptr;
  }
  void wrong(std::string_view name, std::string_view wanted) {
    if (error_.empty()) error_ = fmt::format("\"{}\" must be {}", name, wanted);
  }
  void merge(const Reader& inner) {
    if (error_.empty()) error_ = inner.error_;
  }
  const std::string& error() const { return error_; }

 private:
  const json::object& object_;
  std::string error_;
};

void read_category(Reader& o, Item& item, const json::value& v) {
  if (v.is_string()) {
    item.categories.push_back({std::string{v.get_string()}, {}, {}});
  } else if (v.is_object()) {
    Reader in{v.get_object()};
    item.categories.push_back({in.text("term"), in.text("scheme"), in.text("label")});
    o.merge(in);
  } else {
    o.wrong("categories", "an array of strings or objects");
  }
}

void read_enclosure(Reader& o, Item& item, const json::value& v) {
  if (!v.is_object()) return o.wrong("enclosures", "an array of objects");
  Reader in{v.get_object()};
  Enclosure out{in.text("url"), in.text("type"), 0};
  if (const json::value* length = in.find("length")) {
    boost::system::error_code error;
    out.length = length->to_number<std::uint64_t>(error);
    if (error) in.wrong("length", "a number of bytes");
  }
  o.merge(in);
  item.enclosures.push_back(std::move(out));
}

}  // namespace

Result<Item> item_from_json(const json::object& object) {
  Reader o{object};
  Item item;
  item.id = o.text("id");
  item.url = o.text("url");
  item.title = o.text("title");
  item.summary = o.text("summary");
  item.content = o.text("content");
  item.summary_text = o.text("summary_text");
  item.content_text = o.text("content_text");
  item.author = o.text("author");
  item.language = o.text("language");
  item.comments = o.text("comments");
  item.published = o.time("published");
  item.updated = o.time("updated");
  o.each("categories", [&](const json::value& v) { read_category(o, item, v); });
  o.each("enclosures", [&](const json::value& v) { read_enclosure(o, item, v); });
  if (const json::value* counts = o.find("engagement"); counts && counts->is_object()) {
    for (const auto& [name, value] : counts->get_object())
      if (value.is_number())
        item.engagement.push_back({std::string{name}, value.to_number<double>()});
      else
        o.wrong("engagement", "an object of numbers");
  } else if (counts) {
    o.wrong("engagement", "an object of numbers");
  }
  if (!o.error().empty()) return fail(o.error());
  return item;
}

Result<Item> item_from_json(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  if (error) return fail(fmt::format("no JSON: {}", error.message()));
  if (!value.is_object()) return fail("an item must be a JSON object");
  return item_from_json(value.get_object());
}

}  // namespace earshot
