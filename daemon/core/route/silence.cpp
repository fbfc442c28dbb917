#include "core/route/silence.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace earshot::route {

namespace json = boost::json;

std::string encode(const Silence& silence) {
  return json::serialize(json::object{{"id", silence.id},
                                      {"query", silence.query},
                                      {"by", silence.by},
                                      {"why", silence.why},
                                      {"from", to_ms(silence.from)},
                                      {"until", to_ms(silence.until)}});
}

std::optional<Silence> decode_silence(std::string_view bytes) {
  boost::system::error_code bad;
  const json::value value = json::parse(bytes, bad);
  const json::object* from = bad ? nullptr : value.if_object();
  if (!from) return std::nullopt;
  Silence silence;
  for (const auto& [name, to] :
       {std::pair{"id", &silence.id}, {"query", &silence.query}, {"by", &silence.by}, {"why", &silence.why}}) {
    const json::value* text = from->if_contains(name);
    if (!text || !text->is_string()) return std::nullopt;
    *to = std::string(text->get_string());
  }
  for (const auto& [name, to] : {std::pair{"from", &silence.from}, {"until", &silence.until}}) {
    const json::value* number = from->if_contains(name);
    if (!number || !number->is_int64()) return std::nullopt;
    *to = from_ms(number->get_int64());
  }
  if (silence.id.empty() || silence.query.empty()) return std::nullopt;
  return silence;
}

}  // namespace earshot::route
