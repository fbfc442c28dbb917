// Microsoft Teams through a Power Automate workflow ("When a Teams webhook request is received"): an Adaptive Card 1.4,
// which renders everywhere. Foreign text stands in TextRuns, which are not Markdown. Teams answers 202 before the card
// is looked at, so a card that is too large fails later and unseen: 28 KB is what it stores, in a longer form of its
// own; requests of 20 KB were never refused. Limits: learn.microsoft.com, "Create incoming webhooks with Workflows".
#include <boost/json.hpp>
#include <earshot/plugin.hpp>
#include <utility>

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

constexpr std::size_t kRequest = 20'000;  // bytes
constexpr std::size_t kLabel = 40;

const sink::Syntax kRun{
    sink::Unit::bytes, sink::escape::pings, sink::dress::plain,
    [](std::string_view text, std::string_view url, std::string& out) { out.append(text).append(url); }};
const sink::Syntax kTextBlock{sink::Unit::bytes, sink::escape::teams, sink::dress::plain, sink::dress::label_only};

// The card schema's names for colours that both themes have.
std::string_view colour_name(std::uint32_t severity) {
  switch (severity) {
    case EARSHOT_SEVERITY_LOW: return "Default";
    case EARSHOT_SEVERITY_HIGH: return "Warning";
    case EARSHOT_SEVERITY_CRITICAL: return "Attention";
    default: return "Accent";
  }
}

json::object open(const std::string& url) { return {{"type", "Action.OpenUrl"}, {"url", url}}; }

json::array runs(const sink::Line& line) {
  json::array out;
  if (line.form == sink::Form::bullet) out.push_back({{"type", "TextRun"}, {"text", "• "}});
  for (const sink::Span& s : line.spans) {
    json::object run{{"type", "TextRun"}, {"text", sink::render({{s.text, false, {}}}, kRun)}};
    if (line.form == sink::Form::aside) run["isSubtle"] = true;
    if (s.bold) run["weight"] = "Bolder";
    if (!s.url.empty()) run["selectAction"] = open(s.url);
    out.push_back(std::move(run));
  }
  return out;
}

json::object card_of(const sink::Card& card, std::size_t room) {
  using namespace sink::part;
  json::array blocks{{{"type", "TextBlock"},
                      {"text", sink::render({{card.status, false, {}}}, kTextBlock)},
                      {"wrap", true},
                      {"weight", "Bolder"},
                      {"size", "Small"},
                      {"color", colour_name(card.severity)}}};
  std::string_view spacing = "Small";
  for (const sink::Line& line : sink::layout(card, kRun, room, headline | title | details | sink::part::body)) {
    json::array inlines = runs(line);
    if (sink::render(line.spans, kRun).empty()) {  // an empty line: more space before the next one
      spacing = "Medium";
      continue;
    }
    json::object block{{"type", "RichTextBlock"}, {"inlines", std::move(inlines)}};
    if (line.form == sink::Form::quote)
      block = {{"type", "Container"}, {"style", "emphasis"}, {"items", json::array{std::move(block)}}};
    if (line.form != sink::Form::quote) block["spacing"] = std::exchange(spacing, "Small");
    blocks.push_back(std::move(block));
  }
  json::object out{
      {"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
      {"type", "AdaptiveCard"},
      {"version", "1.4"},
      {"fallbackText", sink::render(sink::layout(card, kTextBlock, 500, status | headline | title), kTextBlock)},
      {"msteams", {{"width", "Full"}}},
      {"body", std::move(blocks)}};
  json::array actions;
  std::size_t links = 0;
  for (const sink::Button& b : card.buttons) {
    if ((links += b.url.size()) > room) break;
    json::object action = open(b.url);
    action["title"] = sink::truncate(sink::render({{b.label, false, {}}}, kRun), kLabel, sink::Unit::graphemes);
    actions.push_back(std::move(action));
  }
  if (!actions.empty()) out["actions"] = std::move(actions);
  return out;
}

class Teams final : public sink::WebhookSink {
 public:
  Teams(const sink::Settings& settings, Failure& failure)
      : WebhookSink("Teams", settings, failure), connector_(url_.find(".webhook.office.com/") != std::string::npos) {}

  std::string body(const earshot_alert& alert) override {
    const sink::Card card = sink::compose(alert);
    return sink::within(kRequest, 12'000, [&](std::size_t room) {
      return json::serialize(
          json::object{{"type", "message"},
                       {"attachments", json::array{{{"contentType", "application/vnd.microsoft.card.adaptive"},
                                                    {"contentUrl", nullptr},
                                                    {"content", card_of(card, room)}}}}});
    });
  }

  Outcome judge(const sink::Answer& answer) override {
    // An old Office 365 connector says "1", or 200 with a text in which Teams' own answer is told.
    const std::string_view said = sink::trimmed(answer.response.body);
    const bool told = said.find("HTTP error") != std::string_view::npos;
    if (answer.response.status == 200 && (told || (connector_ && !said.empty() && said != "1"))) {
      if (said.find("HTTP error 4") != std::string_view::npos && said.find("HTTP error 429") == std::string_view::npos)
        return sink::rejected(answer, "Teams did not take the card from the connector");
      return sink::retry(answer, "the connector could not post; make a workflow instead, connectors have ended");
    }
    return sink::by_status(answer);
  }

 private:
  bool connector_;
};

constexpr earshot_rate kRates[] = {
    {4, 1'000},
    {60, 30'000},
    {100, 3'600'000},
    {150, 7'200'000},
    {1'800, 86'400'000}};  // learn.microsoft.com, "Rate limiting for connectors": what a webhook may post

constexpr plugin::Info kInfo{"teams",          "0.1.0",          "Posts alerts to Microsoft Teams (Workflows webhook)",
                             embedded::schema, embedded::sample, 0,
                             kRates,           sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Teams>)
