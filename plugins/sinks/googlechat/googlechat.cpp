// Google Chat through a webhook: a card, whose text is a small HTML in which nobody is mentioned. Limits and answers:
// developers.google.com/workspace/chat, "Create and update cards", "spaces.messages.create", "Usage limits".
#include <boost/json.hpp>
#include <earshot/plugin.hpp>

#include "common/sink/answer.h"
#include "common/sink/dress.h"
#include "common/sink/escape.h"
#include "common/sink/layout.h"
#include "common/sink/link.h"
#include "common/sink/settings.h"
#include "embedded.h"

namespace earshot {
namespace {

namespace json = boost::json;
using plugin::Call;
using plugin::Config;
using plugin::Failure;
using plugin::Outcome;
using plugin::Request;
using plugin::Response;

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
                      {{"title", sink::truncate(sink::render({{sink::status(card), false, {}}}, sink::kPlain), kHeader,
                                                sink::Unit::graphemes)}}}};
  if (!widgets.empty()) shown["sections"] = json::array{json::object{{"widgets", std::move(widgets)}}};
  const auto plain = sink::layout(card, kMessageText, kFallback, status | headline | title);
  return {{"fallbackText", sink::render(plain, kMessageText)},
          {"cardsV2", json::array{{{"cardId", "alert"}, {"card", std::move(shown)}}}}};
}

class GoogleChat final : public plugin::Sink {
 public:
  static std::unique_ptr<Sink> create(const Config& config, Failure& failure) {
    const sink::Settings settings(config, failure);
    auto made = std::make_unique<GoogleChat>();
    made->url_ = settings.url("url", failure);
    made->secrets_.add_url(made->url_);
    return made;
  }

  Request request(const Call&, const earshot_alert& alert, Failure&) override {
    const sink::Card card = sink::compose(alert);
    Request r;
    r.method = "POST";
    // The same request id at every try: a message that got through before a time-out is not posted twice.
    r.url = sink::with_query(url_, "requestId", plugin::view(alert.delivery_id));
    r.headers.push_back({"Content-Type", "application/json; charset=UTF-8"});
    r.body =
        sink::within(kMessage - 2'000, 24'000, [&](std::size_t room) { return json::serialize(message(card, room)); });
    return r;
  }

  Outcome outcome(const Call& call, const earshot_alert& alert, const Response& response, Failure&) override {
    const sink::Answer answer{"Google Chat", call, alert, response, secrets_};
    if (response.status != 200) return sink::by_status(answer);
    std::string name = sink::text_of(sink::object_of(response.body), "name");
    if (name.empty()) return sink::retry(answer, "that is no message of Google Chat; is there a proxy in between?");
    return sink::delivered(answer, std::move(name));
  }

 private:
  std::string url_;
  sink::Secrets secrets_;
};

constexpr plugin::Info kInfo{"googlechat",     "0.1.0",          "Posts alerts to a Google Chat space (webhook)",
                             embedded::schema, embedded::sample, 0};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::GoogleChat::create)
