// Slack through an incoming webhook, or through a bot's token, which alone gives a message an id: with it a story's
// growth goes into the thread of its alert, and an alert says when somebody has taken it. Answers: docs.slack.dev,
// "Sending messages using incoming webhooks", "chat.postMessage", "chat.update".
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <earshot/plugin.hpp>
#include <utility>

#include "common/sink/link.h"
#include "common/sink/webhook_sink.h"
#include "embedded.h"
#include "message.h"

namespace earshot {
namespace {

namespace json = boost::json;
using plugin::Failure;
using plugin::Outcome;

// An error of Slack after which nothing will ever be taken, and what the operator does about it.
using Gone = std::pair<std::string_view, std::string_view>;

template <std::size_t N>
const Gone* find(const std::array<Gone, N>& table, std::string_view error) {
  const auto found = std::ranges::find(table, error, &Gone::first);
  return found == table.end() ? nullptr : &*found;
}

constexpr std::array<Gone, 9> kHookGone{{
    {"no_service", "the webhook was removed or switched off; make a new one and put its URL into the settings"},
    {"no_active_hooks", "the webhook was switched off; switch it on, or make a new one"},
    {"invalid_token", "the webhook's URL is not valid any more; make a new one and put its URL into the settings"},
    {"no_team", "the workspace does not exist any more"},
    {"team_disabled", "the workspace is disabled"},
    {"channel_not_found", "the webhook's channel does not exist any more"},
    {"channel_is_archived", "the webhook's channel is archived"},
    {"action_prohibited", "an administrator has forbidden this webhook to post"},
    {"posting_to_general_channel_denied", "posting to the general channel is not allowed to webhooks"},
}};

constexpr std::array<Gone, 12> kBotGone{{
    {"invalid_auth", "the token is not valid; put the bot's own (xoxb-…) into the settings"},
    {"not_authed", "the token is missing; put the bot's own (xoxb-…) into the settings"},
    {"token_revoked", "the token was revoked; install the app again and renew the token"},
    {"token_expired", "the token has expired; renew it"},
    {"account_inactive", "the bot or its workspace was removed"},
    {"missing_scope", "the token lacks the scope chat:write; add it and install the app again"},
    {"no_permission", "the token may not post; add the scope chat:write and install the app again"},
    {"not_in_channel", "the bot is not in the channel; invite it there"},
    {"channel_not_found", "there is no such channel, or the bot is not in it; invite it there"},
    {"is_archived", "the channel is archived"},
    {"restricted_action", "an administrator has forbidden the bot to post there"},
    {"team_access_not_granted", "the bot has no access to the workspace"},
}};
// Slack's own trouble.
constexpr std::array<std::string_view, 6> kBotLater{"ratelimited", "rate_limited",        "internal_error",
                                                    "fatal_error", "service_unavailable", "request_timeout"};

// A bot's message is known by its channel and time: "C0123456789/1503435956.000247".
struct Place {
  std::string_view channel, time;
  explicit Place(earshot_str id) {
    const std::string_view text = plugin::view(id);
    const std::size_t slash = std::min(text.find('/'), text.size());
    channel = text.substr(0, slash);
    time = text.substr(std::min(slash + 1, text.size()));
  }
};

class Slack final : public sink::WebhookSink {
 public:
  Slack(const sink::Settings& settings, Failure& failure) : WebhookSink("Slack"), channel_(settings.text("channel")) {
    const std::string token = settings.text("token");
    url_ = token.empty() ? settings.url("url", failure) : settings.url("api", failure, "https://slack.com/api");
    if (token.empty()) {
      secrets_.add_url(url_);
      return;
    }
    if (sink::header_safe(token) != token) failure("token must be a bot's token in one line");
    if (channel_.empty()) failure("channel must be the channel's id, which its details show");
    authorization_ = "Bearer " + token;
    secrets_.add(token);
  }

  std::string_view content_type() const override { return "application/json; charset=utf-8"; }

  std::string address(const earshot_alert& alert) const override {
    return bot() ? sink::with_path(url_, alert.edits.len > 0 ? "/chat.update" : "/chat.postMessage") : url_;
  }

  std::string body(const earshot_alert& alert) override {
    json::object message = slack_message(sink::compose(alert));
    if (bot()) say_where(alert, message);
    return json::serialize(message);
  }

  Outcome judge(const sink::Answer& answer) override { return bot() ? judge_bot(answer) : judge_hook(answer); }

 private:
  bool bot() const { return !authorization_.empty(); }

  void say_where(const earshot_alert& alert, json::object& message) const {
    if (alert.edits.len > 0) {
      const Place place(alert.edits);
      message["channel"] = place.channel;
      message["ts"] = place.time;
      message["parse"] = "none";  // an edit is looked through for names and channels unless it says so (chat.update)
      return;
    }
    message["channel"] = channel_;
    message["unfurl_links"] = message["unfurl_media"] = false;
    if (alert.thread.len == 0) return;
    message["thread_ts"] = Place(alert.thread).time;
    // What is urgent must not wait until somebody looks into the thread.
    if (alert.severity >= EARSHOT_SEVERITY_HIGH) message["reply_broadcast"] = true;
  }

  static Outcome judge_hook(const sink::Answer& answer) {
    const std::string_view said = sink::trimmed(answer.response.body);
    const Gone* gone = answer.response.status == 200 || answer.response.status >= 400 ? find(kHookGone, said) : nullptr;
    if (gone) return sink::gone(answer, gone->second);
    if (answer.response.status == 200 && said != "ok")  // nothing else was ever an accepted message
      return sink::rejected(answer, "it did not say \"ok\", so the message was not posted");
    if (said == "rollup_error") return sink::retry(answer, "it is in trouble");
    return sink::by_status(answer);
  }

  // Errors come as {"ok":false,"error":…} with status 200.
  static Outcome judge_bot(const sink::Answer& answer) {
    const json::object said = sink::object_of(answer.response.body);
    const std::string ok = sink::text_of(said, "ok"), error = sink::text_of(said, "error");
    if (answer.response.status == 429) return sink::by_status(answer);
    if (ok == "false") {
      if (const Gone* gone = find(kBotGone, error)) return sink::gone(answer, gone->second);
      if (std::ranges::find(kBotLater, error) != kBotLater.end()) return sink::retry(answer, "it is in trouble");
      return sink::rejected(answer, "it did not post the message");
    }
    if (answer.response.status != 200) return sink::by_status(answer);
    const std::string channel = sink::text_of(said, "channel"), time = sink::text_of(said, "ts");
    if (ok != "true" || channel.empty() || time.empty())
      return sink::retry(answer, "that is no answer of Slack; is there a proxy in between?");
    return sink::delivered(answer, channel + "/" + time);
  }

  std::string channel_;  // a bot's
};

constexpr earshot_rate kRates[] = {{1, 1'000}};  // docs.slack.dev, "Rate limits": one message a second for a channel

constexpr plugin::Info kInfo{
    "slack",          "0.1.0",          "Posts alerts to a Slack channel (incoming webhook, or bot)",
    embedded::schema, embedded::sample, EARSHOT_EDITS,
    kRates,           sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Slack>)
