// The alert, designed once: what a person who glances at a phone should see, in plain and harmless pieces.
// Each sink puts the pieces into its own native form (or lays them out as lines, see layout.h). Its words are the
// host's.
#pragma once

#include <earshot/plugin.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/sink/clean.h"

namespace earshot::sink {

// One mention. All text is clean (clean.h), bounded, and not escaped.
struct Entry {
  Spans title;             // its hits bold; never empty. Every span has the link, if there is one
  std::string url;         // safe to link, or empty
  std::string byline;      // "theregister.com · Jane Doe · Mon 23 Nov 21:10 CET"; may be empty
  Spans snippet;           // hits bold; empty when it only repeats the title
  std::string size;        // "1,204 likes · 12 replies", or empty
  std::uint32_t severity;  // EARSHOT_SEVERITY_…
};

struct Button {
  std::string label, url;  // never empty
};

struct Card {
  std::uint32_t kind = 0, severity = 0;  // known values only
  std::string language;                  // BCP 47, ASCII
  std::string status;                    // "🟠 High · Story · 5 mentions · complaints"
  std::string topic;                     // the first of its mentions', or empty
  std::string headline;                  // may be empty
  bool lead = false;                     // the first entry is told in full, the others are a list
  std::vector<Entry> entries;            // at most kEntries
  std::uint64_t total = 0;               // mentions it stands for; never less than entries
  std::vector<std::string> more;         // [k], when the first k are shown: "and 37 more"
  std::vector<std::string> lines;        // paragraphs of reports, health, tests
  std::string standing;                  // "✅ Jane has taken it", or empty
  std::vector<std::string> note;         // lines that the team wants below
  std::vector<Button> buttons;           // "Open" first where one mention leads, then the alert's actions
};

// Bounds in grapheme clusters; what a phone shows without scrolling for minutes. The host's snippet has 240 characters.
inline constexpr std::size_t kTitle = 250, kStatus = 500, kHeadline = 150, kByline = 300, kTopic = 60, kFigures = 300,
                             kLabel = 40, kSnippet = 300, kParagraph = 2000;
inline constexpr std::size_t kEntries = 10, kButtons = 5, kLines = 200, kNote = 10;

// The contract's minor version in which the host began to say the alert's words: what sinks with cards need.
inline constexpr std::uint32_t kTextsMinor = 3;

Card compose(const earshot_alert& alert);

// A circle in the colour of the severity, for targets that have no colour of their own.
std::string_view mark(std::uint32_t severity);
// The same as 0xRRGGBB.
std::uint32_t colour(std::uint32_t severity);
std::string hex_colour(std::uint32_t severity);  // "#RRGGBB"
// mention story growth digest rollup spike escalation health report test edit; "alert" for a kind of a later host.
std::string_view kind_name(std::uint32_t kind);
// low normal high critical.
std::string_view severity_name(std::uint32_t severity);

}  // namespace earshot::sink
