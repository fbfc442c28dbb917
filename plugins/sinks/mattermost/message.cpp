// Limits: developers.mattermost.com, "Incoming webhooks", and the server's source.
#include "message.h"

#include <utility>

#include "common/sink/dress.h"
#include "common/sink/escape.h"
#include "common/sink/layout.h"

namespace earshot {
namespace {

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

}  // namespace

boost::json::object mattermost_attachment(const sink::Card& card) {
  using namespace sink::part;
  const auto one = [](const sink::Spans& spans) { return sink::render(sink::fit(spans, kLine, kMarkdown), kMarkdown); };
  boost::json::object a{
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

}  // namespace earshot
