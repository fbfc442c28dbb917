// A channel's settings: the JSON object the host hands over, already valid against the plugin's schema.
#pragma once

#include <boost/json/object.hpp>
#include <earshot/plugin.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace earshot::sink {

class Settings {
 public:
  // Not an object: `failure` says so and nothing is set.
  Settings(const plugin::Config& config, plugin::Failure& failure);

  std::string text(std::string_view key, std::string_view otherwise = {}) const;
  bool flag(std::string_view key, bool otherwise) const;
  std::int64_t integer(std::string_view key, std::int64_t otherwise) const;
  std::vector<std::string> texts(std::string_view key) const;  // a string, or an array of strings
  std::optional<Settings> part(std::string_view key) const;    // the map under `key`, if there is one

  // The absolute http(s) URL to post to, byte for byte as written. `failure` says which key is wrong, never the value.
  std::string url(std::string_view key, plugin::Failure& failure, std::string_view otherwise = {}) const;

 private:
  explicit Settings(boost::json::object values) : values_(std::move(values)) {}

  boost::json::object values_;
};

// JSON from the far side as an object; empty when it is none, or larger than 256 KiB.
boost::json::object object_of(std::string_view json);
// The string or number under `key` as text; empty when there is none.
std::string text_of(const boost::json::object& object, std::string_view key);

}  // namespace earshot::sink
