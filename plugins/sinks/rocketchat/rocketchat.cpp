// Rocket.Chat through an incoming integration, or as a user of its own (a bot), which alone learns the id of a message:
// with it a story's growth goes into the thread of its alert, and an alert says when somebody has taken it. Answers:
// developer.rocket.chat ("Post Message", "Update Message"), docs.rocket.chat and the server's source.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <earshot/plugin.hpp>
#include <utility>

#include "common/sink/link.h"
#include "common/sink/webhook_sink.h"
#include "embedded.h"
#include "message.h"

namespace earshot {
namespace {

namespace json = boost::json;
using plugin::Call;
using plugin::Failure;
using plugin::Outcome;
using plugin::Request;

// What the server says when nothing will ever be posted to the room, and what the operator does about it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kBotGone{{
    {"invalid-channel", "there is no such room, or the bot may not see it; add it to the room"},
    {"error-invalid-room", "there is no such room"},
    {"error-room-not-found", "there is no such room, or the bot may not see it; add it to the room"},
    {"error-not-allowed", "the bot may not post there; add it to the room"},
    {"error-action-not-allowed", "the bot may not post there; add it to the room"},
    {"room_is_archived", "the room is archived"},
    {"room_is_blocked", "the room is blocked"},
    {"room is readonly", "the room is read-only; allow the bot to post there"},
    {"have been muted", "the bot is muted in the room"},
}};

// A bot's message is known by its room and its own id: "GENERAL/vzGBzSwy6jJQDwtZe".
struct Place {
  std::string_view room, message;
  explicit Place(earshot_str id) {
    const std::string_view text = plugin::view(id);
    const std::size_t slash = std::min(text.rfind('/'), text.size());
    room = text.substr(0, slash);
    message = text.substr(std::min(slash + 1, text.size()));
  }
};

// "… You must wait 46 seconds before trying this endpoint again." → ms; 0 when it does not say.
std::int64_t wait_named_in(std::string_view error) {
  constexpr std::string_view kWait = "must wait ";
  const std::size_t at = error.find(kWait);
  if (at == std::string_view::npos) return 0;
  const std::string_view rest = error.substr(at + kWait.size());
  std::uint32_t seconds = 0;
  const auto [end, bad] = std::from_chars(rest.data(), rest.data() + rest.size(), seconds);
  return bad == std::errc{} ? sink::seconds_to_ms(seconds) : 0;
}

class RocketChat final : public sink::WebhookSink {
 public:
  RocketChat(const sink::Settings& settings, Failure& failure)
      : WebhookSink("Rocket.Chat"),
        channel_(settings.text("channel")),
        token_(settings.text("token")),
        user_(settings.text("user")) {
    if (token_.empty()) {
      url_ = settings.url("url", failure);
      secrets_.add_url(url_);
      if (!channel_.empty()) failure("channel belongs to a bot: give its token as well, or leave it out");
      return;
    }
    secrets_.add(token_);
    url_ = settings.url("api", failure);
    if (!settings.text("url").empty()) failure("url is an integration's and token a bot's: leave one of them out");
    if (sink::header_safe(token_) != token_) failure("token must be the bot's token in one line");
    if (user_.empty() || sink::header_safe(user_) != user_) failure("user must be the id that came with the token");
    if (channel_.empty()) failure("channel must be the room's id or its #name");
  }

  std::string address(const earshot_alert& alert) const override {
    if (!bot()) return url_;
    return sink::with_path(url_, alert.edits.len > 0 ? "/api/v1/chat.update" : "/api/v1/chat.postMessage");
  }

  std::string body(const earshot_alert& alert) override {
    const sink::Card card = sink::compose(alert);
    if (!bot()) return json::serialize(rocketchat_message(card));
    if (alert.edits.len > 0) {
      const Place place(alert.edits);
      return json::serialize(
          json::object{{"roomId", place.room}, {"msgId", place.message}, {"text", rocketchat_bot_text(card)}});
    }
    json::object message = rocketchat_bot_message(card);
    say_where(alert, message);
    return json::serialize(message);
  }

