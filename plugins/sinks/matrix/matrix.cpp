// Matrix through the client-server API: an m.notice with HTML. Limits and answers: spec.matrix.org, "Client-Server API"
// (size limits, sending events, m.mentions, HTML in m.room.message).
#include <algorithm>
#include <boost/json.hpp>
#include <earshot/plugin.hpp>

#include "common/sink/dress.h"
#include "common/sink/escape.h"
#include "common/sink/layout.h"
#include "common/sink/link.h"
#include "common/sink/webhook_sink.h"
#include "embedded.h"

namespace earshot {
namespace {

namespace json = boost::json;
using plugin::Call;
using plugin::Failure;
using plugin::Outcome;
using plugin::Request;

constexpr std::size_t kContent = 48'000;  // bytes, of 65,536 that the whole signed event may have
constexpr std::size_t kPlain = 12'000;

const sink::Syntax kHtml{sink::Unit::bytes,
                         sink::escape::html,
                         sink::dress::html_bold,
                         sink::dress::html_link,
                         "• ",
                         "<blockquote>",
                         "</blockquote>",
                         "<br>"};
const sink::Syntax kText{
    sink::Unit::bytes, sink::escape::pings, sink::dress::plain,
    [](std::string_view text, std::string_view url, std::string& out) { out.append(text).append(" ").append(url); }};

json::object content(const sink::Card& card, std::size_t room) {
  return {
      {"msgtype", "m.notice"},
      {"body", sink::render(sink::layout(card, kText, std::min(room, kPlain)), kText)},
      {"format", "org.matrix.custom.html"},
      {"formatted_body", sink::render(sink::layout(card, kHtml, room), kHtml)},
      {"m.mentions", json::object{}},  // present and empty: "@room" in the text means nothing
  };
}

// In place of an earlier event ("Event replacements": what clients that do not know them show begins with "* "), or in
// its thread ("Threading": those show a reply to its root).
json::object related(json::object content, const earshot_alert& alert) {
  if (alert.edits.len > 0) {
    json::object fallback = content;
    for (const char* key : {"body", "formatted_body"}) {
      const json::string& text = content.at(key).get_string();
      fallback[key] = "* " + std::string(text);
    }
    fallback["m.new_content"] = std::move(content);
    fallback["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", plugin::view(alert.edits)}};
    return fallback;
  }
  if (alert.thread.len > 0) {
    const std::string_view root = plugin::view(alert.thread);
    content["m.relates_to"] = {{"rel_type", "m.thread"},
                               {"event_id", root},
                               {"is_falling_back", true},
                               {"m.in_reply_to", {{"event_id", root}}}};
  }
  return content;
}

class Matrix final : public sink::WebhookSink {
 public:
  Matrix(const sink::Settings& settings, Failure& failure) : WebhookSink("Matrix") {
    const std::string room = settings.text("room"), token = settings.text("token");
    if (!room.starts_with('!')) failure("room must be the room's internal id, which begins with \"!\"");
    if (token.empty() || sink::header_safe(token) != token) failure("token must be an access token in one line");
    url_ = sink::with_path(settings.url("url", failure),
                           "/_matrix/client/v3/rooms/" + sink::percent_encode(room) + "/send/m.room.message/");
    authorization_ = "Bearer " + token;
    secrets_.add(token);
  }

  // The transaction id is the delivery's, never the attempt's: a repeated one gives the same event.
  std::string address(const earshot_alert& alert) const override {
    return url_ + sink::percent_encode(plugin::view(alert.delivery_id));
  }

  std::string body(const earshot_alert& alert) override {
    const sink::Card card = sink::compose(alert);
    return sink::within(kContent, 30'000,
                        [&](std::size_t room) { return json::serialize(related(content(card, room), alert)); });
  }

  void finish(const Call&, const earshot_alert&, Request& request) const override { request.method = "PUT"; }

  Outcome judge(const sink::Answer& answer) override {
    const json::object said = sink::object_of(answer.response.body);
    if (answer.response.status == 200) {
      std::string id = sink::text_of(said, "event_id");
      if (id.empty()) return sink::retry(answer, "that is no answer of a homeserver; is there a proxy in between?");
      return sink::delivered(answer, std::move(id));
    }
    const std::string code = sink::text_of(said, "errcode");
    if (answer.response.status == 429 || code == "M_LIMIT_EXCEEDED")
      return sink::retry(answer, "too many alerts for now", sink::longer(answer.wait(), said, "retry_after_ms", 1));
    if (code == "M_UNKNOWN_TOKEN")
      return sink::gone_if_confirmed(answer, "the access token is not valid any more; log in again and renew it");
    if (code == "M_FORBIDDEN")
      return sink::gone_if_confirmed(answer, "the user may not write there; invite it to the room and let it join");
    return sink::by_status(answer);
  }
};

constexpr plugin::Info kInfo{
    "matrix", "0.1.0",          "Posts alerts to a Matrix room", embedded::schema, embedded::sample, EARSHOT_EDITS,
    {},       sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Matrix>)
