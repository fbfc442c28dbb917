#include "cli/explain_schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <string_view>
#include <vector>

#include "core/config/formats.h"

namespace earshot::cli {
namespace {

using config::Schema;

struct Entry {
  std::string name, facts, description;
  bool required = false;
};

// A value as one writes it in YAML.
std::string plain(const boost::json::value& v) {
  return v.is_string() ? std::string{v.get_string()} : boost::json::serialize(v);
}

// Schemas are the plugin's and may refer to themselves: nesting deeper than anybody writes is not followed.
constexpr int kDeepest = 8;

std::string type_words(const Schema& schema, int depth) {
  std::vector<std::string> words;
  for (const auto& choice : schema.choices) words.push_back(plain(choice));
  if (!words.empty()) return fmt::format("{}", fmt::join(words, " | "));
  if (schema.format) return schema.format->name == "uri" ? "URL" : std::string{schema.format->name};
  if (schema.types == 0 && depth < kDeepest)
    for (const auto* alternatives : {&schema.one_of, &schema.any_of})
      for (const Schema* one : *alternatives) words.push_back(type_words(*one, depth + 1));
  constexpr std::array<std::pair<std::uint8_t, std::string_view>, 6> kTypes{{{config::kString, "text"},
                                                                             {config::kInteger, "whole number"},
                                                                             {config::kNumber, "number"},
                                                                             {config::kBoolean, "true or false"},
                                                                             {config::kObject, "map"},
                                                                             {config::kArray, "list"}}};
  for (const auto& [type, word] : kTypes)
    if (schema.types & type) words.emplace_back(word);
  if ((schema.types & config::kArray) && schema.items && depth < kDeepest)
    words.back() += " of " + type_words(*schema.items, depth + 1);
  return words.empty() ? "anything" : fmt::format("{}", fmt::join(words, " or "));
}

std::string facts_of(const Schema& schema, bool required) {
  std::string out = type_words(schema, 0);
  if (required) out += ", required";
  if (schema.fallback) out += ", default " + plain(*schema.fallback);
  const auto add = [&](std::string_view words, const auto& bound) {
    if (bound) out += fmt::format(", {} {}", words, *bound);
  };
  add("at least", schema.minimum);
  add("at most", schema.maximum);
  add("more than", schema.above);
  add("less than", schema.below);
  add("characters at most", schema.max_length);
  add("entries at least", schema.min_items);
  add("entries at most", schema.max_items);
  if (!schema.x_minimum.empty()) out += ", at least " + schema.x_minimum;
  if (!schema.x_maximum.empty()) out += ", at most " + schema.x_maximum;
  if (schema.secret) out += "; a secret: better ${file:…}, ${env:…} or ${credential:…}";
  if (schema.deprecated) out += "; deprecated";
  return out;
}

void collect(const Schema& schema, const std::string& prefix, int depth, std::vector<Entry>& out) {
  if (depth > kDeepest) return;
  for (const Schema::Property& p : schema.properties) {
    const bool required = std::ranges::find(schema.required, p.name) != schema.required.end();
    const std::string name = prefix + p.name;
    out.push_back({name, facts_of(*p.schema, required), p.schema->description, required && depth == 0});
    collect(*p.schema, name + ".", depth + 1, out);
    if (p.schema->items) collect(*p.schema->items, name + "[].", depth + 1, out);
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

std::string explain_schema(const Schema& schema, std::size_t width) {
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
