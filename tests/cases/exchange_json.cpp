#include "cases/exchange_json.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>

#include "cases/case.h"
#include "core/json/item_json.h"
#include "core/utf8.h"

namespace earshot::cases {
namespace {

namespace json = boost::json;

// JSON as JSON, text as text, and other bytes in hexadecimal.
json::value readable(const std::string& bytes) {
  boost::system::error_code error;
  json::value parsed = json::parse(bytes, error);
  if (!error && (parsed.is_object() || parsed.is_array())) return parsed;
  if (is_valid_utf8(bytes)) return json::string{bytes};
  return json::object{
      {"hex",
       fmt::format("{:02x}", fmt::join(reinterpret_cast<const unsigned char*>(bytes.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()) + bytes.size(), ""))}};
}

json::array strings(const std::vector<std::string>& from) {
  json::array out;
  for (const std::string& s : from) out.emplace_back(s);
  return out;
}

json::object headers_of(const std::vector<std::pair<std::string, std::string>>& headers) {
  json::object out;
  for (const auto& [name, value] : headers)
    if (json::value* before = out.if_contains(name))
      *before = json::string{fmt::format("{}, {}", std::string_view{before->get_string()}, value)};  // RFC 9110 §5.2
    else
      out[name] = value;
  return out;
}

template <class T>
json::value through_text(const T& value) {
  std::string text;
  if constexpr (std::is_same_v<T, Item>)
    append_json(text, value, ItemText::all);
  else
    append_json(text, value);
  return json::parse(text);
}

Status take(OwnedResponse& out, std::string_view name, const json::value& value, const std::filesystem::path& folder) {
  if (name == "status") {
    out.view.status = value.to_number<std::uint32_t>();
  } else if (name == "tag") {
    out.view.tag = value.to_number<std::uint64_t>();
  } else if (name == "url") {
    out.url = value.as_string();
  } else if (name == "headers") {
    for (const auto& [key, header] : value.as_object()) out.headers.emplace_back(key, header.as_string());
  } else if (name == "body") {
    out.body = value.is_string() ? std::string{value.as_string()} : json::serialize(value);
  } else if (name == "body_file") {
    auto read = read_file(folder / std::string{value.as_string()});
    if (!read) return tl::unexpected{read.error()};
    out.body = *std::move(read);
  } else {
    return fail(fmt::format("a response has an unknown member \"{}\"", name));
  }
  return {};
}

}  // namespace

json::object to_json(const host::Request& request) {
  json::object out{{"method", request.method}, {"url", request.url}};
  if (!request.headers.empty()) out["headers"] = headers_of(request.headers);
  if (!request.body.empty()) out["body"] = readable(request.body);
  json::array flags;
  if (request.conditional()) flags.emplace_back("conditional");
  if (request.websocket()) flags.emplace_back("websocket");
  if (request.events()) flags.emplace_back("events");
  if (!flags.empty()) out["flags"] = std::move(flags);
  if (request.tag != 0) out["tag"] = request.tag;
  if (!request.warnings.empty()) out["warnings"] = strings(request.warnings);
  return out;
}

json::object to_json(const host::Outcome& outcome) {
  using enum host::Outcome::Result;
  json::object out;
  switch (outcome.result) {
    case delivered: out["result"] = "delivered"; break;
    case retry: out["result"] = "retry"; break;
    case rejected: out["result"] = "rejected"; break;
    case channel_gone: out["result"] = "channel_gone"; break;
  }
  if (outcome.retry_after > Duration{0})
    out["retry_after_s"] = std::chrono::duration<double>(outcome.retry_after).count();
  if (!outcome.reason.empty()) out["reason"] = outcome.reason;
  if (!outcome.remote_id.empty()) out["remote_id"] = outcome.remote_id;
  if (!outcome.state.empty()) out["state"] = readable(outcome.state);
  if (!outcome.warnings.empty()) out["warnings"] = strings(outcome.warnings);
  return out;
}

json::object to_json(const host::Round& round, bool whole) {
  json::object out;
  if (whole || round.feed) out["feed"] = through_text(round.feed.value_or(FeedInfo{}));
  json::array items, requests;
  for (const Item& item : round.items) items.push_back(through_text(item));
  for (const host::Request& request : round.requests) requests.emplace_back(to_json(request));
  if (whole || !items.empty()) out["items"] = std::move(items);
  if (!requests.empty()) out["requests"] = std::move(requests);
  if (round.state) out["state"] = readable(*round.state);
  if (!round.sends.empty()) out["sends"] = strings(round.sends);
  if (whole || !round.warnings.empty()) out["warnings"] = strings(round.warnings);
  return out;
}

Result<std::unique_ptr<OwnedResponse>> response_from_json(const json::value& value,
                                                          const std::filesystem::path& folder) {
  auto out = std::make_unique<OwnedResponse>();
  out->view.status = 200;
  try {
    for (const auto& [key, member] : value.as_object())
      if (auto status = take(*out, key, member, folder); !status) return tl::unexpected{status.error()};
  } catch (const std::exception& e) {
    return fail(fmt::format("a response: {}", e.what()));
  }
  out->view.url = out->url;
  out->view.body = out->body;
  for (const auto& [name, header] : out->headers) out->view.headers.emplace_back(name, header);
  return out;
}

}  // namespace earshot::cases
