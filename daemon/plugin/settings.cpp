#include "plugin/settings.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace earshot::host {
namespace {

namespace json = boost::json;

std::string_view string_at(const json::object& schema, std::string_view key) {
  const json::value* v = schema.if_contains(key);
  return v && v->is_string() ? std::string_view{v->get_string()} : std::string_view{};
}

json::value least_value(std::string_view name, const json::value& given, std::string_view url) {
  static const json::object kNothing;
  const json::object& schema = given.is_object() ? given.get_object() : kNothing;
  if (const json::value* value = schema.if_contains("default")) return *value;
  if (const json::value* value = schema.if_contains("const")) return *value;
  for (const char* list : {"enum", "examples"})
    if (const json::value* values = schema.if_contains(list);
        values && values->is_array() && !values->get_array().empty())
      return values->get_array().front();
  const std::string_view type = string_at(schema, "type");
  if (type == "boolean") return false;
  if (type == "integer" || type == "number") {
    const json::value* least = schema.if_contains("minimum");
    return least ? *least : json::value(1);
  }
  if (type == "object") return json::object{};
  if (type == "array") {
    const json::value* items = schema.if_contains("items");
    const json::value* least = schema.if_contains("minItems");
    json::array out;
    if (least && items) out.push_back(least_value(name, *items, url));
    return out;
  }
  return json::string(name == "url" || string_at(schema, "format") == "uri" ? url : "earshot");
}

}  // namespace

Result<std::string> minimal_settings(std::string_view schema, std::string_view url) {
  boost::system::error_code error;
  const json::value parsed = json::parse({schema.data(), schema.size()}, error);
  const json::object* root = error ? nullptr : parsed.if_object();
  if (!root) return fail("the plugin's config_schema is no JSON object");
  json::object out;
  const json::value* required = root->if_contains("required");
  const json::value* properties = root->if_contains("properties");
  if (required && required->is_array())
    for (const json::value& name : required->get_array()) {
      if (!name.is_string()) continue;
      const json::value* property =
          properties && properties->is_object() ? properties->get_object().if_contains(name.get_string()) : nullptr;
      out[name.get_string()] = least_value(name.get_string(), property ? *property : json::value{}, url);
    }
  return json::serialize(out);
}

}  // namespace earshot::host
