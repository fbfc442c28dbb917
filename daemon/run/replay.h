// A configuration run over the kept history: who would have been told of what, and what that changes. Changes nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/config/model.h"
#include "core/result.h"
#include "core/time.h"
#include "store/store.h"

namespace earshot::run {

struct Replayed {
  struct Example {
    std::string id, title;
    Time seen{};
  };
  // Of a topic: mentions that it has. Of a channel: mentions that it was told of, by themselves or among others.
  struct Row {
    std::uint64_t was = 0, now = 0, gained = 0, lost = 0;
    std::vector<Example> gained_examples, lost_examples;  // the first ones
  };
  std::map<std::string, Row> topics, channels;
  std::map<std::string, std::uint64_t> alerts;  // messages that each channel would have got, groups and digests as one
  std::uint64_t mentions = 0;                   // looked at, unmatched ones included
  std::vector<std::string> problems;            // silences that do not compile
};

// Over what was seen in [since, now), oldest first. What was is what the store says: the topics a mention matched and
// what routing made of it when it came in. What is now: the same match, decide and desk that the daemon uses, with the
// time at which each was seen as the clock, and the silences that are stored. `examples` of each kind are kept.
Result<Replayed> replay(const store::Store& store, const config::Config& config, Time since, Time now,
                        std::size_t examples);

}  // namespace earshot::run
