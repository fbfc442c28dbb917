// Google Chat through a webhook: a card, whose text is a small HTML in which nobody is mentioned. Limits and answers:
// developers.google.com/workspace/chat, "Create and update cards", "spaces.messages.create", "Usage limits".
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
using plugin::Failure;
using plugin::Outcome;

constexpr std::size_t kMessage = 32'000;  // bytes, the card included
constexpr std::size_t kHeader = 200, kFallback = 500, kLabel = 40;

const sink::Syntax kHtml{
    sink::Unit::bytes, sink::escape::html, sink::dress::html_bold, sink::dress::html_link, "• ", "<i>", "</i>", "<br>"};
const sink::Syntax kMessageText{sink::Unit::bytes, sink::escape::google_chat, sink::dress::plain,
                                sink::dress::label_only};

json::object message(const sink::Card& card, std::size_t room) {
  using namespace sink::part;
  const std::string html = sink::render(sink::layout(card, kHtml, room, headline | title | details | body), kHtml);
  json::array widgets;
  if (!html.empty()) widgets.push_back(json::object{{"textParagraph", {{"text", html}}}});
  json::array links;
  std::size_t used = 0;
  for (const sink::Button& b : card.buttons) {
    if ((used += b.url.size()) > room) break;
    links.push_back(
        {{"text", sink::truncate(sink::render({{b.label, false, {}}}, sink::kPlain), kLabel, sink::Unit::graphemes)},
         {"onClick", {{"openLink", {{"url", b.url}}}}}});
  }
  if (!links.empty()) widgets.push_back(json::object{{"buttonList", {{"buttons", std::move(links)}}}});
  json::object shown{{"header",
                      {{"title", sink::truncate(sink::render({{card.status, false, {}}}, sink::kPlain), kHeader,
                                                sink::Unit::graphemes)}}}};
  if (!widgets.empty()) shown["sections"] = json::array{json::object{{"widgets", std::move(widgets)}}};
  const auto plain = sink::layout(card, kMessageText, kFallback, status | headline | title);
  return {{"fallbackText", sink::render(plain, kMessageText)},
          {"cardsV2", json::array{{{"cardId", "alert"}, {"card", std::move(shown)}}}}};
}

// What tells a story first and what tells of its growth meet under the story's key; other mentions of it stand alone.
bool in_thread(const earshot_alert& alert) {
  if (alert.story.len == 0) return false;
  if (alert.kind == EARSHOT_ALERT_MENTION)
    return alert.n_mentions == 1 && plugin::view(plugin::read(alert.mentions[0]).id) == plugin::view(alert.story);
  return alert.kind == EARSHOT_ALERT_STORY || alert.kind == EARSHOT_ALERT_GROWTH || alert.kind == EARSHOT_ALERT_EDIT;
}

std::string threaded(json::object message, const earshot_alert& alert) {
  if (in_thread(alert)) message["thread"] = {{"threadKey", plugin::view(alert.story)}};
  return json::serialize(message);
}

class GoogleChat final : public sink::WebhookSink {
 public:
  GoogleChat(const sink::Settings& settings, Failure& failure) : WebhookSink("Google Chat", settings, failure) {}

  // The same request id at every try: a message that got through before a time-out is not posted twice.
  std::string address(const earshot_alert& alert) const override {
    std::string url = sink::with_query(url_, "requestId", plugin::view(alert.delivery_id));
    if (in_thread(alert)) url = sink::with_query(url, "messageReplyOption", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD");
    return url;
  }

  std::string_view content_type() const override { return "application/json; charset=UTF-8"; }

  std::string body(const earshot_alert& alert) override {
    const sink::Card card = sink::compose(alert);
    return sink::within(kMessage - 2'000, 24'000,
                        [&](std::size_t room) { return threaded(message(card, room), alert); });
  }

  Outcome judge(const sink::Answer& answer) override {
    if (answer.response.status != 200) return sink::by_status(answer);
    std::string name = sink::text_of(sink::object_of(answer.response.body), "name");
    if (name.empty()) return sink::retry(answer, "that is no message of Google Chat; is there a proxy in between?");
    return sink::delivered(answer, std::move(name));
  }
};

constexpr earshot_rate kRates[] = {{1, 1'000},
                                   {60, 60'000}};  // 60 a minute for a space, one a second through a webhook

constexpr plugin::Info kInfo{"googlechat",     "0.1.0",          "Posts alerts to a Google Chat space (webhook)",
                             embedded::schema, embedded::sample, 0,
                             kRates,           sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::GoogleChat>)
