// What one topic was told by in a stretch of time, counted from the archive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/report/report.h"
#include "core/result.h"
#include "core/time.h"
#include "store/store.h"

namespace earshot::run {

struct Heard {
  std::uint32_t stories = 0;
  std::uint64_t mentions = 0;
  std::string biggest;  // the story with the most mentions, and how many it has
  std::uint32_t biggest_mentions = 0;
  std::vector<Mention> listed;  // the most striking, one of a story (of one story: of an outlet), without their bodies
  std::vector<report::Share> terms, outlets, languages;
};

// Of [from, to), of the story `only` or of all. Left out is what says nothing of now: what was published before and
// only found, and what a source brought with its first poll.
Result<Heard> heard(const store::Store& store, const std::string& topic, Time from, Time to,
                    const std::string& only = {});

}  // namespace earshot::run
