// Limits: docs.slack.dev, "Block Kit reference"; the sum below 12,000 because longer sets of lawful blocks were
// refused.
#include "message.h"

#include <utility>

#include "common/sink/escape.h"
#include "common/sink/layout.h"

namespace earshot {
namespace {

namespace json = boost::json;

constexpr std::size_t kBlocksTotal = 11'000;  // UTF-16 units of all texts and links
constexpr std::size_t kButtonsTotal = 4'000;  // of these
constexpr std::size_t kFallback = 1'000;      // bytes of `text`: a notification shows far less
constexpr std::size_t kButtonText = 75;
constexpr std::size_t kText = 3'000;         // of one text element
constexpr std::size_t kContextText = 1'000;  // of 3,000 that a text object holds

// What a link costs counts too: the whole message has a ceiling, not only what is seen.
const sink::Syntax kRich{
    sink::Unit::utf16, sink::escape::slack_unparsed, [](std::string_view text, std::string& out) { out += text; },
    [](std::string_view text, std::string_view url, std::string& out) { out.append(text).append(url); }};
const sink::Syntax kMrkdwn{sink::Unit::bytes, sink::escape::slack,
                           [](std::string_view text, std::string& out) { out += text; },
                           [](std::string_view text, std::string_view, std::string& out) { out += text; }};

json::value plain_text(const std::string& text, std::size_t limit) {
  return {{"type", "plain_text"},
          {"text", sink::truncate(sink::render({{text, false, {}}}, kRich), limit, sink::Unit::utf16)},
          {"emoji", false}};
}

json::array elements(const sink::Spans& spans) {
  json::array out;
  for (const sink::Span& s : spans) {
    json::object e{{"type", s.url.empty() ? "text" : "link"},
                   {"text", sink::truncate(sink::render({{s.text, false, {}}}, kRich), kText, sink::Unit::utf16)}};
    if (!s.url.empty()) e["url"] = s.url;
    if (s.bold) e["style"] = {{"bold", true}};
    out.push_back(std::move(e));
  }
  return out;
}

// Lines become sections, quotes and one list of a rich_text block.
json::value rich_text(const std::vector<sink::Line>& lines) {
  json::array out;
  std::string_view line_break = "\n";
  for (const sink::Line& line : lines) {
    if (sink::render(line.spans, kRich).empty()) {  // Slack refuses empty texts: the break before the next one doubles
      line_break = "\n\n";
      continue;
    }
    json::object section{{"type", line.form == sink::Form::quote ? "rich_text_quote" : "rich_text_section"},
                         {"elements", elements(line.spans)}};
    if (line.form == sink::Form::bullet) {
      if (out.empty() || out.back().at("type") != "rich_text_list")
        out.push_back({{"type", "rich_text_list"}, {"style", "bullet"}, {"elements", json::array{}}});
      out.back().at("elements").as_array().push_back(std::move(section));
      continue;
    }
    // Sections follow each other without a line break of their own; quotes and lists have one.
    const bool after_section = !out.empty() && out.back().at("type") == "rich_text_section";
    if (after_section && line.form != sink::Form::quote) {
      json::array& before = out.back().at("elements").as_array();
      before.push_back({{"type", "text"}, {"text", std::exchange(line_break, "\n")}});
      for (json::value& e : section["elements"].as_array()) before.push_back(std::move(e));
      continue;
    }
    out.push_back(std::move(section));
  }
  return {{"type", "rich_text"}, {"elements", std::move(out)}};
}

json::array blocks(const sink::Card& card) {
  json::array buttons;
  std::size_t used = kContextText;
  for (const sink::Button& b : card.buttons) {
    const std::size_t cost = kButtonText + b.url.size();
    if (used + cost > kContextText + kButtonsTotal) continue;
    used += cost;
    buttons.push_back({{"type", "button"}, {"text", plain_text(b.label, kButtonText)}, {"url", b.url}});
  }
  json::array out;
  out.push_back({{"type", "context"}, {"elements", json::array{plain_text(card.status, kContextText)}}});
  const auto lines = sink::layout(card, kRich, kBlocksTotal - used,
                                  sink::part::headline | sink::part::title | sink::part::details | sink::part::body);
  if (json::value rich = rich_text(lines); !rich.at("elements").as_array().empty()) out.push_back(std::move(rich));
  if (!buttons.empty()) out.push_back({{"type", "actions"}, {"elements", std::move(buttons)}});
  return out;
}

}  // namespace

json::object slack_message(const sink::Card& card) {
  const auto fallback = sink::layout(card, kMrkdwn, kFallback, sink::part::everything & ~sink::part::buttons);
  return {{"text", sink::render(fallback, kMrkdwn)}, {"blocks", blocks(card)}};
}

}  // namespace earshot
