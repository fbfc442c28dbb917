// A report as people read it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/report/report.h"
#include "core/route/zone.h"
#include "core/texts/texts.h"

namespace earshot::report {

struct Words {
  std::string headline;            // "weekly: 16 Nov – 23 Nov 2026"
  std::vector<std::string> lines;  // plain text; the quotes are not among them
};

// `name` is the report's; empty: it has none. Days are those of the team's zone. What has no news in it is left out, so
// that an uneventful week is two lines.
Words in_words(const Report& report, std::string_view name, const texts::Texts& texts, const route::Zone& zone);

// "refund 20 · outage 12".
std::string listed(const std::vector<Share>& shares, const texts::Texts& texts);

// "▁▂▇": the counts as a line of bars, the largest the highest; a count of 0 is the lowest.
std::string bars(const std::vector<std::uint64_t>& counts);

}  // namespace earshot::report
