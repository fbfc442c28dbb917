// Mattermost through an incoming webhook, or through a bot's token, which alone gives a post an id: with it a story's
// growth goes into the thread of its alert, and an alert says when somebody has taken it. Answers:
// developers.mattermost.com, "Incoming webhooks" and "API Reference" (posts), and the server's source.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <earshot/plugin.hpp>

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

constexpr std::string_view kAlone = "alone";  // state of a delivery whose thread is gone: it is posted by itself

// Errors with which the server refuses a root_id: the post was deleted, or is in another channel.
constexpr std::array<std::string_view, 2> kNoThread{"api.post.create_post.root_id.app_error",
                                                    "api.post.create_post.channel_root_id.app_error"};

bool edits(const earshot_alert& alert) { return alert.edits.len > 0; }

class Mattermost final : public sink::WebhookSink {
 public:
  Mattermost(const sink::Settings& settings, Failure& failure)
      : WebhookSink("Mattermost"), channel_(settings.text("channel")), silent_(settings.flag("silent", false)) {
    const std::string token = settings.text("token");
    if (token.empty()) {
      url_ = settings.url("url", failure);
      secrets_.add_url(url_);
      if (!channel_.empty()) failure("channel belongs to a bot: give its token as well, or leave it out");
      return;
    }
    secrets_.add(token);
    url_ = sink::with_path(settings.url("api", failure), "/api/v4/posts");
    authorization_ = "Bearer " + token;
    if (!settings.text("url").empty()) failure("url is a webhook's and token a bot's: leave one of them out");
    if (sink::header_safe(token) != token) failure("token must be a bot's access token in one line");
    if (channel_.empty()) failure("channel must be the channel's id, which its details show");
  }

  std::string address(const earshot_alert& alert) const override {
    if (!bot()) return url_;
    if (edits(alert)) return sink::with_path(sink::with_segment(url_, plugin::view(alert.edits)), "/patch");
    return silent_ ? sink::with_query(url_, "silent", "true") : url_;
  }

  std::string body(const earshot_alert& alert) override { return bot() ? post(alert) : hook(alert); }

  void finish(const Call& call, const earshot_alert& alert, Request& request) const override {
    if (!bot()) return;
    if (edits(alert)) request.method = "PUT";
    if (call.state != kAlone || alert.thread.len == 0) return;
    earshot_alert alone = alert;
    alone.thread = {};
    request.body = post(alone);
  }

  Outcome judge(const sink::Answer& answer) override {
    if (!bot()) return judge_hook(answer);
    Outcome made = judge_bot(answer);
    if (made.result == EARSHOT_RETRY && made.state.empty()) made.state = answer.call.state;
    return made;
  }

 private:
  bool bot() const { return !authorization_.empty(); }

  std::string hook(const earshot_alert& alert) const {
    json::object body{{"attachments", json::array{mattermost_attachment(sink::compose(alert))}}};
    if (silent_) body["silent"] = true;
    return json::serialize(body);
  }

  // An edit leaves the message out: it is empty and stays so, and where the server allows edits for a time only, that
  // goes for the message alone.
  std::string post(const earshot_alert& alert) const {
    json::object body{{"props", {{"attachments", json::array{mattermost_attachment(sink::compose(alert))}}}}};
    if (edits(alert)) return json::serialize(body);
    body["channel_id"] = channel_;
    body["message"] = "";
    if (alert.thread.len > 0) body["root_id"] = plugin::view(alert.thread);
    return json::serialize(body);
  }

  static Outcome judge_hook(const sink::Answer& answer) {
    if (answer.response.status == 200 && sink::trimmed(answer.response.body) != "ok")
      return sink::retry(answer, "that is not Mattermost's \"ok\"; is there a login page or a proxy in between?");
    return sink::by_status(answer);
  }

  // Errors come as {"id","message","detailed_error","status_code"}.
  static Outcome judge_bot(const sink::Answer& answer) {
    const json::object said = sink::object_of(answer.response.body);
    const std::uint32_t status = answer.response.status;
    const std::string id = sink::text_of(said, "id");
    if (status >= 200 && status < 300) {
      if (id.empty()) return sink::retry(answer, "that is no post; is there a login page or a proxy in between?");
      return sink::delivered(answer, id);
    }
    const bool edit = edits(answer.alert);
    if (status == 401)
      return sink::gone_if_confirmed(answer, "the token is not valid; make a new one and put it into the settings");
    if (status == 403 && !edit)
      return sink::gone_if_confirmed(answer, "the bot may not post there; add it to the team and to the channel");
    if (edit && (status == 403 || status == 404))
      return sink::rejected(answer, "the post is gone, or cannot be edited any more");
    if (std::ranges::find(kNoThread, id) != kNoThread.end() && answer.call.state != kAlone) {
      Outcome made = sink::retry(answer, "its thread is gone; it is sent again by itself", 1'000);
      made.state = kAlone;
      return made;
    }
    if (id == "api.post.create_post.can_not_post_to_deleted.error")
      return sink::gone_if_confirmed(answer, "the channel is archived");
    return sink::by_status(answer);
  }

  std::string channel_;  // a bot's
  bool silent_;
};

constexpr plugin::Info kInfo{"mattermost",
                             "0.1.0",
                             "Posts alerts to a Mattermost channel (incoming webhook, or bot)",
                             embedded::schema,
                             embedded::sample,
                             EARSHOT_EDITS,
                             {},
                             sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Mattermost>)