  void finish(const Call&, const earshot_alert&, Request& request) const override {
    if (!bot()) return;
    request.headers.push_back({"X-Auth-Token", token_});
    request.headers.push_back({"X-User-Id", user_});
  }

  Outcome judge(const sink::Answer& answer) override { return bot() ? judge_bot(answer) : judge_hook(answer); }

 private:
  bool bot() const { return !token_.empty(); }
  bool named() const { return channel_.starts_with('#'); }

  // The server takes a thread (tmid) with a room's id alone, so where the settings have a name the id is that of the
  // thread. A thread in another room than the one that is set is left where it is.
  void say_where(const earshot_alert& alert, json::object& message) const {
    const Place thread(alert.thread);
    if (!thread.message.empty() && (named() || thread.room == channel_)) {
      message["roomId"] = thread.room;
      message["tmid"] = thread.message;
    } else {
      message[named() ? "channel" : "roomId"] = channel_;
    }
  }

  static Outcome no_answer(const sink::Answer& answer) {
    return sink::retry(answer, "that is no answer of Rocket.Chat; is there a login page or a proxy in between?");
  }

  static Outcome judge_hook(const sink::Answer& answer) {
    const json::object said = sink::object_of(answer.response.body);
    const json::value* success = said.if_contains("success");
    if (answer.response.status == 200 && (!success || !success->is_bool())) return no_answer(answer);
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

  // Errors come as {"success":false,"error":…,"errorType":…}, with status 400 in most cases.
  static Outcome judge_bot(const sink::Answer& answer) {
    const json::object said = sink::object_of(answer.response.body);
    const std::uint32_t status = answer.response.status;
    const std::string success = sink::text_of(said, "success");
    const std::string error = sink::text_of(said, "errorType") + " " + sink::text_of(said, "error");
    if (status == 429 || error.find("error-too-many-requests") != std::string::npos)
      return sink::retry(answer, "too many alerts for now", std::max(answer.wait(), wait_named_in(error)));
    if (status == 401)
      return sink::gone_if_confirmed(answer, "token and user do not belong together, or are not valid any more");
    if (status == 200 && success == "true") return taken(answer, said);
    if (status >= 500) return sink::by_status(answer);
    if (success == "false") return refused(answer, error);
    return status == 200 ? no_answer(answer) : sink::by_status(answer);
  }

  static Outcome taken(const sink::Answer& answer, const json::object& said) {
    if (answer.alert.edits.len > 0) return sink::delivered(answer, std::string(plugin::view(answer.alert.edits)));
    const json::value* v = said.if_contains("message");
    const json::object message = v && v->is_object() ? v->get_object() : json::object{};
    const std::string room = sink::text_of(message, "rid"), id = sink::text_of(message, "_id");
    return room.empty() || id.empty() ? no_answer(answer) : sink::delivered(answer, room + "/" + id);
  }

  static Outcome refused(const sink::Answer& answer, std::string_view error) {
    if (answer.alert.edits.len > 0) return sink::rejected(answer, "it did not edit the message");
    for (const auto& [says, why] : kBotGone)
      if (error.find(says) != std::string_view::npos) return sink::gone_if_confirmed(answer, why);
    return answer.response.status == 200 ? sink::rejected(answer, "it did not post the message")
                                         : sink::by_status(answer);
  }

  std::string channel_, token_, user_;  // a bot's
};

// The default of a workspace: ten calls a minute. A bot's edits have ten of their own.
constexpr earshot_rate kRates[] = {{10, 60'000}};

constexpr plugin::Info kInfo{
    "rocketchat",     "0.1.0",          "Posts alerts to a Rocket.Chat room (incoming integration, or bot)",
    embedded::schema, embedded::sample, EARSHOT_EDITS,
    kRates,           sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::RocketChat>)
