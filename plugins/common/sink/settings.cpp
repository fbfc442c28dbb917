#include "common/sink/settings.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace earshot::sink {

namespace json = boost::json;

Settings::Settings(const plugin::Config& config, plugin::Failure& failure) {
  json::error_code error;
  json::value value = json::parse(json::string_view(config.settings.data(), config.settings.size()), error);
  if (error || !value.is_object()) {
    failure("the settings are not a JSON object");
    return;
  }
  values_ = std::move(value.get_object());
}

std::string Settings::text(std::string_view key, std::string_view otherwise) const {
  const json::value* v = values_.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string(otherwise);
}

bool Settings::flag(std::string_view key, bool otherwise) const {
  const json::value* v = values_.if_contains(key);
  return v && v->is_bool() ? v->get_bool() : otherwise;
}

std::int64_t Settings::integer(std::string_view key, std::int64_t otherwise) const {
  const json::value* v = values_.if_contains(key);
  if (!v || !v->is_number()) return otherwise;
  json::error_code error;
  const auto n = v->to_number<std::int64_t>(error);
  return error ? otherwise : n;
}

std::vector<std::string> Settings::texts(std::string_view key) const {
  std::vector<std::string> out;
  const json::value* v = values_.if_contains(key);
  if (!v) return out;
  if (v->is_string()) out.emplace_back(v->get_string());
  if (v->is_array())
    for (const json::value& element : v->get_array())
      if (element.is_string()) out.emplace_back(element.get_string());
  return out;
}

std::optional<Settings> Settings::part(std::string_view key) const {
  const json::value* v = values_.if_contains(key);
  return v && v->is_object() ? std::optional(Settings(v->get_object())) : std::nullopt;
}

std::string Settings::url(std::string_view key, plugin::Failure& failure, std::string_view otherwise) const {
  std::string url = text(key, otherwise);
  const bool known = url.starts_with("https://") || url.starts_with("http://");
  const std::size_t host = url.find("://") + 3;
  const bool whole = known && url.size() > host && url[host] != '/' && url[host] != '?' && url[host] != '#';
  const bool plain = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7F; });
  if (!whole || !plain)
    failure(std::string(key) + " must be an absolute https:// or http:// URL without spaces");
  else if (const std::size_t at = url.find('@'); at < std::min(url.find_first_of("/?#", host), url.size()))
    failure(std::string(key) + " must not hold a user name or password");
  return url;
}

json::object object_of(std::string_view text) {
  if (text.size() > 262'144) return {};
  json::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  return !error && value.is_object() ? std::move(value.get_object()) : json::object{};
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* v = object.if_contains(key);
  if (!v || v->is_null() || v->is_structured()) return {};
  return v->is_string() ? std::string(v->get_string()) : json::serialize(*v);
}

}  // namespace earshot::sink
