// Zulip as a bot: one message in a topic of a channel. Limits and answers: zulip.com/api/send-message, /api/rest-error-
// handling; which characters mean something: the server's own Markdown processor.
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

constexpr std::size_t kContent = 10'000, kTopic = 60;  // code points, the server's defaults

// Zulip takes the text of a link as it is, so bold goes around the link; foreign asterisks are references by now.
void link(std::string_view text, std::string_view url, std::string& out) {
  constexpr std::string_view bold = "**";
  const bool whole = text.size() > 4 && text.starts_with(bold) && text.ends_with(bold);
  if (!whole) return sink::dress::markdown_link(text, url, out);
  std::string inner;
  sink::dress::markdown_link(text.substr(2, text.size() - 4), url, inner);
  sink::dress::markdown_bold(inner, out);
}

const sink::Syntax kMarkdown{sink::Unit::code_points,
                             sink::escape::zulip,
                             sink::dress::markdown_bold,
                             link,
                             "* ",
                             "> ",
                             "\n"};  // a quote ends with an empty line, or what follows would belong to it
const sink::Syntax kTopicText{sink::Unit::code_points, sink::escape::pings, sink::dress::plain,
                              sink::dress::label_only};

class Zulip final : public sink::WebhookSink {
 public:
  Zulip(const sink::Settings& settings, Failure& failure)
      : WebhookSink("Zulip"),
        channel_(settings.text("to")),
        topic_(settings.text("topic")),
        kind_(settings.text("message_type", "channel")) {
    url_ = sink::with_path(settings.url("url", failure), "/api/v1/messages");
    authorization_ = sink::basic_auth(settings.text("email"), settings.text("key"));
    if (channel_.empty()) failure("to must name the channel to post to");
    if (settings.text("email").empty() || settings.text("key").empty())
      failure("email and key of the bot must not be empty");
    secrets_.add(settings.text("key"));
    secrets_.add(authorization_.substr(6));
  }

  std::string_view content_type() const override { return "application/x-www-form-urlencoded"; }

  // zulip.com/api/update-message.
  std::string address(const earshot_alert& alert) const override {
    return alert.edits.len > 0 ? sink::with_segment(url_, plugin::view(alert.edits)) : url_;
  }

  void finish(const Call&, const earshot_alert& alert, Request& request) const override {
    if (alert.edits.len > 0) request.method = "PATCH";
  }

  std::string body(const earshot_alert& alert) override {
    const sink::Card card = sink::compose(alert);
    std::string content =
        "content=" + sink::percent_encode(sink::render(sink::layout(card, kMarkdown, kContent), kMarkdown));
    if (alert.edits.len > 0) return content;
    // The topic is the thread: what the team searches for, unless the channel has one for all.
    std::string topic = !topic_.empty() ? topic_ : card.topic.empty() ? "Earshot" : card.topic;
    topic = sink::truncate(sink::render({{topic, false, {}}}, kTopicText), kTopic, sink::Unit::code_points);
    return "type=" + sink::percent_encode(kind_) + "&to=" + sink::percent_encode(channel_) +
           "&topic=" + sink::percent_encode(topic) + "&" + content;
  }

  Outcome judge(const sink::Answer& answer) override {
    const json::object said = sink::object_of(answer.response.body);
    const std::string code = sink::text_of(said, "code"), result = sink::text_of(said, "result");
    if (answer.response.status == 200 && result != "success")
      return result == "error" ? sink::rejected(answer, "it did not post the message")
                               : sink::retry(answer, "that is no answer of Zulip; is there a proxy in between?");
    if (answer.response.status == 200) return sink::delivered(answer, sink::text_of(said, "id"));  // none for an edit
    if (code == "USER_DEACTIVATED" || code == "REALM_DEACTIVATED")
      return sink::gone(answer, "the bot or the organisation is deactivated");
    if (code == "STREAM_DOES_NOT_EXIST")
      return sink::gone_if_confirmed(answer, "the channel does not exist; create it or change \"to\" in the settings");
    if (answer.response.status == 429)
      return sink::retry(answer, "too many alerts for now", sink::longer(answer.wait(), said, "retry-after", 1000));
    return sink::by_status(answer);
  }

 private:
  std::string channel_, topic_, kind_;
};

constexpr earshot_rate kRates[] = {{200, 60'000}};  // the default for one user

constexpr plugin::Info kInfo{
    "zulip",          "0.1.0",          "Posts alerts to a Zulip channel, one topic a thread (bot)",
    embedded::schema, embedded::sample, EARSHOT_EDITS,
    kRates,           sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Zulip>)
