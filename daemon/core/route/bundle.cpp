#include "core/route/bundle.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace earshot::route {
namespace {

namespace json = boost::json;

std::int64_t integer(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  const auto* number = value ? value->if_int64() : nullptr;
  return number ? *number : 0;
}

std::string text(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  const json::string* string = value ? value->if_string() : nullptr;
  return string ? std::string(*string) : std::string();
}

std::uint64_t count(const json::object& from, std::string_view key) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, integer(from, key)));
}

Time time(const json::object& from, std::string_view key) { return from_ms(integer(from, key)); }

Severity severity(std::int64_t value) { return static_cast<Severity>(std::clamp<std::int64_t>(value, 1, 4)); }

void put(json::object& to, std::string_view key, Time at) {
  if (at != Time{}) to[key] = to_ms(at);
}
void put(json::object& to, std::string_view key, std::uint64_t number) {
  if (number != 0) to[key] = static_cast<std::int64_t>(number);
}

}  // namespace

void Gathered::add(const One& one) {
  if (std::ranges::find(listed, one.id, &One::id) != listed.end()) return;
  ++total;
  severity = std::max(severity, one.severity);
  if (listed.size() < kListed) {
    listed.push_back(one);
    return;
  }
  const auto least = std::ranges::min_element(listed, {}, &One::severity);
  if (least->severity >= one.severity) return;
  listed.erase(least);
  listed.push_back(one);
}

void Gathered::add(const Gathered& other) {
  const std::uint64_t unlisted = other.total - std::min<std::uint64_t>(other.total, other.listed.size());
  for (const One& one : other.listed) add(one);
  total += unlisted;
  severity = std::max(severity, other.severity);
  claimed = claimed || other.claimed;
}

std::string encode(const Bundle& bundle) {
  json::object out;
  out["kind"] = json::string(1, static_cast<char>(bundle.kind));
  out["route"] = bundle.route;
  out["channel"] = bundle.channel;
  put(out, "due", bundle.due);
  put(out, "touched", bundle.touched);
  json::array listed;
  for (const Gathered::One& one : bundle.gathered.listed)
    listed.push_back(json::array{one.id, static_cast<std::int64_t>(one.severity)});
  out["listed"] = std::move(listed);
  put(out, "total", bundle.gathered.total);
  out["severity"] = static_cast<std::int64_t>(bundle.gathered.severity);
  if (bundle.gathered.claimed) out["claimed"] = true;
  if (bundle.kind == Bundle::Kind::group) {
    put(out, "opened", bundle.group.opened);
    put(out, "alerted", bundle.group.alerted);
    put(out, "joined", bundle.group.total);
    put(out, "told", bundle.group.told);
  }
  if (bundle.kind == Bundle::Kind::rollup) {
    put(out, "began", bundle.limit.began);
    put(out, "sent", std::uint64_t{bundle.limit.sent});
    put(out, "held", bundle.limit.held);
  }
  if (bundle.kind == Bundle::Kind::held || bundle.kind == Bundle::Kind::escalation)
    out["alert"] = static_cast<std::int64_t>(bundle.alert);
  if (bundle.kind == Bundle::Kind::held) {
    out["delivery"] = bundle.delivery_id;
  }
  return json::serialize(out);
}

std::optional<Bundle> decode_bundle(std::string_view bytes) {
  boost::system::error_code bad;
  const json::value value = json::parse(bytes, bad);
  const json::object* from = bad ? nullptr : value.if_object();
  if (!from) return std::nullopt;
  const std::string kind = text(*from, "kind");
  if (kind.size() != 1 || std::string_view("gdhre").find(kind[0]) == std::string_view::npos) return std::nullopt;
  Bundle bundle;
  bundle.kind = static_cast<Bundle::Kind>(kind[0]);
  bundle.route = text(*from, "route");
  bundle.channel = text(*from, "channel");
  if (bundle.channel.empty() && bundle.kind != Bundle::Kind::escalation) return std::nullopt;
  bundle.due = time(*from, "due");
  bundle.touched = time(*from, "touched");
  if (const json::value* listed = from->if_contains("listed"); listed && listed->is_array())
    for (const json::value& entry : listed->get_array()) {
      const json::array* one = entry.if_array();
      if (!one || one->size() != 2 || !(*one)[0].is_string() || !(*one)[1].is_int64()) return std::nullopt;
      if (bundle.gathered.listed.size() < kListed)
        bundle.gathered.listed.push_back({std::string((*one)[0].get_string()), severity((*one)[1].get_int64())});
    }
  bundle.gathered.total = std::max<std::uint64_t>(count(*from, "total"), bundle.gathered.listed.size());
  bundle.gathered.severity = severity(integer(*from, "severity"));
  bundle.gathered.claimed = from->contains("claimed");
  bundle.group = {time(*from, "opened"), time(*from, "alerted"), count(*from, "joined"), count(*from, "told")};
  bundle.limit = {time(*from, "began"), static_cast<std::uint32_t>(count(*from, "sent")), count(*from, "held")};
  bundle.alert = static_cast<AlertKind>(
      std::clamp<std::int64_t>(integer(*from, "alert"), 1, static_cast<std::int64_t>(AlertKind::edit)));
  bundle.delivery_id = text(*from, "delivery");
  return bundle;
}

}  // namespace earshot::route
