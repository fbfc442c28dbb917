#include "core/config/schema.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <map>

#include "core/config/formats.h"
#include "core/config/keys_json.h"  // made from keys.json
#include "core/config/suggest.h"

namespace earshot::config {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxSchemas = 5'000;
constexpr std::size_t kMaxNesting = 40;

struct TypeName {
  std::string_view name;
  Type bit;
};
constexpr std::array kTypes{TypeName{"null", kNull},     TypeName{"boolean", kBoolean}, TypeName{"integer", kInteger},
                            TypeName{"number", kNumber}, TypeName{"string", kString},   TypeName{"array", kArray},
                            TypeName{"object", kObject}};

}  // namespace

// Turns JSON into Schema values; a place is compiled once, so references may go round in circles.
class Compiler {
 public:
  Compiler(SchemaDocument& document) : document_(document) {}

  const Schema* at(const json::value& value, const std::string& pointer) {
    if (const auto known = done_.find(pointer); known != done_.end()) return known->second;
    if (document_.all_.size() >= kMaxSchemas || depth_ >= kMaxNesting) return refuse(pointer, "is too large or deep");
    Schema& schema = *document_.all_.emplace_back(std::make_unique<Schema>());
    done_.emplace(pointer, &schema);
    ++depth_;
    if (const json::object* object = value.if_object())
      for (const auto& [key, part] : *object) keyword(schema, key, part, pointer);
    else if (!value.is_bool() || !value.get_bool())
      refuse(pointer, "must be an object");
    --depth_;
    return &schema;
  }

  const std::string& failure() const { return failure_; }

 private:
  using Handler = void (Compiler::*)(Schema&, const json::value&, const std::string&);

  const Schema* refuse(const std::string& pointer, std::string_view why) {
    static const Schema anything;
    if (failure_.empty()) failure_ = fmt::format("{} {}", pointer.empty() ? "the schema" : pointer, why);
    return &anything;
  }

  void keyword(Schema& schema, std::string_view key, const json::value& part, const std::string& pointer) {
    const std::string here = fmt::format("{}/{}", pointer, key);
    if (const auto known = handlers().find(key); known != handlers().end()) {
      if (known->second) (this->*known->second)(schema, part, here);
      return;
    }
    std::vector<std::string_view> names;
    for (const auto& [name, handler] : handlers()) names.push_back(name);
    const auto near = nearest(key, names);
    refuse(here, near ? fmt::format("is a keyword that is not known; did you mean \"{}\"?", *near)
                      : "is a keyword that is not known");
  }

  // One number, text or flag of the schema itself.
  template <class T>
  void take(T& to, const json::value& from, const std::string& here) {
    if constexpr (std::is_same_v<T, bool>) {
      if (from.is_bool())
        to = from.get_bool();
      else
        refuse(here, "must be true or false");
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (from.is_string())
        to = from.get_string().c_str();
      else
        refuse(here, "must be a string");
    } else if constexpr (std::is_same_v<T, std::optional<double>>) {
      if (from.is_number())
        to = from.to_number<double>();
      else
        refuse(here, "must be a number");
    } else {
      if (from.is_int64() && from.get_int64() >= 0)
        to = static_cast<std::size_t>(from.get_int64());
      else
        refuse(here, "must be a whole number");
    }
  }

  template <auto Member>
  void plain(Schema& schema, const json::value& part, const std::string& here) {
    take(schema.*Member, part, here);
  }
  template <auto Member>
  void sub(Schema& schema, const json::value& part, const std::string& here) {
    schema.*Member = at(part, here);
  }
  template <auto Member>
  void list(Schema& schema, const json::value& part, const std::string& here) {
    const json::array* array = part.if_array();
    if (!array || array->empty()) {
      refuse(here, "must be a list of schemas");
      return;
    }
    for (std::size_t i = 0; i < array->size(); ++i)
      (schema.*Member).push_back(at((*array)[i], fmt::format("{}/{}", here, i)));
  }

