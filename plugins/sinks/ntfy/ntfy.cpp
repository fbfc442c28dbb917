// ntfy: a notification on phones, published as JSON. Limits and answers: docs.ntfy.sh, "Publish as JSON", and the
// server's error table.
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
using plugin::Failure;
using plugin::Outcome;

constexpr std::size_t kMessage = 4096;  // bytes; a longer one silently becomes a file
constexpr std::size_t kRequest = 8192;  // bytes of JSON, beyond which the server refuses it
constexpr std::size_t kTitle = 250, kActions = 3, kLabel = 40;
constexpr std::int64_t kQuota = 3'600'000;  // the daily quota is used up: once an hour is enough

// Priorities as phones know them: 2 low, 3 default, 4 high, 5 urgent.
int priority(std::uint32_t severity) { return static_cast<int>(severity) + 1; }

json::object message(const sink::Card& card, const std::string& topic, std::size_t room) {
  using namespace sink::part;
  const auto plain = [](const std::string& text, std::size_t limit) {
    return sink::truncate(sink::render({{text, false, {}}}, sink::kPlain), limit, sink::Unit::bytes);
  };
  json::object out{{"topic", topic}, {"title", plain(card.status, kTitle)}, {"priority", priority(card.severity)}};
  std::string text = sink::render(
      sink::layout(card, sink::kPlain, std::min(room, kMessage), headline | title | details | body), sink::kPlain);
  out["message"] = text.empty() ? plain(card.status, kTitle) : std::move(text);
  json::array actions;
  std::size_t used = 0;
  for (const sink::Button& b : card.buttons) {
    const bool click = card.lead && b.url == card.entries.front().url;  // a tap on the notification opens it anyway
    if ((used += b.url.size()) > room / 2) break;
    if (click)
      out["click"] = b.url;
    else if (actions.size() < kActions)
      actions.push_back({{"action", "view"}, {"label", plain(b.label, kLabel)}, {"url", b.url}});
  }
  if (!card.lead && !card.entries.empty() && card.entries.front().url.size() <= room / 2)
    out["click"] = card.entries.front().url;
  if (!actions.empty()) out["actions"] = std::move(actions);
  return out;
}

class Ntfy final : public sink::WebhookSink {
 public:
  Ntfy(const sink::Settings& settings, Failure& failure) : WebhookSink("ntfy"), topic_(settings.text("topic")) {
    url_ = sink::with_path(settings.url("url", failure, "https://ntfy.sh"), "/");
    if (topic_.empty() || topic_.size() > 64 ||
        topic_.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") !=
            std::string::npos)
      failure("topic must have 1 to 64 letters, digits, _ and -");
    const std::string token = settings.text("token");
    if (sink::header_safe(token) != token) failure("token must be one line of ASCII");
    if (!token.empty()) authorization_ = "Bearer " + token;
    secrets_.add(token);
    secrets_.add(topic_);
  }

  std::string body(const earshot_alert& alert) override {
    const sink::Card card = sink::compose(alert);
    return sink::within(kRequest, kMessage,
                        [&](std::size_t room) { return json::serialize(message(card, topic_, room)); });
  }

  Outcome judge(const sink::Answer& answer) override {
    const json::object said = sink::object_of(answer.response.body);
    if (answer.response.status == 200) {
      std::string id = sink::text_of(said, "id");
      if (id.empty()) return sink::retry(answer, "that is no answer of ntfy; is there a proxy in between?");
      return sink::delivered(answer, std::move(id));
    }
    if (sink::text_of(said, "code") == "42908")
      return sink::retry(answer, "the day's quota of messages is used up", std::max(answer.wait(), kQuota));
    return sink::by_status(answer);
  }

 private:
  std::string topic_;
};

constexpr earshot_rate kRates[] = {
    {60, 300'000}};  // the default for one visitor: a burst of 60, then one in five seconds

constexpr plugin::Info kInfo{"ntfy",           "0.1.0",          "Sends alerts to phones through ntfy",
                             embedded::schema, embedded::sample, 0,
                             kRates,           sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Ntfy>)
