// Limits and Markdown: the server's source and its @rocket.chat/message-parser.
#include "message.h"

#include <array>
#include <utility>

#include "common/sink/dress.h"
#include "common/sink/escape.h"
#include "common/sink/layout.h"

namespace earshot {
namespace {

namespace json = boost::json;

constexpr std::size_t kMessage = 5'000;  // characters, the server's default Message_MaxAllowedSize
constexpr std::size_t kStatus = 500, kStanding = 500, kTitle = 300, kText = 3'500;
static_assert(kStatus + kStanding + kTitle + kText + 1 <= kMessage);

// Bold text and link labels know no escapes: there the escaped characters give way to ones that look like them.
std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t found =
        i + 1 < text.size() && text[i] == '\\' ? std::string_view("*_~`").find(text[i + 1]) : std::string_view::npos;
    if (found == std::string_view::npos) {
      out += text[i];
      continue;
    }
    constexpr std::array<std::string_view, 4> alike{"∗", "ˍ", "∼", "ˋ"};
    out += alike[found];
    ++i;
  }
  return out;
}

void bold(std::string_view text, std::string& out) { out.append("*").append(without_escapes(text)).append("*"); }

void link(std::string_view text, std::string_view url, std::string& out) {
  sink::dress::markdown_link(without_escapes(text), url, out);
}

const sink::Syntax kMarkdown{sink::Unit::code_points, sink::escape::rocketchat, bold, link};
const sink::Syntax kTitleText{sink::Unit::code_points, sink::escape::pings, sink::dress::plain,
                              sink::dress::label_only};

std::string line(const sink::Spans& spans, std::size_t limit, const sink::Syntax& syntax) {
  return sink::render(sink::fit(spans, limit, syntax), syntax);
}

}  // namespace

json::object rocketchat_message(const sink::Card& card) {
  using namespace sink::part;
  json::object a{{"color", sink::hex_colour(card.severity)}};
  if (card.lead) {
    a["title"] = line(card.entries.front().title, kTitle, kTitleText);
    if (!card.entries.front().url.empty()) a["title_link"] = card.entries.front().url;
  }
  a["text"] = sink::render(sink::layout(card, kMarkdown, kText, headline | details | body | buttons), kMarkdown);
  return {{"text", line({{card.status, false, {}}}, kStatus, kMarkdown)},
          {"parseUrls", false},
          {"attachments", json::array{std::move(a)}}};
}

std::string rocketchat_bot_text(const sink::Card& card) {
  std::string text = card.standing.empty() ? "" : line({{card.standing, true, {}}}, kStanding, kMarkdown) + "\n";
  return text + line({{card.status, false, {}}}, kStatus, kMarkdown);
}

json::object rocketchat_bot_message(sink::Card card) {
  const std::string text = rocketchat_bot_text(card);
  card.standing.clear();
  json::object message = rocketchat_message(card);
  message["text"] = text;
  return message;
}

}  // namespace earshot
