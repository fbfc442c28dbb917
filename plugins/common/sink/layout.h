// A card as lines of text in a target's syntax, within the target's limit, whole clusters, escapes and links only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/sink/card.h"
#include "common/sink/unicode.h"

namespace earshot::sink {

// How a target writes text. Plain functions: a syntax is a constant of its sink.
struct Syntax {
  Unit unit;  // what the target's limit counts, markup included
  // Appends `c` so that it is only ever a character; `before` is the one before it in the span, 0 at the start.
  void (*escape)(char32_t before, char32_t c, std::string& out);
  // Append escaped text (never empty, no outer spaces) in bold, and what was dressed so far as a link to a safe URL.
  void (*bold)(std::string_view escaped, std::string& out);
  void (*link)(std::string_view dressed, std::string_view url, std::string& out);
  std::string_view bullet = "• ", quote = "> ", quote_end = "", line_end = "\n";
};

// An aside may be shown smaller or paler: who, where, when, and how big.
enum class Form { plain, aside, quote, bullet, buttons };

struct Line {
  Form form = Form::plain;
  Spans spans;
};

// What of a card is laid out; sinks leave out what they show in a native place.
namespace part {
enum Part : unsigned {
  status = 1,    // severity, kind, how many, topics
  headline = 2,  // the alert's headline
  title = 4,     // the leading mention's title
  details = 8,   // its by-line, snippet and size
  body = 16,     // before the others what became of it; paragraphs, the list of the other mentions, the note
  buttons = 32,  // as links
  everything = 63
};
}  // namespace part

std::string render(const Spans& spans, const Syntax& syntax);
std::string render(const std::vector<Line>& lines, const Syntax& syntax);

// `spans` so that their rendering takes at most `limit` of the syntax's units; "…" marks a cut.
Spans fit(Spans spans, std::size_t limit, const Syntax& syntax);

// The parts in reading order, at most `limit` units when rendered. What does not fit goes from the end of the list and
// is counted in "and N more"; the status, the title and the buttons stay longest.
std::vector<Line> layout(const Card& card, const Syntax& syntax, std::size_t limit, unsigned parts = part::everything);

// No markup at all, counted in bytes: bold and links are lost. For plain-text notifications and fallbacks.
extern const Syntax kPlain;

// For targets that limit the whole request: `build(room)` with less and less room until its result has at most
// `bytes`. `build` must shrink with its room.
template <class Build>
std::string within(std::size_t bytes, std::size_t room, Build build) {
  std::string made = build(room);
  for (; made.size() > bytes && room > 50; made = build(room)) room = room * 3 / 4;
  return made;
}

}  // namespace earshot::sink
