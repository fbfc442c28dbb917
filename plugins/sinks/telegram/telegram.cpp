// Telegram through the Bot API: sendMessage with entities, so that no text is ever parsed. Limits and answers:
// core.telegram.org/bots/api ("sendMessage", "MessageEntity", "Making requests"). Offsets are UTF-16 units.
#include <boost/json.hpp>
#include <charconv>
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

constexpr std::size_t kText = 4096, kEntities = 100;

const sink::Syntax kSeen{sink::Unit::utf16, sink::escape::telegram, sink::dress::plain, sink::dress::label_only};

// For texts without entities: addresses written out, which Telegram makes links of by itself.
const sink::Syntax kBare{
    sink::Unit::utf16, sink::escape::telegram, sink::dress::plain,
    [](std::string_view text, std::string_view url, std::string& out) { out.append(text).append(" ").append(url); }};

// The text and where in it something is bold, a link or a quote.
class Message {
 public:
  explicit Message(const std::vector<sink::Line>& lines) {
    for (const sink::Line& line : lines) {
      if (!text.empty()) add("\n");
      const std::size_t start = at_;
      if (line.form == sink::Form::bullet) add("• ");
      for (const sink::Span& s : line.spans) {
        const std::size_t from = at_;
        add(sink::render({{s.text, false, {}}}, kSeen));
        if (s.bold) mark("bold", from);
        if (!s.url.empty()) mark("text_link", from, &s.url);
      }
      if (line.form == sink::Form::quote) mark("blockquote", start);
    }
  }

  std::string text;
  json::array entities;

 private:
  void add(std::string_view piece) {
    text += piece;
    at_ += sink::length(piece, sink::Unit::utf16);
  }
  void mark(std::string_view type, std::size_t from, const std::string* url = nullptr) {
    if (from == at_ || entities.size() >= kEntities) return;
    json::object e{{"type", type}, {"offset", from}, {"length", at_ - from}};
    if (url) e["url"] = *url;
    entities.push_back(std::move(e));
  }

  std::size_t at_ = 0;
};

// A message's id, as it came back as text.
std::int64_t number(earshot_str id) {
  std::int64_t value = 0;
  std::from_chars(id.data, id.data + id.len, value);
  return value;
}

class Telegram final : public sink::WebhookSink {
 public:
  Telegram(const sink::Settings& settings, Failure& failure)
      : WebhookSink("Telegram"),
        chat_(settings.text("chat")),
        thread_(settings.integer("thread", 0)),
        silent_(settings.flag("silent", false)) {
    const std::string token = settings.text("token");
    if (token.empty() || token.find_first_not_of("0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-") !=
                             std::string::npos)
      failure("token must be the one @BotFather gave, of the form 123456:ABC…");
    url_ = sink::with_path(settings.url("url", failure, "https://api.telegram.org"), "/bot" + token);
    if (chat_.empty()) failure("chat must be the chat's number in quotes, or @name of a public channel");
    // Bots FAQ, "My bot is hitting limits": 20 a minute in a group, whose number is negative.
    if (chat_.starts_with('-')) pace_ms_ = 3'000;
    secrets_.add(token);
    if (const std::size_t colon = token.find(':'); colon != std::string::npos) secrets_.add(token.substr(colon + 1));
  }

  std::string address(const earshot_alert& alert) const override {
    return sink::with_segment(url_, alert.edits.len > 0 ? "editMessageText" : "sendMessage");
  }

  std::string body(const earshot_alert& alert) override {
    using namespace sink::part;
    const sink::Card card = sink::compose(alert);
    json::object body{{"chat_id", chat_}, {"link_preview_options", {{"is_disabled", true}}}};
    if (alert.edits.len > 0) {
      body["message_id"] = number(alert.edits);
    } else {
      if (thread_ > 0) body["message_thread_id"] = thread_;
      if (silent_ || alert.severity == EARSHOT_SEVERITY_LOW) body["disable_notification"] = true;
      if (alert.thread.len > 0)
        body["reply_parameters"] = {{"message_id", number(alert.thread)}, {"allow_sending_without_reply", true}};
    }
    if (bare_ == plugin::view(alert.delivery_id)) {
      body["text"] = sink::render(sink::layout(card, kBare, kText), kBare);
      return json::serialize(body);
    }
    Message message(sink::layout(card, kSeen, kText, everything & ~buttons));
    body["text"] = message.text;
    body["entities"] = std::move(message.entities);
    json::array rows;
    for (const sink::Button& b : card.buttons)
      rows.push_back(json::array{{{"text", sink::render({{b.label, false, {}}}, kSeen)}, {"url", b.url}}});
    if (!rows.empty()) body["reply_markup"] = {{"inline_keyboard", std::move(rows)}};
    return json::serialize(body);
  }

  Outcome judge(const sink::Answer& answer) override {
    const json::object said = sink::object_of(answer.response.body);
    const json::value* ok = said.if_contains("ok");
    const auto part = [&](std::string_view key) {
      const json::value* v = said.if_contains(key);
      return v && v->is_object() ? v->get_object() : json::object{};
    };
    if (answer.response.status == 200) {
      if (!ok || !ok->is_bool())
        return sink::retry(answer, "that is no answer of Telegram; is there a proxy in between?");
      if (!ok->get_bool()) return sink::rejected(answer, "it did not post the message");
      return sink::delivered(answer, sink::text_of(part("result"), "message_id"));
    }
    const json::object parameters = part("parameters");
    if (std::string moved = sink::text_of(parameters, "migrate_to_chat_id"); !moved.empty()) {
      chat_ = std::move(moved);  // a group became a supergroup; until the settings say so, each start learns it anew
      return sink::retry(answer, "the group has a new number; put chat: \"" + chat_ + "\" into the settings", 1000);
    }
    if (answer.response.status == 429)
      return sink::retry(answer, "too many alerts for now",
                         sink::longer(answer.wait(), parameters, "retry_after", 1000));
    const std::string description = sink::text_of(said, "description");
    if (answer.response.status == 400 && description.find("message is not modified") != std::string::npos)
      return sink::delivered(answer, std::string(plugin::view(answer.alert.edits)));
    if (answer.response.status == 400 && description.find("chat not found") != std::string::npos)
      return sink::gone_if_confirmed(answer, "there is no such chat, or the bot is not in it");
    // What it can refuse: entities, and buttons to addresses that only this network knows.
    const bool dress = description.find("can't parse entities") != std::string::npos ||
                       description.find("ENTIT") != std::string::npos ||
                       description.find("inline keyboard button") != std::string::npos ||
                       description.find("BUTTON_URL") != std::string::npos;
    if (answer.response.status == 400 && dress && bare_ != plugin::view(answer.alert.delivery_id)) {
      bare_ = plugin::view(answer.alert.delivery_id);
      return sink::retry(answer, "it did not take the links or buttons; it is sent again as plain text", 1000);
    }
    return sink::by_status(answer);
  }

 private:
  std::string chat_;
  std::string bare_;  // the delivery that goes out without entities and buttons, since they were refused
  std::int64_t thread_;
  bool silent_;
};

constexpr earshot_rate kRates[] = {
    {1, 1'000}};  // core.telegram.org/bots/faq: one message a second to one chat; groups have their own pace

constexpr plugin::Info kInfo{"telegram",       "0.1.0",          "Posts alerts to a Telegram chat (bot)",
                             embedded::schema, embedded::sample, EARSHOT_EDITS,
                             kRates,           sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Telegram>)
