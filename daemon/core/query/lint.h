// Advice about a query that parses but may not do what its author wants. Advice, never refusal.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/query/query.h"

namespace earshot::query {

// How many stored items a day the query would have matched, where there is a history to ask.
using DailyVolume = std::function<std::optional<double>(const Query&)>;

struct LintOptions {
  bool fold_accents = true;    // as the topic has it
  DailyVolume volume;          // may be empty
  bool floods = true;          // whether to say what is likely to flood, which without a volume is a guess
  double flood_per_day = 500;  // more than this is a flood
};

// Terms that can never match, redundant parts, one-word topics likely to flood, likely missing quotes, operators in
// lower case. In the order of the text.
std::vector<Problem> lint(const Query& query, const LintOptions& options = {});

}  // namespace earshot::query
