#include "core/config/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <utility>

#include "core/config/suggest.h"
#include "core/config/words.h"

namespace earshot::config {

namespace json = boost::json;

namespace {

constexpr std::uint8_t kScalars = kBoolean | kInteger | kNumber | kString;

// "source `blog`", or "this source", or what the key is called.
std::string noun_of(const Node& node, const Schema& schema, const std::string& what) {
  if (schema.title.empty()) return what;
  const Node* name = node.kind == NodeKind::mapping ? node.find("name") : nullptr;
  if (name && name->kind == NodeKind::scalar && !name->text.empty()) return schema.title + " " + shown(name->text);
  return "this " + schema.title;
}

bool only_requires(const Schema& s) {
  return !s.required.empty() && s.types == 0 && s.properties.empty() && s.all_of.empty() && s.any_of.empty() &&
         s.one_of.empty();
}

bool accepts(const Schema& schema, const Node& node) {
  std::uint8_t wanted = kScalars;
  if (node.kind == NodeKind::sequence) wanted = kArray;
  if (node.kind == NodeKind::mapping) wanted = kObject;
  if (schema.types == 0 && schema.all_of.size() == 1) return accepts(*schema.all_of[0], node);
  return schema.types == 0 || schema.types & wanted;
}

}  // namespace

Walker::Walker(const PluginSchemas& plugins, References& references, Findings& findings)
    : plugins_(plugins), references_(references), findings_(&findings) {}

json::value Walker::walk(const Node& node, const Schema& schema, const std::string& what) {
  if (++steps_ > 4 * kMaxNodes) {
    if (steps_ == 4 * kMaxNodes + 1) findings_->error(node.place(), "too much to check; the rest was not looked at");
    return nullptr;
  }
  if (schema.deprecated)
    findings_->warning(node.place(), fmt::format("{} is out of use: {}", what, first_sentence(schema.description)));
  // A bare reference is what it refers to.
  if (schema.types == 0 && schema.properties.empty() && schema.all_of.size() == 1 && schema.choices.empty())
    return walk(node, *schema.all_of[0], what);
  // What holds a secret hides everything in it.
  const bool before = std::exchange(hiding_, hiding_ || schema.secret);
  Value value = own(node, schema, what);
  for (const Schema* part : schema.all_of) {
    Value more = walk(node, *part, what);
    if (!value.is_object() || !more.is_object()) {
      if (schema.types == 0) value = std::move(more);
      continue;
    }
    for (auto& [key, v] : more.get_object()) value.get_object().emplace(key, std::move(v));
  }
  if (!schema.any_of.empty() || !schema.one_of.empty()) alternatives(node, schema, what, value);
  hiding_ = before;
  return value;
}

json::value Walker::own(const Node& node, const Schema& schema, const std::string& what) {
  const std::uint8_t types = schema.types ? schema.types : kScalars | kNull | kArray | kObject;
  switch (node.kind) {
    case NodeKind::null:
      if (types & kNull) return nullptr;
      // `topics:` with every entry commented out is an empty list, not a mistake.
      if (!(types & kScalars)) {
        Node empty = node;
        empty.kind = types & kArray ? NodeKind::sequence : NodeKind::mapping;
        return own(empty, schema, what);
      }
      findings_->error(node.place(), fmt::format("{} has no value: it must be {}", what, expectation(schema)));
      return nullptr;
    case NodeKind::sequence: return types & kArray ? array(node, schema, what) : refuse(node, schema, what, "a list");
    case NodeKind::mapping:
      if (!(types & kObject)) return refuse(node, schema, what, "a mapping");
      return schema.plugin ? entry(node, schema, what) : object(node, schema, what);
    case NodeKind::scalar:
      if (!(types & kScalars)) return refuse(node, schema, what, shown(node.text));
      return scalar(node, schema, what);
  }
  return nullptr;
}

json::value Walker::refuse(const Node& node, const Schema& schema, const std::string& what, std::string_view found) {
  const std::string_view help = schema.types == kArray ? ", one entry a line after `- ` or all in [ ]" : "";
  // What was found is not shown where it may be a secret.
  const bool hidden = hiding_ || node.text.find("${") != std::string::npos;
  findings_->error(node.place(), fmt::format("{} must be {}{}{}", what, expectation(schema), help,
                                             hidden ? std::string{} : fmt::format("; found {}", found)));
  return nullptr;
}

json::value Walker::object(const Node& node, const Schema& schema, const std::string& what) {
  const std::string noun = noun_of(node, schema, what);
  json::object out;
  for (const Node::Entry& e : node.entries) {
    if (const Schema* known = schema.property(e.key->text))
      out[e.key->text] = walk(*e.value, *known, fmt::format("\"{}\"", e.key->text));
    else if (schema.additional)
      out[e.key->text] = member(*e.key, *e.value, schema, what);
    else if (schema.open || (schema.properties.empty() && !schema.closed))
      out[e.key->text] = anything(*e.value);
    else
      unknown_key(*e.key, schema, noun);
  }
  need(node, schema, noun);
  if (schema.min_properties && node.entries.size() < *schema.min_properties)
    findings_->error(node.place(), fmt::format("{} needs at least {} of its keys", noun, *schema.min_properties));
  if (schema.max_properties && node.entries.size() > *schema.max_properties)
    findings_->error(node.place(), fmt::format("{} takes at most {} keys", noun, *schema.max_properties));
  Value value = std::move(out);
  fill_in(value, schema);
  return value;
}

// A key that is free to choose, such as a label's.
json::value Walker::member(const Node& key, const Node& value, const Schema& schema, const std::string& what) {
  if (schema.names) walk(key, *schema.names, fmt::format("the key \"{}\" in {}", key.text, what));
  return walk(value, *schema.additional, fmt::format("\"{}\"", key.text));
}

// An entry whose `type` names a plugin: the shared keys by `schema`, the others by the plugin's own.
json::value Walker::entry(const Node& node, const Schema& schema, const std::string& what) {
  Node shared = node, special = node;
  shared.entries.clear();
  special.entries.clear();
  for (const Node::Entry& e : node.entries) (schema.property(e.key->text) ? shared : special).entries.push_back(e);
  Value value = object(shared, schema, what);
  const Node* type = node.find("type");
  if (!type || type->kind != NodeKind::scalar) return value;
  const SchemaDocument* document = plugin(*schema.plugin, *type);
  if (!document) return value;
  // A plugin may ask to see a shared key too.
  for (const Node::Entry& e : shared.entries)
    if (document->root().property(e.key->text)) special.entries.push_back(e);
  const Schema* before = std::exchange(beside_, &schema);
  Schema settings = document->root();
  settings.title.clear();  // messages speak of the source, not of its plugin
  Value made = walk(special, settings, noun_of(node, schema, what));
  beside_ = before;
  value.get_object()[kSettings] = std::move(made);
  return value;
}

const SchemaDocument* Walker::plugin(PluginKind kind, const Node& type) {
  const auto known = compiled_.find(std::pair(kind, type.text));
  if (known != compiled_.end()) return known->second.get();
  const std::string_view word = kind == PluginKind::source ? "source" : "channel";
  const auto text = plugins_.schema(kind, type.text);
  if (!text) {
    const std::vector<std::string> types = plugins_.types(kind);
    const std::vector<std::string_view> views(types.begin(), types.end());
    findings_->error(type.place(), fmt::format("no plugin for {} type {}{}", word, shown(type.text),
                                               views.empty() ? fmt::format("; no {} plugins are installed", word)
                                                             : hint(type.text, views)));
    return nullptr;
  }
  auto compiled = SchemaDocument::compile(*text);
  if (!compiled)
    findings_->error(type.place(), fmt::format("the schema of plugin {} is broken: {}; its makers must mend it",
                                               shown(type.text), compiled.error().message));
  auto& place = compiled_[std::pair(kind, type.text)];
  if (compiled) place = std::move(*compiled);
  return place.get();
}

void Walker::unknown_key(const Node& key, const Schema& schema, const std::string& noun) {
  if (!findings_->more()) return findings_->error(key.place(), {});  // counted only
  std::vector<std::string_view> names;
  for (const Schema* from : {&schema, beside_})
    if (from)
      for (const Schema::Property& p : from->properties) names.emplace_back(p.name);
  findings_->error(key.place(), fmt::format("unknown key {} in {}{}", shown(key.text), noun, hint(key.text, names)));
}

void Walker::need(const Node& node, const Schema& schema, const std::string& noun) {
  for (const std::string& name : schema.required) {
    if (node.find(name)) continue;
    const Schema* wanted = schema.property(name);
    const std::string means =
        wanted && !wanted->description.empty() ? ": " + inside(first_sentence(wanted->description)) : "";
    findings_->error(node.place(), fmt::format("{} has no \"{}\"{}", noun, name, means));
  }
}

json::value Walker::array(const Node& node, const Schema& schema, const std::string& what) {
  json::array out;
  out.reserve(node.items.size());
  const std::string one = "an entry of " + what;
  std::set<std::string> seen;
  for (const Node* item : node.items) {
    out.push_back(schema.items ? walk(*item, *schema.items, one) : anything(*item));
    if (schema.unique && !out.back().is_null() && !seen.insert(json::serialize(out.back())).second)
      findings_->error(item->place(), fmt::format("{} is given twice in {}",
                                                  item->kind == NodeKind::scalar ? shown(item->text) : "this", what));
  }
  if (schema.min_items && out.size() < *schema.min_items)
    findings_->error(node.place(),
                     fmt::format("{} needs at least {}", what,
                                 *schema.min_items == 1 ? "one entry" : fmt::format("{} entries", *schema.min_items)));
  if (schema.max_items && out.size() > *schema.max_items)
    findings_->error(node.place(), fmt::format("{} takes at most {} entries", what, *schema.max_items));
  return out;
}

// What no schema describes: by the core schema of YAML 1.2.
json::value Walker::anything(const Node& node) {
  static const Schema free = [] {
    Schema s;
    s.open = true;
    return s;
  }();
  return walk(node, free, "this");
}

void Walker::alternatives(const Node& node, const Schema& schema, const std::string& what, Value& value) {
  for (const auto* branches : {&schema.any_of, &schema.one_of}) {
    if (branches->empty()) continue;
    Findings* outer = findings_;
    std::size_t fits = 0;
    Findings best;
    std::size_t least = 0;
    Value chosen;
    for (const Schema* branch : *branches) {
      Findings tried;
      const std::size_t uses = used_.size();
      findings_ = &tried;
      Value made = walk(node, *branch, what);
      findings_ = outer;
      const bool good = tried.errors() == 0;
      if (good && fits++ == 0) chosen = std::move(made);
      if (fits != 1 || !good) used_.resize(uses);
      // What comes nearest is what was meant: first of all a form of the same kind.
      const std::size_t far = tried.errors() + (accepts(*branch, node) ? 0 : kMaxProblems);
      if (branch == branches->front() || far < least) {
        least = far;
        best = std::move(tried);
      }
    }
    const bool exactly = branches == &schema.one_of;
    if (fits == 1 || (fits > 1 && !exactly)) {
      if (schema.types == 0 && schema.properties.empty())
        value = std::move(chosen);
      else if (value.is_object() && chosen.is_object())
        for (auto& [key, v] : chosen.get_object()) value.get_object().emplace(key, std::move(v));
      continue;
    }
    if (std::ranges::all_of(*branches, [](const Schema* s) { return only_requires(*s); })) {
      std::vector<std::string> keys;
      for (const Schema* branch : *branches)
        keys.push_back(fmt::format("\"{}\"", fmt::join(branch->required, "\" with \"")));
      const std::vector<std::string_view> views(keys.begin(), keys.end());
      findings_->error(node.place(),
                       fits == 0
                           ? fmt::format("{} needs {}", noun_of(node, schema, what), listed(views, "or"))
                           : fmt::format("{} takes only one of {}", noun_of(node, schema, what), listed(views, "and")));
    } else if (fits == 0) {
      findings_->append(std::move(best));
    } else {
      findings_->error(node.place(), fmt::format("{} fits several of its possible forms at once; keep to one", what));
    }
  }
}

void fill_in(json::value& value, const Schema& schema) {
  json::object* object = value.if_object();
  if (!object) return;
  for (const Schema::Property& p : schema.properties) {
    if (!p.schema->fallback || object->contains(p.name)) continue;
    json::value made = *p.schema->fallback;
    fill_in(made, *p.schema);
    object->emplace(p.name, std::move(made));
  }
  for (const Schema* part : schema.all_of) fill_in(value, *part);
}

}  // namespace earshot::config
