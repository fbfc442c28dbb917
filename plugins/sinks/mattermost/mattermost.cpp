// Mattermost through an incoming webhook: one attachment with the severity's colour. Limits and answers:
// developers.mattermost.com, "Incoming webhooks", and the server's source.
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

constexpr std::size_t kPost = 16'383;  // characters of a post; attachments keep to it all together
constexpr std::size_t kText = 12'000, kLine = 1'000, kFallback = 1'000;

const sink::Syntax kMarkdown{sink::Unit::code_points,
                             sink::escape::mattermost,
                             sink::dress::markdown_bold,
                             sink::dress::markdown_link,
                             "• ",
                             "> ",
                             "\n"};  // a quote ends with an empty line, or what follows would belong to it
const sink::Syntax kLinkedTitle{sink::Unit::code_points, sink::escape::mattermost_title, sink::dress::plain,
                                sink::dress::label_only};
static_assert(kText + 2 * kLine + kFallback <= kPost);

json::object attachment(const sink::Card& card) {
  using namespace sink::part;
  const auto one = [](const sink::Spans& spans) { return sink::render(sink::fit(spans, kLine, kMarkdown), kMarkdown); };
  json::object a{
      {"fallback", sink::render(sink::layout(card, sink::kPlain, kFallback, everything & ~buttons), sink::kPlain)},
      {"color", sink::hex_colour(card.severity)},
      {"pretext", one({{card.status, false, {}}})}};
  unsigned parts = headline | details | body | buttons;
  if (card.lead) {
    sink::Spans title = card.entries.front().title;
    for (sink::Span& s : title) s = {s.text, false, {}};  // the whole title is the link
    const std::string& url = card.entries.front().url;
    const sink::Syntax& syntax = url.empty() ? kMarkdown : kLinkedTitle;
    a["title"] = sink::render(sink::fit(std::move(title), kLine, syntax), syntax);
    if (!url.empty()) a["title_link"] = url;
  }
  a["text"] = sink::render(sink::layout(card, kMarkdown, kText, parts), kMarkdown);
  return a;
}

class Mattermost final : public sink::WebhookSink {
 public:
  Mattermost(const sink::Settings& settings, Failure& failure)
      : WebhookSink("Mattermost", settings, failure), silent_(settings.flag("silent", false)) {}

  std::string body(const earshot_alert& alert) override {
    json::object body{{"attachments", json::array{attachment(sink::compose(alert))}}};
    if (silent_) body["silent"] = true;
    return json::serialize(body);
  }

  Outcome judge(const sink::Answer& answer) override {
    if (answer.response.status == 200 && sink::trimmed(answer.response.body) != "ok")
      return sink::retry(answer, "that is not Mattermost's \"ok\"; is there a login page or a proxy in between?");
    return sink::by_status(answer);
  }

 private:
  bool silent_;
};

constexpr plugin::Info kInfo{"mattermost",
                             "0.1.0",
                             "Posts alerts to a Mattermost channel (incoming webhook)",
                             embedded::schema,
                             embedded::sample,
                             0,
                             {},
                             sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Mattermost>)
