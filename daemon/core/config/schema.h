// The part of JSON Schema (draft-07) that describes settings, compiled: for the configuration's own keys (keys.json)
// and for every plugin's. Beside the standard's words:
//   "format"             one of formats.h
//   "x-minimum", "x-maximum"   bounds of a duration or size, written as one
//   "x-expects"          what a text of this "pattern" is, in words: said in place of the pattern
//   "x-plugin"           "source" or "sink": this object is an entry whose `type` names a plugin; the plugin's schema
//                        adds its keys, and their values are gathered under kSettings
//   "x-secret"           true: a secret; no message shows its value ("writeOnly" says the same)
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/result.h"

namespace re2 {
class RE2;
}

namespace earshot::config {

struct Format;

// Where an entry's plugin settings stand in what the checks return; no key of a configuration can be called so.
inline constexpr std::string_view kSettings = " settings";

enum Type : std::uint8_t {
  kNull = 1,
  kBoolean = 2,
  kInteger = 4,
  kNumber = 8,
  kString = 16,
  kArray = 32,
  kObject = 64,
};

struct Schema {
  struct Property {
    std::string name;
    const Schema* schema;
  };

  std::uint8_t types = 0;  // bits of Type; 0: any
  std::string title;       // what a person calls it: "topic"
  std::string description;
  std::optional<boost::json::value> fallback;  // "default"
  bool secret = false;                         // "writeOnly"
  bool deprecated = false;
  std::vector<boost::json::value> choices;  // "enum", "const"

  std::optional<double> minimum, maximum, above, below;  // the last two exclusive
  std::optional<std::size_t> min_length, max_length;     // in code points
  const Format* format = nullptr;
  std::string x_minimum, x_maximum;
  std::shared_ptr<const re2::RE2> pattern;
  std::string expects;  // "x-expects"

  std::vector<Property> properties;  // in the order written
  std::vector<std::string> required;
  bool closed = false;                 // "additionalProperties": false
  const Schema* additional = nullptr;  // "additionalProperties": {…}
  bool open = false;                   // "additionalProperties": true, said outright
  const Schema* names = nullptr;       // "propertyNames"
  std::optional<std::size_t> min_properties, max_properties;
  std::optional<PluginKind> plugin;

  const Schema* items = nullptr;
  std::optional<std::size_t> min_items, max_items;
  bool unique = false;

  std::vector<const Schema*> all_of, any_of, one_of;

  const Schema* property(std::string_view name) const;
};

// A whole schema document. Its parts refer to each other, so it is held by pointer and never copied.
class SchemaDocument {
 public:
  // The error names the keyword and its JSON pointer; keywords that are not known are errors, lest a plugin's rule be
  // passed over in silence.
  static Result<std::unique_ptr<const SchemaDocument>> compile(std::string_view json);

  const Schema& root() const { return *root_; }
  const boost::json::value& json() const { return json_; }

 private:
  friend class Compiler;
  boost::json::value json_;
  std::vector<std::unique_ptr<Schema>> all_;
  const Schema* root_ = nullptr;
};

// The configuration's own keys (keys.json).
const SchemaDocument& own_keys();

}  // namespace earshot::config
