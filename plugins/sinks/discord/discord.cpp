// Discord through a webhook: one embed. Limits and answers: docs.discord.com, "Webhook resource", "Message resource",
// "Rate limits". Lengths are counted in UTF-16 units, as Discord's own builder library does.
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

constexpr std::size_t kTitle = 256, kDescription = 4096, kAuthor = 256;  // the sum stays below 6,000

const sink::Syntax kMarkdown{sink::Unit::utf16, sink::escape::discord, sink::dress::markdown_bold,
                             sink::dress::markdown_link};
const sink::Syntax kName{sink::Unit::utf16, sink::escape::pings, sink::dress::plain, sink::dress::label_only};
const sink::Syntax kEmbedTitle{sink::Unit::utf16, sink::escape::discord, sink::dress::plain, sink::dress::label_only};

std::string line(const sink::Spans& spans, std::size_t limit, const sink::Syntax& syntax) {
  return sink::render(sink::fit(spans, limit, syntax), syntax);
}

json::object embed(const sink::Card& card) {
  using namespace sink::part;
  json::object e{{"author", {{"name", line({{card.status, false, {}}}, kAuthor, kName)}}},
                 {"color", sink::colour(card.severity)}};
  unsigned parts = details | body | buttons;
  if (card.lead) {
    e["title"] = line(card.entries.front().title, kTitle, kEmbedTitle);
    if (!card.entries.front().url.empty()) e["url"] = card.entries.front().url;
    parts |= headline;
  } else if (!card.headline.empty()) {
    e["title"] = line({{card.headline, false, {}}}, kTitle, kEmbedTitle);
  }
  if (std::string text = sink::render(sink::layout(card, kMarkdown, kDescription, parts), kMarkdown); !text.empty())
    e["description"] = text;
  return e;
}

class Discord final : public sink::WebhookSink {
 public:
  Discord(const sink::Settings& settings, Failure& failure) : WebhookSink("Discord", settings, failure) {
    thread_ = settings.text("thread_id");
  }

  // "Execute Webhook"; "Edit Webhook Message", which wants the thread named as well.
  std::string address(const earshot_alert& alert) const override {
    std::string url = alert.edits.len == 0
                          ? sink::with_query(url_, "wait", "true")  // else a lost message goes unnoticed
                          : sink::with_segment(sink::with_segment(url_, "messages"), plugin::view(alert.edits));
    return thread_.empty() ? url : sink::with_query(url, "thread_id", thread_);
  }

  void finish(const Call&, const earshot_alert& alert, Request& request) const override {
    if (alert.edits.len > 0) request.method = "PATCH";
  }

  std::string body(const earshot_alert& alert) override {
    return json::serialize(json::object{{"embeds", json::array{embed(sink::compose(alert))}},
                                        {"allowed_mentions", {{"parse", json::array{}}}}});
  }

  Outcome judge(const sink::Answer& answer) override {
    const json::object said = sink::object_of(answer.response.body);
    if (answer.response.status == 200) {
      std::string id = sink::text_of(said, "id");
      if (id.empty()) return sink::retry(answer, "that is no message of Discord; is there a proxy in between?");
      return sink::delivered(answer, std::move(id));
    }
    if (answer.response.status == 404)  // Discord blocks addresses that keep asking for a deleted webhook
      return sink::gone(answer,
                        "the webhook or its thread was deleted; make a new one and put its URL into the settings");
    if (answer.response.status == 429)
      return sink::retry(answer, "too many alerts for now", sink::longer(answer.wait(), said, "retry_after", 1000));
    return sink::by_status(answer);
  }

 private:
  std::string thread_;
};

constexpr earshot_rate kRates[] = {{5, 2'000}};  // for a webhook; its X-RateLimit headers say the rest

constexpr plugin::Info kInfo{"discord",        "0.1.0",          "Posts alerts to a Discord channel (webhook)",
                             embedded::schema, embedded::sample, EARSHOT_EDITS,
                             kRates,           sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Discord>)