  void type(Schema& schema, const json::value& part, const std::string& here) {
    const auto add = [&](const json::value& name) {
      const auto* found = name.is_string()
                              ? std::ranges::find(kTypes, std::string_view(name.get_string()), &TypeName::name)
                              : kTypes.end();
      if (found == kTypes.end())
        refuse(here, "is no type of JSON");
      else
        schema.types |= found->bit;
    };
    if (const json::array* several = part.if_array())
      for (const json::value& one : *several) add(one);
    else
      add(part);
  }

  void choices(Schema& schema, const json::value& part, const std::string& here) {
    const json::array* array = part.if_array();
    if (!array || array->empty())
      refuse(here, "must be a list that is not empty");
    else
      schema.choices.assign(array->begin(), array->end());
  }
  void constant(Schema& schema, const json::value& part, const std::string&) { schema.choices = {part}; }
  void fallback(Schema& schema, const json::value& part, const std::string&) { schema.fallback = part; }

  void format(Schema& schema, const json::value& part, const std::string& here) {
    std::string name;
    take(name, part, here);
    schema.format = find_format(name);
    if (!schema.format) refuse(here, fmt::format("names \"{}\", which is no format that is known", name));
  }

  void pattern(Schema& schema, const json::value& part, const std::string& here) {
    std::string text;
    take(text, part, here);
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto compiled = std::make_shared<const re2::RE2>(text, options);
    if (!compiled->ok())
      refuse(here, fmt::format("is no regular expression: {}", compiled->error()));
    else
      schema.pattern = std::move(compiled);
  }

  void properties(Schema& schema, const json::value& part, const std::string& here) {
    const json::object* object = part.if_object();
    if (!object) {
      refuse(here, "must be an object");
      return;
    }
    for (const auto& [name, value] : *object)
      schema.properties.push_back({std::string(name), at(value, fmt::format("{}/{}", here, std::string_view(name)))});
  }

  void required(Schema& schema, const json::value& part, const std::string& here) {
    const json::array* array = part.if_array();
    if (!array) {
      refuse(here, "must be a list of names");
      return;
    }
    for (const json::value& name : *array) take(schema.required.emplace_back(), name, here);
  }

  void additional(Schema& schema, const json::value& part, const std::string& here) {
    if (part.is_bool())
      (part.get_bool() ? schema.open : schema.closed) = true;
    else
      schema.additional = at(part, here);
  }

  void plugin(Schema& schema, const json::value& part, const std::string& here) {
    if (part == "source")
      schema.plugin = PluginKind::source;
    else if (part == "sink")
      schema.plugin = PluginKind::sink;
    else
      refuse(here, "must be source or sink");
  }

  // "#/definitions/x" only: nothing is fetched from anywhere. What stands beside it counts too.
  void reference(Schema& schema, const json::value& part, const std::string& here) {
    std::string text;
    take(text, part, here);
    boost::system::error_code bad;
    const json::value* target = text.starts_with("#") ? document_.json_.find_pointer(text.substr(1), bad) : nullptr;
    if (!target || bad)
      refuse(here, fmt::format("\"{}\" leads nowhere in this schema", text));
    else
      schema.all_of.push_back(at(*target, text.substr(1)));
  }

  void definitions(Schema&, const json::value& part, const std::string& here) {
    const json::object* object = part.if_object();
    if (!object) {
      refuse(here, "must be an object");
      return;
    }
    for (const auto& [name, value] : *object) at(value, fmt::format("{}/{}", here, std::string_view(name)));
  }

  static const std::map<std::string_view, Handler>& handlers();

  SchemaDocument& document_;
  std::map<std::string, const Schema*, std::less<>> done_;
  std::size_t depth_ = 0;
  std::string failure_;
};

