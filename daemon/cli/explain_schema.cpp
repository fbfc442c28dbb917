#include "cli/explain_schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string_view>
#include <vector>

namespace earshot::cli {
namespace {

namespace json = boost::json;

struct Entry {
  std::string name, facts, description;
  bool required = false;
};

std::string_view text_at(const json::object& schema, std::string_view key) {
  const json::value* v = schema.if_contains(key);
  return v && v->is_string() ? std::string_view{v->get_string()} : std::string_view{};
}

// A value as one writes it in YAML.
std::string plain(const json::value& v) { return v.is_string() ? std::string{v.get_string()} : json::serialize(v); }

std::string type_words(const json::object& schema);

std::string list_words(const json::object& schema) {
  const json::value* items = schema.if_contains("items");
  return items && items->is_object() ? "list of " + type_words(items->get_object()) : "list";
}

std::string type_words(const json::object& schema) {
  if (const json::value* choices = schema.if_contains("enum"); choices && choices->is_array()) {
    std::vector<std::string> words;
    for (const json::value& choice : choices->get_array()) words.push_back(plain(choice));
    return fmt::format("{}", fmt::join(words, " | "));
  }
  if (const std::string_view format = text_at(schema, "format"); !format.empty())
    return format == "uri" ? "URL" : std::string{format};
  for (const char* alternatives : {"oneOf", "anyOf"})
    if (const json::value* any = schema.if_contains(alternatives); any && any->is_array()) {
      std::vector<std::string> words;
      for (const json::value& one : any->get_array())
        if (one.is_object()) words.push_back(type_words(one.get_object()));
      return fmt::format("{}", fmt::join(words, " or "));
    }
  const std::string_view type = text_at(schema, "type");
  if (type == "string") return "text";
  if (type == "integer") return "whole number";
  if (type == "boolean") return "true or false";
  if (type == "array") return list_words(schema);
  if (type == "object") return "map";
  return type.empty() ? "anything" : std::string{type};
}

std::string facts_of(const json::object& schema, bool required) {
  std::string out = type_words(schema);
  if (required) out += ", required";
  const auto add = [&](std::string_view words, const char* key) {
    if (const json::value* v = schema.if_contains(key)) out += fmt::format(", {}{}", words, plain(*v));
  };
  add("default ", "default");
  for (const char* key : {"minimum", "x-minimum"}) add("at least ", key);
  for (const char* key : {"maximum", "x-maximum"}) add("at most ", key);
  add("longest ", "maxLength");
  add("least entries ", "minItems");
  add("most entries ", "maxItems");
  if (const json::value* secret = schema.if_contains("writeOnly"); secret && *secret == json::value(true))
    out += ", secret: better ${file:…}, ${env:…} or ${credential:…}";
  return out;
}

// Schemas are the plugin's: nesting deeper than anybody writes is not followed.
void collect(const json::object& schema, const std::string& prefix, int depth, std::vector<Entry>& out) {
  const json::value* properties = schema.if_contains("properties");
  if (!properties || !properties->is_object() || depth > 8) return;
  const json::value* list = schema.if_contains("required");
  const auto required = [&](std::string_view name) {
    return list && list->is_array() && std::ranges::any_of(list->get_array(), [&](const json::value& v) {
             return v.is_string() && v.get_string() == name;
           });
  };
  for (const auto& [key, value] : properties->get_object()) {
    if (!value.is_object()) continue;
    const json::object& one = value.get_object();
    const std::string name = prefix + std::string{key};
    const bool must = required(key);
    out.push_back({name, facts_of(one, must), std::string{text_at(one, "description")}, must && depth == 0});
    collect(one, name + ".", depth + 1, out);
  }
}

// `text` broken between words, each line behind `indent` spaces.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out, line;
  const auto flush = [&] {
    if (!line.empty()) out += fmt::format("{:{}}{}\n", "", indent, line);
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t space = text.find_first_of(" \n");
    const std::string_view word = text.substr(0, space);
    if (!line.empty() && indent + line.size() + 1 + word.size() > width) flush();
    if (!word.empty()) line += (line.empty() ? "" : " ") + std::string{word};
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  flush();
  return out;
}

}  // namespace

std::string explain_schema(const json::object& schema, std::size_t width) {
  std::vector<Entry> entries;
  collect(schema, "", 0, entries);
  std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) { return a.required > b.required; });
  std::size_t column = 0;
  for (const Entry& e : entries) column = std::max(column, e.name.size());
  column = std::min<std::size_t>(column, 30) + 2;
  std::string out;
  for (const Entry& e : entries) {
    out += fmt::format("  {:{}}{}\n", e.name, column, e.facts);
    out += wrapped(e.description, column + 2, width);
  }
  return out;
}

}  // namespace earshot::cli
