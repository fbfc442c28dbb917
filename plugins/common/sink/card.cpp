#include "common/sink/card.h"

#include <algorithm>
#include <cmath>
#include <earshot/plugin.hpp>
#include <span>

#include "common/sink/event.h"
#include "common/sink/link.h"
#include "common/sink/unicode.h"

namespace earshot::sink {
namespace {

using plugin::view;

// As much of a text as could be shown: whoever writes a title of a megabyte pays for the first part only.
constexpr std::size_t kRead = 16'384;      // bytes; clusters of honest texts have fewer than 50
constexpr std::size_t kReadMentions = 50;  // for the topics of a long digest

std::string_view head(std::string_view text, std::size_t bytes = kRead) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::string short_line(earshot_str text, std::size_t limit) {
  return truncate(clean_line(head(view(text), limit * 64)), limit, Unit::graphemes);
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

void join(std::string& to, std::string_view piece) {
  if (piece.empty()) return;
  if (!to.empty()) to += " · ";
  to += piece;
}

std::string size_of(const earshot_mention& m, const Words& words) {
  std::string out;
  const std::span<const earshot_number> counts(m.engagement, std::min<std::size_t>(m.n_engagement, 50));
  const auto add = [&](const earshot_number& n, std::string_view name) {
    // Ratios and negative scores are for rules, not for a glance; doubles hold whole counts up to 2^53.
    if (!(n.value >= 1) || n.value > 9007199254740992.0 || n.value != std::floor(n.value)) return;
    join(out, number(words, static_cast<std::uint64_t>(n.value)) + " " + std::string(name));
  };
  for (std::size_t i = 0; i < kCounts.size(); ++i)
    for (const earshot_number& n : counts)
      if (view(n.name) == kCounts[i]) add(n, words.counts[i]);
  std::size_t unknown = 0;
  for (const earshot_number& n : counts)
    if (std::ranges::find(kCounts, view(n.name)) == kCounts.end() && ++unknown <= 3) add(n, short_line(n.name, 20));
  return out;
}

// "Mon 23 Nov 2026 21:10 CET" without the year when it is the alert's own: nobody needs to be told, and the rest fits
// into one line of a phone.
std::string without_year(std::string when, std::int64_t created) {
  const std::string year = " " + rfc3339(created).substr(0, 4) + " ";
  if (const std::size_t at = when.find(year); year.size() == 6 && at != std::string::npos) when.erase(at, 5);
  return when;
}

Entry entry_of(const earshot_mention& m, const Words& words, std::int64_t created) {
  Entry e{};
  e.url = safe_link(view(m.url));
  e.where = e.url.empty() ? std::string{} : shown_host(e.url);
  if (e.where.empty()) e.where = short_line(m.source, kAuthor);
  e.author = short_line(m.author, kAuthor);
  e.when = without_year(short_line(m.when, kWhen), created);
  e.title = shortened(clean_spans(head(view(m.title)), {m.title_hits, m.n_title_hits}), kTitle);
  e.snippet = shortened(clean_spans(head(view(m.snippet)), {m.hits, m.n_hits}), kSnippet);
  if (e.title.empty()) e.title.swap(e.snippet);  // a post without a title is its own title
  if (e.title.empty()) e.title.push_back({std::string(words.untitled), false, {}});
  if (plain(e.snippet) == plain(e.title)) e.snippet.clear();
  for (Span& s : e.title) s.url = e.url;
  e.size = size_of(m, words);
  e.severity = std::clamp<std::uint32_t>(m.severity, EARSHOT_SEVERITY_LOW, EARSHOT_SEVERITY_CRITICAL);
  return e;
}

void add_button(Card& card, std::string label, std::string url) {
  if (label.empty() || url.empty() || card.buttons.size() >= kButtons) return;
  card.buttons.push_back({std::move(label), std::move(url)});
}

bool has_lead(std::uint32_t kind) {
  return kind == EARSHOT_ALERT_MENTION || kind == EARSHOT_ALERT_STORY || kind == EARSHOT_ALERT_GROWTH ||
         kind == EARSHOT_ALERT_ESCALATION || kind == EARSHOT_ALERT_EDIT;
}

}  // namespace

Card compose(const earshot_alert& alert) {
  Card card;
  card.kind = alert.kind <= EARSHOT_ALERT_EDIT ? alert.kind : 0;
  card.severity = std::clamp<std::uint32_t>(alert.severity, EARSHOT_SEVERITY_LOW, EARSHOT_SEVERITY_CRITICAL);
  card.words = &words(view(alert.language));
  card.headline = short_line(alert.headline, kHeadline);
  card.total = std::max<std::uint64_t>(alert.total, alert.n_mentions);
  for (std::size_t i = 0; i < std::min(alert.n_mentions, kReadMentions); ++i) {
    const earshot_mention m = plugin::read(alert.mentions[i]);
    if (i < kEntries) card.entries.push_back(entry_of(m, *card.words, alert.created));
    for (std::size_t t = 0; t < std::min(m.n_topics, kTopics) && card.topics.size() < kTopics; ++t) {
      std::string topic = short_line(m.topics[t], kTopic);
      if (!topic.empty() && std::ranges::find(card.topics, topic) == card.topics.end())
        card.topics.push_back(std::move(topic));
    }
  }
  card.lead = has_lead(card.kind) && !card.entries.empty();
  if (alert.text.data) card.lines = clean_lines(head(view(alert.text), 262'144));
  if (card.lines.size() > kLines) card.lines.resize(kLines);
  for (std::string& line : card.lines) line = truncate(line, kParagraph, Unit::graphemes);
  if (std::string standing = short_line(alert.standing, kHeadline); !standing.empty())
    card.standing = "✅ " + std::move(standing);
  if (card.lead) add_button(card, std::string(card.words->open), card.entries.front().url);
  for (std::size_t i = 0; i < alert.n_actions; ++i) {
    std::string url = safe_link(view(alert.actions[i].value));
    if (!card.buttons.empty() && url == card.buttons.front().url) continue;
    add_button(card, short_line(alert.actions[i].name, kLabel), std::move(url));
  }
  return card;
}

std::string status(const Card& card) {
  std::string out(mark(card.severity));
  out += ' ';
  out += card.words->severity[card.severity];
  join(out, card.words->kind[card.kind]);
  if (card.total > 1) join(out, mentions(*card.words, card.total));
  for (const std::string& topic : card.topics) join(out, topic);
  return out;
}

std::string byline(const Entry& entry) {
  std::string out = entry.where;
  join(out, entry.author);
  join(out, entry.when);
  return out;
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
