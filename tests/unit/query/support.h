// Short words for tests of queries.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/query/set.h"

namespace earshot::query {

inline Document text_of(std::string_view content) {
  Document d;
  d.content = content;
  return d;
}

inline Set compiled(std::string_view query, const Options& options = {}) {
  const Topic topic{"t", std::string(query)};
  auto set = compile({&topic, 1}, options);
  if (!set) {
    ADD_FAILURE() << caret_message(query, set.error().front().problem);
    const Topic other{"t", "unlikelyword"};
    return *compile({&other, 1}, {});
  }
  return *std::move(set);
}

inline std::vector<Hit> hits(std::string_view query, const Document& document, const Options& options = {}) {
  Scratch scratch;
  auto matches = compiled(query, options).match(document, scratch);
  return matches.empty() ? std::vector<Hit>{} : matches.front().hits;
}

inline bool matches(std::string_view query, const Document& document, const Options& options = {}) {
  Scratch scratch;
  return !compiled(query, options).match(document, scratch).empty();
}
inline bool matches(std::string_view query, std::string_view content) { return matches(query, text_of(content)); }

// The message for a query that is wrong; empty for one that is right.
inline std::string wrong(std::string_view query) {
  const auto parsed = parse(query);
  return parsed ? std::string() : parsed.error().front().message;
}

}  // namespace earshot::query
