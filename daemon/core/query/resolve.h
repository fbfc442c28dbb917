// All topics parsed, and what they name with @{…} found and checked: the part of compile() that can fail.
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/query/set.h"
#include "core/query/tree.h"

namespace earshot::query {

struct Resolved {
  std::vector<Query> queries;                            // as many as topics
  std::unordered_map<std::string, std::uint32_t> names;  // topics by name
};

Result<Resolved, std::vector<TopicProblem>> resolve(std::span<const Topic> topics, std::size_t max_problems);

}  // namespace earshot::query
