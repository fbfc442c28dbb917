// Discord through a webhook: one embed. Limits and answers: docs.discord.com, "Webhook resource", "Message resource",
// "Rate limits". Lengths are counted in UTF-16 units, as Discord's own builder library does.
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
  json::object e{{"author", {{"name", line({{sink::status(card), false, {}}}, kAuthor, kName)}}},
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

class Discord final : public plugin::Sink {
 public:
  static std::unique_ptr<Sink> create(const Config& config, Failure& failure) {
    const sink::Settings settings(config, failure);
    auto made = std::make_unique<Discord>();
    made->url_ = settings.url("url", failure);
    made->secrets_.add_url(made->url_);
    made->thread_ = settings.text("thread_id");
    return made;
  }

  Request request(const Call&, const earshot_alert& alert, Failure&) override {
    Request r;
    r.method = "POST";
    r.url = sink::with_query(url_, "wait", "true");  // without it a lost message goes unnoticed
    if (!thread_.empty()) r.url = sink::with_query(r.url, "thread_id", thread_);
    r.headers.push_back({"Content-Type", "application/json"});
    r.body = json::serialize(json::object{{"embeds", json::array{embed(sink::compose(alert))}},
                                          {"allowed_mentions", {{"parse", json::array{}}}}});
    return r;
  }

  Outcome outcome(const Call& call, const earshot_alert& alert, const Response& response, Failure&) override {
    const sink::Answer answer{"Discord", call, alert, response, secrets_};
    const json::object said = sink::object_of(response.body);
    if (response.status == 200 || response.status == 204) return sink::delivered(answer, sink::text_of(said, "id"));
    if (response.status == 404)  // Discord blocks addresses that keep asking for a deleted webhook
      return sink::gone(answer,
                        "the webhook or its thread was deleted; make a new one and put its URL into the settings");
    if (response.status == 429)
      return sink::retry(answer, "too many alerts for now", sink::longer(answer.wait(), said, "retry_after", 1000));
    return sink::by_status(answer);
  }

 private:
  std::string url_, thread_;
  sink::Secrets secrets_;
};

constexpr plugin::Info kInfo{"discord",        "0.1.0",          "Posts alerts to a Discord channel (webhook)",
                             embedded::schema, embedded::sample, 0};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::Discord::create)
