#include "common/sink/card.h"

#include <algorithm>
#include <earshot/plugin.hpp>
#include <utility>

#include "common/sink/link.h"
#include "common/sink/unicode.h"

namespace earshot::sink {
namespace {

using plugin::view;

constexpr std::size_t kRead = 16'384;  // bytes of a title; more could not be shown

std::string line_of(earshot_str text, std::size_t limit) { return short_line(view(text), limit); }

std::vector<std::string> lines_of(earshot_str text, std::size_t bytes, std::size_t most) {
  if (!text.data) return {};
  std::vector<std::string> lines = clean_lines(head(view(text), bytes));
  if (lines.size() > most) lines.resize(most);
  for (std::string& line : lines) line = truncate(line, kParagraph, Unit::graphemes);
  return lines;
}

// Spans cut to `limit` clusters altogether.
Spans shortened(Spans spans, std::size_t limit) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const std::size_t n = length(spans[i].text, Unit::graphemes);
    if (n <= limit) {
      limit -= n;
      continue;
    }
    spans[i].text = truncate(spans[i].text, limit, Unit::graphemes);
    if (spans[i].text.empty() && i > 0) spans[i - 1].text += "…";
    spans.resize(spans[i].text.empty() ? i : i + 1);
    break;
  }
  return spans;
}

std::string plain(const Spans& spans) {
  std::string out;
  for (const Span& s : spans) out += s.text;
  return out;
}

Entry entry_of(const earshot_mention& m, const earshot_alert& alert) {
  Entry e{};
  e.url = safe_link(view(m.url));
  e.byline = line_of(m.byline, kByline);
  e.title = shortened(clean_spans(head(view(m.title), kRead), {m.title_hits, m.n_title_hits}), kTitle);
  e.snippet = shortened(clean_spans(head(view(m.snippet), kRead), {m.hits, m.n_hits}), kSnippet);
  if (e.title.empty()) e.title.swap(e.snippet);  // a post without a title is its own title
  if (e.title.empty()) e.title.push_back({line_of(alert.untitled, kTitle), false, {}});
  if (plain(e.snippet) == plain(e.title)) e.snippet.clear();
  for (Span& s : e.title) s.url = e.url;
  e.size = line_of(m.figures, kFigures);
  e.severity = std::clamp<std::uint32_t>(m.severity, EARSHOT_SEVERITY_LOW, EARSHOT_SEVERITY_CRITICAL);
  return e;
}

// A language tag that may stand anywhere.
std::string tag_of(earshot_str language) {
  std::string tag(view(language).substr(0, 35));
  const bool fine = !tag.empty() && std::ranges::all_of(tag, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
  return fine ? tag : "en";
}

void add_button(Card& card, std::string label, std::string url) {
  if (label.empty() || url.empty() || card.buttons.size() >= kButtons) return;
  card.buttons.push_back({std::move(label), std::move(url)});
}

bool has_lead(std::uint32_t kind) {
  return kind == EARSHOT_ALERT_MENTION || kind == EARSHOT_ALERT_STORY || kind == EARSHOT_ALERT_GROWTH ||
         kind == EARSHOT_ALERT_ESCALATION || kind == EARSHOT_ALERT_EDIT;
}

std::string first_topic(const earshot_alert& alert) {
  for (std::size_t i = 0; i < std::min(alert.n_mentions, kEntries); ++i)
    if (const earshot_mention m = plugin::read(alert.mentions[i]); m.n_topics > 0)
      if (std::string topic = line_of(m.topics[0], kTopic); !topic.empty()) return topic;
  return {};
}

}  // namespace

Card compose(const earshot_alert& alert) {
  Card card;
  card.kind = alert.kind <= EARSHOT_ALERT_EDIT ? alert.kind : 0;
  card.severity = std::clamp<std::uint32_t>(alert.severity, EARSHOT_SEVERITY_LOW, EARSHOT_SEVERITY_CRITICAL);
  card.language = tag_of(alert.language);
  card.status = line_of(alert.status, kStatus);
  card.topic = first_topic(alert);
  card.headline = line_of(alert.headline, kHeadline);
  card.total = std::max<std::uint64_t>(alert.total, alert.n_mentions);
  for (std::size_t i = 0; i < std::min(alert.n_mentions, kEntries); ++i)
    card.entries.push_back(entry_of(plugin::read(alert.mentions[i]), alert));
  for (std::size_t i = 0; i < std::min(alert.n_more, kEntries + 1); ++i)
    card.more.push_back(line_of(alert.more[i], kHeadline));
  card.lead = has_lead(card.kind) && !card.entries.empty();
  card.lines = lines_of(alert.text, 262'144, kLines);
  if (std::string standing = line_of(alert.standing, kHeadline); !standing.empty())
    card.standing = "✅ " + std::move(standing);
  card.note = lines_of(alert.note, 16'384, kNote);
  if (!card.note.empty()) card.note.front() = "📌 " + std::move(card.note.front());  // not what the author said
  if (card.lead) add_button(card, line_of(alert.open, kLabel), card.entries.front().url);
  for (std::size_t i = 0; i < alert.n_actions; ++i) {
    std::string url = safe_link(view(alert.actions[i].value));
    if (!card.buttons.empty() && url == card.buttons.front().url) continue;
    add_button(card, line_of(alert.actions[i].name, kLabel), std::move(url));
  }
  return card;
}

std::string_view mark(std::uint32_t severity) {
  switch (severity) {
    case EARSHOT_SEVERITY_LOW: return "⚪";
    case EARSHOT_SEVERITY_HIGH: return "🟠";
    case EARSHOT_SEVERITY_CRITICAL: return "🔴";
    default: return "🔵";
  }
}

std::uint32_t colour(std::uint32_t severity) {
  switch (severity) {
    case EARSHOT_SEVERITY_LOW: return 0x8A94A6;
    case EARSHOT_SEVERITY_HIGH: return 0xE8590C;
    case EARSHOT_SEVERITY_CRITICAL: return 0xD92D20;
    default: return 0x2E6FDB;
  }
}

std::string hex_colour(std::uint32_t severity) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out = "#";
  for (int shift = 20; shift >= 0; shift -= 4) out += digits[colour(severity) >> shift & 15];
  return out;
}

std::string_view kind_name(std::uint32_t kind) {
  constexpr std::string_view names[] = {"alert", "mention",    "story",  "growth", "digest", "rollup",
                                        "spike", "escalation", "health", "report", "test",   "edit"};
  return names[kind < std::size(names) ? kind : 0];
}

std::string_view severity_name(std::uint32_t severity) {
  constexpr std::string_view names[] = {"", "low", "normal", "high", "critical"};
  return names[std::clamp<std::uint32_t>(severity, 1, 4)];
}

}  // namespace earshot::sink
