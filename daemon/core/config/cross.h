// What only shows when everything is read: names defined twice or never, what nobody uses, routes that cannot work.
#pragma once

#include <span>

#include "core/config/findings.h"
#include "core/config/model.h"
#include "core/config/read.h"
#include "core/config/walk.h"

namespace earshot::config {

// `whole` is false when a file could not be read to its end: then nothing is said of what may stand in the rest.
// `start` is where messages about the configuration as a whole point.
void cross_check(const Config& config, const Sections& sections, std::span<const Walker::Used> used, bool whole,
                 const Place& start, Findings& findings);

// Every text that a channel says its own way: its pattern, the arguments in it, and whether there is such a label.
void check_texts(const Config& config, const Sections& sections, Findings& findings);

// Every query of topics, routes and silences: syntax and @{names}.
void check_queries(const Config& config, std::span<const Walker::Used> used, bool whole, Findings& findings);

}  // namespace earshot::config
