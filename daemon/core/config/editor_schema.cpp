// The schema that editors complete and check by. It says what ours say, as far as plain JSON Schema can: our formats
// become patterns, every one of which also takes a ${…} reference, and an entry's `type` chooses its plugin's keys.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "core/config/config.h"
#include "core/config/formats.h"
#include "core/config/schema.h"

namespace earshot::config {

namespace json = boost::json;

namespace {

void print(std::string& out, const json::value& value, std::size_t indent) {
  const std::string margin(indent + 2, ' ');
  const auto all = [&](char open, char close, const auto& parts, const auto& one) {
    out += open;
    for (bool first = true; const auto& part : parts) {
      out += first ? "\n" : ",\n";
      first = false;
      out += margin;
      one(part);
    }
    out += '\n';
    out.append(indent, ' ');
    out += close;
  };
  const json::object* object = value.if_object();
  const json::array* array = value.if_array();
  const bool simple = array && array->size() <= 20 &&
                      std::all_of(array->begin(), array->end(), [](const json::value& v) { return v.is_primitive(); });
  if (object && !object->empty()) {
    all('{', '}', *object, [&](const json::key_value_pair& pair) {
      out += json::serialize(json::string(pair.key())) + ": ";
      print(out, pair.value(), indent + 2);
    });
  } else if (array && !array->empty() && !simple) {
    all('[', ']', *array, [&](const json::value& one) { print(out, one, indent + 2); });
  } else if (array) {
    out += '[';
    for (bool first = true; const json::value& one : *array) {
      if (!std::exchange(first, false)) out += ", ";
      out += json::serialize(one);
    }
    out += ']';
  } else {
    out += json::serialize(value);
  }
}

// A text may always be, or hold, a reference.
std::string or_reference(std::string_view pattern) { return fmt::format(R"(({})|\$\{{)", pattern); }

json::value for_editors(const json::value& schema, const std::string& base);

json::object each(const json::value& map, const std::string& base) {
  json::object out;
  if (const json::object* object = map.if_object())
    for (const auto& [name, schema] : *object) out[name] = for_editors(schema, base);
  return out;
}

// `base` is where the document this is part of stands in the whole: references are moved there.
json::value for_editors(const json::value& schema, const std::string& base) {
  if (const json::array* array = schema.if_array()) {
    json::array out;
    for (const json::value& one : *array) out.push_back(for_editors(one, base));
    return out;
  }
  const json::object* object = schema.if_object();
  if (!object) return schema;
  json::object out;
  for (const auto& [key, value] : *object) {
    if (key == "properties" || key == "definitions" || key == "$defs") {
      out[key] = each(value, base);
    } else if (key == "items" || key == "additionalProperties" || key == "propertyNames" || key == "allOf" ||
               key == "anyOf" || key == "oneOf") {
      out[key] = for_editors(value, base);
    } else if (key == "$ref" && value.is_string()) {
      out[key] = base.empty() ? value : json::value("#" + base + std::string(value.get_string()).substr(1));
    } else if (key == "format" && value.is_string()) {
      const Format* format = find_format(value.get_string());
      if (format && !format->pattern.empty() && !object->contains("pattern"))
        out["pattern"] = or_reference(format->pattern);
    } else if (key == "pattern" && value.is_string()) {
      out[key] = or_reference(value.get_string());
    } else if (key == "minLength") {
      out[key] = 1;  // a reference is shorter than what it brings
    } else if (!key.starts_with("x-") && key != "$schema" && key != "$id") {
      out[key] = value;
    }
  }
  return out;
}

// The shared entry, then per plugin a full one that `type` leads to.
void add_entries(json::object& definitions, std::string_view word, PluginKind kind, const PluginSchemas& plugins) {
  const json::object shared = definitions[word].get_object();
  json::array rules, names;
  for (const std::string& type : plugins.types(kind)) {
    boost::system::error_code bad;
    const auto text = plugins.schema(kind, type);
    const json::value own = text ? json::parse(*text, bad) : json::value{};
    if (bad || !own.is_object()) continue;
    names.emplace_back(type);
    const std::string name = fmt::format("{}-{}", word, type);
    json::object entry = for_editors(own, "/definitions/" + name).get_object();
    json::object properties = shared.at("properties").get_object();
    properties["type"] = json::object{{"const", type}};
    if (const json::value* more = entry.if_contains("properties"))
      for (const auto& [key, value] : more->get_object()) properties.emplace(key, value);
    json::array required = shared.at("required").get_array();
    if (const json::value* more = entry.if_contains("required"))
      for (const json::value& key : more->get_array())
        if (std::find(required.begin(), required.end(), key) == required.end()) required.push_back(key);
    entry["properties"] = std::move(properties);
    entry["required"] = std::move(required);
    if (!entry.contains("additionalProperties")) entry["additionalProperties"] = false;
    definitions[name] = std::move(entry);
    rules.push_back({{"if", {{"properties", {{"type", {{"const", type}}}}}, {"required", json::array{"type"}}}},
                     {"then", {{"$ref", "#/definitions/" + name}}}});
  }
  json::object entry;
  for (const auto& [key, value] : shared)
    if (key != "additionalProperties") entry[key] = value;
  if (!names.empty()) {
    entry["properties"].get_object()["type"].get_object()["enum"] = std::move(names);
    entry["allOf"] = std::move(rules);
  }
  definitions[word] = std::move(entry);
}

}  // namespace

std::string editor_schema(const PluginSchemas& plugins) {
  json::object out{
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"$comment", "Made by `earshot check --schema` from the program's own keys and those of its plugins."}};
  const json::value own = for_editors(own_keys().json(), "");
  for (const auto& [key, value] : own.get_object()) out[key] = value;
  out["patternProperties"] = {{"^x-", {{"description", "A place for YAML anchors; not read."}}}};
  json::object& definitions = out["definitions"].get_object();
  add_entries(definitions, "source", PluginKind::source, plugins);
  add_entries(definitions, "channel", PluginKind::sink, plugins);
  std::string text;
  print(text, out, 0);
  return text + '\n';
}

}  // namespace earshot::config
