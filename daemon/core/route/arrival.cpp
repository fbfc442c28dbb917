#include "core/route/arrival.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace earshot::route {

namespace json = boost::json;

std::string arrival_key(const Arrival& arrival) {
  return fmt::format("{}{:016d}/{}/{}/{}", kArrivalPrefix, to_ms(arrival.at), arrival.mention, arrival.route,
                     arrival.channel);
}

std::string encode(const Arrival& arrival) {
  json::object out{{"route", arrival.route},
                   {"channel", arrival.channel},
                   {"mention", arrival.mention},
                   {"delivery", arrival.delivery_id},
                   {"at", to_ms(arrival.at)}};
  if (arrival.edit) out["edit"] = true;
  return json::serialize(out);
}

std::optional<Arrival> decode_arrival(std::string_view bytes) {
  boost::system::error_code bad;
  const json::value value = json::parse(bytes, bad);
  const json::object* from = bad ? nullptr : value.if_object();
  if (!from) return std::nullopt;
  Arrival arrival;
  for (const auto& [name, to] : {std::pair{"route", &arrival.route},
                                 {"channel", &arrival.channel},
                                 {"mention", &arrival.mention},
                                 {"delivery", &arrival.delivery_id}}) {
    const json::value* text = from->if_contains(name);
    if (!text || !text->is_string()) return std::nullopt;
    *to = std::string(text->get_string());
  }
  const json::value* at = from->if_contains("at");
  if (!at || !at->is_int64() || arrival.channel.empty()) return std::nullopt;
  arrival.at = from_ms(at->get_int64());
  arrival.edit = from->contains("edit");
  return arrival;
}

}  // namespace earshot::route
