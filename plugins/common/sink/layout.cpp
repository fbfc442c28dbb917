#include "common/sink/layout.h"

#include <algorithm>
#include <utility>

#include "common/sink/dress.h"
#include "common/sink/escape.h"
#include "common/text/utf8.h"

namespace earshot::sink {
namespace {

constexpr std::size_t kListTitle = 120;  // clusters of a title inside a list

std::string escaped(std::string_view text, const Syntax& syntax) {
  std::string out;
  char32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const text::Decoded c = text::decode_utf8(text, at);
    syntax.escape(before, c.value, out);
    before = c.value;
    at += c.length;
  }
  return out;
}

// Most syntaxes take "** word**" for asterisks, so outer spaces stay outside.
template <class Dress>
void between_spaces(std::string_view text, std::string& out, Dress dress) {
  const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t last = text.find_last_not_of(' ') + 1;
  out.append(text.substr(0, first));
  if (first < last) dress(text.substr(first, last - first));
  if (first < text.size()) out.append(text.substr(last));
}

void write(const Span& span, const Syntax& syntax, std::string& out) {
  between_spaces(span.text, out, [&](std::string_view text) {
    if (span.bold)
      syntax.bold(escaped(text, syntax), out);
    else
      out += escaped(text, syntax);
  });
}

// Neighbours with the same URL are one link.
void write(const Spans& spans, const Syntax& syntax, std::string& out) {
  for (std::size_t i = 0; i < spans.size();) {
    if (spans[i].url.empty()) {
      write(spans[i++], syntax, out);
      continue;
    }
    const std::string& url = spans[i].url;
    std::string inner;
    for (; i < spans.size() && spans[i].url == url; ++i) write(spans[i], syntax, inner);
    between_spaces(inner, out, [&](std::string_view text) { syntax.link(text, url, out); });
  }
}

std::size_t cost(const Spans& spans, const Syntax& syntax) {
  std::string out;
  write(spans, syntax, out);
  return length(out, syntax.unit);
}

std::string_view opening(Form form, const Syntax& syntax) {
  return form == Form::quote ? syntax.quote : form == Form::bullet ? syntax.bullet : std::string_view{};
}

void render(const Line& line, const Syntax& syntax, std::string& out) {
  out += opening(line.form, syntax);
  write(line.spans, syntax, out);
  if (line.form == Form::quote) out += syntax.quote_end;
}

// Lines while there is room.
class Page {
 public:
  Page(const Syntax& syntax, std::size_t limit) : syntax_(syntax), room_(limit) {}

  std::size_t cost(const Line& line) const {
    std::string out;
    render(line, syntax_, out);
    return length(out, syntax_.unit) + end();
  }
  void reserve(std::size_t n) { room_ -= n; }  // at most room()
  void release(std::size_t n) { room_ += n; }
  std::size_t room() const { return room_; }

  bool add(Line line) {
    const std::size_t need = cost(line);
    if (need > room_) return false;
    room_ -= need;
    lines_.push_back(std::move(line));
    return true;
  }
  // As much of the line as fits.
  void squeeze(Line line) {
    const std::size_t frame = cost({line.form, {}});
    if (frame >= room_) return;
    line.spans = fit(std::move(line.spans), room_ - frame, syntax_);
    if (!line.spans.empty()) add(std::move(line));
  }
  std::vector<Line> take() { return std::move(lines_); }

 private:
  std::size_t end() const { return length(syntax_.line_end, syntax_.unit); }

  const Syntax& syntax_;
  std::size_t room_;
  std::vector<Line> lines_;
};

Line said(std::string text, Form form = Form::plain, bool bold = false) {
  return {form, {Span{std::move(text), bold, {}}}};
}

// Where spans may be cut: after a cluster.
struct Place {
  std::size_t span, byte;
};

std::vector<Place> cuts(const Spans& spans) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < spans.size(); ++i)
    for (std::size_t at = 0; at < spans[i].text.size();) places.push_back({i, at = cluster_end(spans[i].text, at)});
  return places;
}

Spans cut_at(const Spans& spans, const Place& place) {
  Spans out(spans.begin(), spans.begin() + static_cast<std::ptrdiff_t>(place.span) + 1);
  std::string& last = out.back().text;
  last.resize(place.byte);
  while (!last.empty() && last.back() == ' ') last.pop_back();
  last += "…";
  return out;
}

Spans cut(const Spans& spans, std::size_t clusters) {
  const std::vector<Place> places = cuts(spans);
  return places.size() <= clusters ? spans : cut_at(spans, places[clusters - 1]);
}

// The whole text in one dress.
Span in_one(const Spans& spans, bool bold) {
  Span out{{}, bold, spans.empty() ? std::string{} : spans.front().url};
  for (const Span& s : spans) out.text += s.text;
  return out;
}

Line listed(const Entry& entry, bool marked) {
  Line line{Form::bullet, {}};
  if (marked) line.spans.push_back({std::string(mark(entry.severity)) + " ", false, {}});
  line.spans.push_back(in_one(cut(entry.title, kListTitle), false));  // links stand out enough in a list
  if (!entry.byline.empty()) line.spans.push_back({" — " + entry.byline, false, {}});
  return line;
}