const std::map<std::string_view, Compiler::Handler>& Compiler::handlers() {
  static const std::map<std::string_view, Handler> all{
      {"$schema", nullptr},
      {"$id", nullptr},
      {"$comment", nullptr},
      {"examples", nullptr},
      {"readOnly", nullptr},
      {"$ref", &Compiler::reference},
      {"$defs", &Compiler::definitions},
      {"definitions", &Compiler::definitions},
      {"title", &Compiler::plain<&Schema::title>},
      {"description", &Compiler::plain<&Schema::description>},
      {"default", &Compiler::fallback},
      {"writeOnly", &Compiler::plain<&Schema::secret>},
      {"x-secret", &Compiler::plain<&Schema::secret>},
      {"deprecated", &Compiler::plain<&Schema::deprecated>},
      {"type", &Compiler::type},
      {"enum", &Compiler::choices},
      {"const", &Compiler::constant},
      {"minimum", &Compiler::plain<&Schema::minimum>},
      {"maximum", &Compiler::plain<&Schema::maximum>},
      {"exclusiveMinimum", &Compiler::plain<&Schema::above>},
      {"exclusiveMaximum", &Compiler::plain<&Schema::below>},
      {"minLength", &Compiler::plain<&Schema::min_length>},
      {"maxLength", &Compiler::plain<&Schema::max_length>},
      {"pattern", &Compiler::pattern},
      {"format", &Compiler::format},
      {"x-expects", &Compiler::plain<&Schema::expects>},
      {"x-minimum", &Compiler::plain<&Schema::x_minimum>},
      {"x-maximum", &Compiler::plain<&Schema::x_maximum>},
      {"properties", &Compiler::properties},
      {"required", &Compiler::required},
      {"additionalProperties", &Compiler::additional},
      {"propertyNames", &Compiler::sub<&Schema::names>},
      {"minProperties", &Compiler::plain<&Schema::min_properties>},
      {"maxProperties", &Compiler::plain<&Schema::max_properties>},
      {"x-plugin", &Compiler::plugin},
      {"items", &Compiler::sub<&Schema::items>},
      {"minItems", &Compiler::plain<&Schema::min_items>},
      {"maxItems", &Compiler::plain<&Schema::max_items>},
      {"uniqueItems", &Compiler::plain<&Schema::unique>},
      {"allOf", &Compiler::list<&Schema::all_of>},
      {"anyOf", &Compiler::list<&Schema::any_of>},
      {"oneOf", &Compiler::list<&Schema::one_of>},
  };
  return all;
}

const Schema* Schema::property(std::string_view name) const {
  const auto found = std::ranges::find(properties, name, &Property::name);
  return found == properties.end() ? nullptr : found->schema;
}

namespace {

// Whether a schema comes back to itself without going into the value: walking it would never end.
bool circular(const Schema& schema, std::vector<const Schema*>& above) {
  if (std::ranges::find(above, &schema) != above.end()) return true;
  if (above.size() >= kMaxNesting) return true;
  above.push_back(&schema);
  for (const auto* parts : {&schema.all_of, &schema.any_of, &schema.one_of})
    for (const Schema* part : *parts)
      if (circular(*part, above)) return true;
  above.pop_back();
  return false;
}

}  // namespace

Result<std::unique_ptr<const SchemaDocument>> SchemaDocument::compile(std::string_view text) {
  auto document = std::make_unique<SchemaDocument>();
  boost::system::error_code bad;
  document->json_ = json::parse(text, bad);
  if (bad) return fail(fmt::format("it is no JSON: {}", bad.message()));
  if (!document->json_.is_object()) return fail("it must be a JSON object");
  Compiler compiler(*document);
  document->root_ = compiler.at(document->json_, "");
  if (!compiler.failure().empty()) return fail(compiler.failure());
  for (const auto& schema : document->all_)
    if (std::vector<const Schema*> above; circular(*schema, above)) return fail("it refers to itself without end");
  return std::unique_ptr<const SchemaDocument>(std::move(document));
}

const SchemaDocument& own_keys() {
  // keys.json is part of the program, so a fault in it is a bug: value() throws.
  static const std::unique_ptr<const SchemaDocument> document = std::move(SchemaDocument::compile(kKeysJson).value());
  return *document;
}

}  // namespace earshot::config
