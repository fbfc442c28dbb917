#include "core/route/claim.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>
#include <utility>

namespace earshot::route {
namespace {

namespace json = boost::json;
using State = Claim::State;

constexpr std::array<std::pair<State, std::string_view>, 3> kStates{
    {{State::taken, "claimed"}, {State::done, "done"}, {State::not_relevant, "not relevant"}}};

}  // namespace

std::string_view to_string(State state) { return kStates.at(static_cast<std::size_t>(state)).second; }

std::string encode(const Claim& claim) {
  json::object out{
      {"mention", claim.mention},        {"story", claim.story}, {"topics", json::value_from(claim.topics)},
      {"state", to_string(claim.state)}, {"by", claim.by},       {"taken", to_ms(claim.taken)}};
  if (claim.ended) out["ended"] = to_ms(*claim.ended);
  return json::serialize(out);
}

std::optional<Claim> decode_claim(std::string_view bytes) {
  boost::system::error_code bad;
  const json::value value = json::parse(bytes, bad);
  const json::object* from = bad ? nullptr : value.if_object();
  if (!from) return std::nullopt;
  const auto text = [&](std::string_view key) {
    const json::value* found = from->if_contains(key);
    return found && found->is_string() ? std::string(found->get_string()) : std::string{};
  };
  const auto time = [&](std::string_view key) -> std::optional<Time> {
    const json::value* found = from->if_contains(key);
    if (!found || !found->is_int64()) return std::nullopt;
    return from_ms(found->get_int64());
  };
  const std::string word = text("state");
  const auto* state = std::ranges::find(kStates, std::string_view(word), [](const auto& pair) { return pair.second; });
  Claim claim;
  claim.mention = text("mention");
  if (claim.mention.empty() || state == kStates.end()) return std::nullopt;
  claim.story = text("story");
  claim.state = state->first;
  claim.by = text("by");
  claim.taken = time("taken").value_or(Time{});
  claim.ended = time("ended");
  if (const json::value* topics = from->if_contains("topics"); topics && topics->is_array())
    for (const json::value& topic : topics->get_array())
      if (topic.is_string()) claim.topics.emplace_back(topic.get_string());
  return claim;
}

}  // namespace earshot::route
