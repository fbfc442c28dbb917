#include "plugin/alert_view.h"

#include <algorithm>
#include <string_view>

namespace earshot::host {
namespace {

// Absent is {NULL, 0}, which every sink may test for; an empty text of ours says nothing more than that.
earshot_str str(std::string_view s) { return s.empty() ? earshot_str{} : earshot_str{s.data(), s.size()}; }

// The contract promises ascending spans that do not overlap and lie within the text; alerts are read back from disk.
std::vector<earshot_span> spans(std::vector<Span> from, std::size_t size) {
  std::ranges::sort(from, {}, &Span::start);
  std::vector<earshot_span> out;
  out.reserve(from.size());
  for (const Span& s : from) {
    if (s.start >= s.end || s.end > size) continue;
    if (!out.empty() && s.start < out.back().end)
      out.back().end = std::max(out.back().end, s.end);
    else
      out.push_back({s.start, s.end});
  }
  return out;
}

std::vector<earshot_pair> pairs(const std::vector<std::pair<std::string, std::string>>& from) {
  std::vector<earshot_pair> out;
  out.reserve(from.size());
  for (const auto& [name, value] : from) out.push_back({str(name), str(value)});
  return out;
}

}  // namespace

void AlertView::fill(Parts& parts, const Mention& m, Time created, const AlertContext& context) {
  parts.texts = texts_of(m, created, context);
  parts.hits = spans(m.snippet_hits, m.snippet.size());
  parts.title_hits = spans(m.title_hits, m.item.title.size());
  parts.topics.reserve(m.matches.size());
  for (const TopicMatch& match : m.matches) parts.topics.push_back(str(match.topic));
  parts.labels = pairs(m.labels);
  parts.engagement.reserve(m.item.engagement.size());
  for (const Number& n : m.item.engagement) parts.engagement.push_back({str(n.name), n.value});

  earshot_mention& out = parts.mention;
  out.size = sizeof out;
  out.severity = static_cast<std::uint32_t>(m.severity);
  out.id = str(m.id);
  out.source = str(m.source);
  out.site = str(m.site);
  out.url = str(m.item.url);
  out.title = str(m.item.title);
  out.snippet = str(m.snippet);
  out.hits = parts.hits.data();
  out.n_hits = parts.hits.size();
  out.title_hits = parts.title_hits.data();
  out.n_title_hits = parts.title_hits.size();
  out.author = str(m.item.author);
  out.language = m.language == "und" ? earshot_str{} : str(m.language);
  out.when = str(parts.texts.when);
  out.published = m.item.published ? to_ms(*m.item.published) : EARSHOT_NO_TIME;
  out.seen = to_ms(m.seen);
  out.topics = parts.topics.data();
  out.n_topics = parts.topics.size();
  out.labels = parts.labels.data();
  out.n_labels = parts.labels.size();
  out.engagement = parts.engagement.data();
  out.n_engagement = parts.engagement.size();
  out.byline = str(parts.texts.byline);
  out.figures = str(parts.texts.figures);
}

AlertView::AlertView(const Alert& alert, std::uint32_t attempt, const AlertContext& context)
    : actions_(pairs(alert.actions)), texts_(texts_of(alert, context)) {
  mentions_.reserve(alert.mentions.size());
  for (const Mention& mention : alert.mentions) {
    Parts& parts = parts_.emplace_back();
    fill(parts, mention, alert.created, context);
    mentions_.push_back(&parts.mention);
  }
  alert_.size = sizeof alert_;
  alert_.kind = static_cast<std::uint32_t>(alert.kind);
  alert_.severity = static_cast<std::uint32_t>(alert.severity);
  alert_.attempt = attempt;
  alert_.delivery_id = str(alert.delivery_id);
  alert_.channel = str(alert.channel);
  alert_.headline = str(alert.headline);
  alert_.text = str(alert.text);
  alert_.created = to_ms(alert.created);
  alert_.mentions = mentions_.data();
  alert_.n_mentions = mentions_.size();
  alert_.total = alert.total;
  alert_.actions = actions_.data();
  alert_.n_actions = actions_.size();
  alert_.language = str(context.texts->language());
  alert_.story = str(alert.story);
  alert_.edits = str(alert.edits);
  alert_.thread = str(alert.thread);
  alert_.standing = str(alert.standing);
  alert_.status = str(texts_.status);
  alert_.open = str(texts_.open);
  alert_.untitled = str(texts_.untitled);
  alert_.note = str(texts_.note);
  for (const std::string& more : texts_.more) more_.push_back(str(more));
  alert_.more = more_.data();
  alert_.n_more = more_.size();
}

}  // namespace earshot::host
