// Rocket.Chat through an incoming integration: a line of text and one attachment with the severity's colour. Answers
// and limits: the server's source (incoming integrations, rate limiter) and docs.rocket.chat.
#include <array>
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

constexpr std::size_t kMessage = 5'000;  // characters, the server's default Message_MaxAllowedSize
constexpr std::size_t kStatus = 500, kTitle = 300, kText = 3'500;
static_assert(kStatus + kTitle + kText <= kMessage);

// Bold text and link labels know no escapes: there the escaped characters give way to ones that look like them.
std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t found =
        i + 1 < text.size() && text[i] == '\\' ? std::string_view("*_~`").find(text[i + 1]) : std::string_view::npos;
    if (found == std::string_view::npos) {
      out += text[i];
      continue;
    }
    constexpr std::array<std::string_view, 4> alike{"∗", "ˍ", "∼", "ˋ"};
    out += alike[found];
    ++i;
  }
  return out;
}

void bold(std::string_view text, std::string& out) { out.append("*").append(without_escapes(text)).append("*"); }

void link(std::string_view text, std::string_view url, std::string& out) {
  sink::dress::markdown_link(without_escapes(text), url, out);
}

const sink::Syntax kMarkdown{sink::Unit::code_points, sink::escape::rocketchat, bold, link};
const sink::Syntax kTitleText{sink::Unit::code_points, sink::escape::pings, sink::dress::plain,
                              sink::dress::label_only};

json::object message(const sink::Card& card) {
  using namespace sink::part;
  const auto line = [](const sink::Spans& spans, std::size_t limit, const sink::Syntax& syntax) {
    return sink::render(sink::fit(spans, limit, syntax), syntax);
  };
  json::object a{{"color", sink::hex_colour(card.severity)}};
  if (card.lead) {
    a["title"] = line(card.entries.front().title, kTitle, kTitleText);
    if (!card.entries.front().url.empty()) a["title_link"] = card.entries.front().url;
  }
  a["text"] = sink::render(sink::layout(card, kMarkdown, kText, headline | details | body | buttons), kMarkdown);
  return {{"text", line({{card.status, false, {}}}, kStatus, kMarkdown)},
          {"parseUrls", false},
          {"attachments", json::array{std::move(a)}}};
}

class RocketChat final : public sink::WebhookSink {
 public:
  RocketChat(const sink::Settings& settings, Failure& failure) : WebhookSink("Rocket.Chat", settings, failure) {}

  std::string body(const earshot_alert& alert) override { return json::serialize(message(sink::compose(alert))); }

  Outcome judge(const sink::Answer& answer) override {
    const json::object said = sink::object_of(answer.response.body);
    const json::value* success = said.if_contains("success");
    if (answer.response.status == 200 && (!success || !success->is_bool()))
      return sink::retry(answer, "that is no answer of Rocket.Chat; is there a login page or a proxy in between?");
    if (answer.response.status == 200 && !success->get_bool())
      return sink::rejected(answer, "it did not post the message");
    const std::string error = sink::text_of(said, "error");
    if (answer.response.status == 400 && error.find("Invalid integration") != std::string::npos)
      return sink::gone_if_confirmed(answer,
                                     "the integration was removed; make a new one and put its URL into the settings");
    if (answer.response.status == 400 && (error.find("invalid-channel") != std::string::npos ||
                                          error.find("overriding destination channel") != std::string::npos))
      return sink::gone_if_confirmed(answer, "the integration's room is gone or closed to it");
    if (answer.response.status == 503 && answer.alert.attempt >= 5)
      return sink::gone(answer, "the integration is switched off; switch it on in the administration");
    return sink::by_status(answer);
  }
};

constexpr earshot_rate kRates[] = {{10, 60'000}};  // the default of a workspace: ten calls a minute

constexpr plugin::Info kInfo{
    "rocketchat",     "0.1.0",          "Posts alerts to a Rocket.Chat room (incoming integration)",
    embedded::schema, embedded::sample, 0,
    kRates,           sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::RocketChat>)