// A report quotes: what was said, and below it who said it, which is the link of what has no title.
bool add_quoted(const Entry& entry, Page& page) {
  const bool titled = !entry.snippet.empty();
  Line quote{Form::quote, titled ? entry.snippet : entry.title};
  for (Span& span : quote.spans) span.url.clear();
  Line by{Form::aside, {}};
  if (titled) by.spans = {in_one(cut(entry.title, kListTitle), false), {" — ", false, {}}};
  by.spans.push_back({entry.byline, false, titled ? std::string{} : entry.url});
  if (page.cost(quote) + page.cost(by) > page.room()) return false;
  return page.add(std::move(quote)) && page.add(std::move(by));
}

Line buttons_line(const Card& card, const Page& page, std::size_t limit) {
  Line line{Form::buttons, {}};
  for (const Button& b : card.buttons) {
    Line longer = line;
    if (!longer.spans.empty()) longer.spans.push_back({" · ", false, {}});
    longer.spans.push_back({b.label, false, b.url});
    if (page.cost(longer) <= limit) line = std::move(longer);
  }
  return line;
}

void lead(const Card& card, unsigned parts, Page& page) {
  const Entry& e = card.entries.front();
  if (parts & part::title) {
    Line title{Form::plain, {in_one(e.title, true)}};
    if (!page.add(title)) {
      title.spans.front().url.clear();  // a long link is dearer than the words
      page.squeeze(std::move(title));
    }
  }
  if (!(parts & part::details)) return;
  if (!e.byline.empty()) page.squeeze(said(e.byline, Form::aside));
  if (!e.snippet.empty()) page.squeeze({Form::quote, e.snippet});
  if (!e.size.empty()) page.add(said(e.size, Form::aside));
}

void told(const Card& card, Page& page) {
  for (const std::string& line : card.lines) {
    if (page.add(said(line))) continue;
    page.squeeze(said(line));
    break;
  }
  if (card.kind == EARSHOT_ALERT_REPORT) {
    if (!card.lines.empty() && !card.entries.empty()) page.add({});
    for (const Entry& entry : card.entries)
      if (!add_quoted(entry, page)) break;
    return;
  }
  const std::size_t first = card.lead ? 1 : 0;
  const auto more = [&](std::size_t shown) { return said(shown < card.more.size() ? card.more[shown] : "…"); };
  const std::size_t tail = page.cost(more(first));
  const bool reserved = card.total > first && tail <= page.room();
  if (reserved) page.reserve(tail);
  // Where all are of one severity the status has said it.
  const bool marked = std::ranges::any_of(card.entries, [&](const Entry& e) { return e.severity != card.severity; });
  std::size_t shown = first;
  while (shown < card.entries.size() && page.add(listed(card.entries[shown], marked))) ++shown;
  if (reserved) page.release(tail);
  if (card.total > shown && shown > 0) page.add(more(shown));
}

// The team's note stands below whatever else is told, set apart from it, and has its room first.
void body(const Card& card, Page& page) {
  std::size_t room = card.note.empty() ? 0 : page.cost({});
  for (const std::string& line : card.note) room += page.cost(said(line));
  const bool reserved = room <= page.room();
  if (reserved) page.reserve(room);
  told(card, page);
  if (reserved) page.release(room);
  if (!card.note.empty()) page.add({});
  for (const std::string& line : card.note) page.squeeze(said(line));
}

}  // namespace

std::string render(const Spans& spans, const Syntax& syntax) {
  std::string out;
  write(spans, syntax, out);
  return out;
}

std::string render(const std::vector<Line>& lines, const Syntax& syntax) {
  std::string out;
  for (const Line& line : lines) {
    if (&line != &lines.front()) out += syntax.line_end;
    render(line, syntax, out);
  }
  return out;
}

Spans fit(Spans spans, std::size_t limit, const Syntax& syntax) {
  if (cost(spans, syntax) <= limit) return spans;
  const std::vector<Place> places = cuts(spans);
  // The longest beginning whose rendering fits: markup makes the cost jump, so each guess is rendered and measured.
  std::size_t low = 0, high = places.size();
  Spans best;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    Spans guess = cut_at(spans, places[middle]);
    if (cost(guess, syntax) <= limit) {
      best = std::move(guess);
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return best;
}

std::vector<Line> layout(const Card& card, const Syntax& syntax, std::size_t limit, unsigned parts) {
  Page page(syntax, limit);
  Line links;
  std::size_t links_cost = 0;
  if (parts & part::buttons) {
    links = buttons_line(card, page, limit / 2);
    links_cost = links.spans.empty() ? 0 : page.cost({}) + page.cost(links);  // an empty line sets them apart
    page.reserve(links_cost);
  }
  if (parts & part::status) page.squeeze(said(card.status));
  if ((parts & part::body) && !card.standing.empty()) page.squeeze(said(card.standing, Form::plain, true));
  if ((parts & part::headline) && !card.headline.empty()) page.squeeze(said(card.headline, Form::plain, true));
  if (card.lead) lead(card, parts, page);
  if (parts & part::body) body(card, page);
  page.release(links_cost);
  if (!links.spans.empty()) {
    page.add({});
    page.add(std::move(links));
  }
  return page.take();
}

const Syntax kPlain{Unit::bytes, escape::pings, dress::plain, dress::label_only};

}  // namespace earshot::sink
