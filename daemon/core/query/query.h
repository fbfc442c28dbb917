// A topic's query: text → a lossless parse tree, or problems a person can mend. The grammar and the reasons for it are
// in README.md beside this file. Pure: no clock, no file; everything here may be called from any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace earshot::query {

// What is wrong with a query, where, and what to do about it. `offset` and `length` are bytes of the query text.
struct Problem {
  std::size_t offset = 0, length = 0;
  std::string message;
};

struct Tree;  // core/query/tree.h: for those who walk it (compile, lint)

// A query that parsed: its text and its tree. Cheap to move and to copy (the tree is shared and never changes).
class Query {
 public:
  explicit Query(std::shared_ptr<const Tree> tree) : tree_(std::move(tree)) {}
  const std::string& text() const;  // exactly what was given to parse()
  const Tree& tree() const { return *tree_; }

 private:
  std::shared_ptr<const Tree> tree_;
};

// Syntax only: whether the topics that @{…} names exist is for compile() to say. At least one problem on failure, in
// the order of the text. Time and memory are linear in `text`; queries over 64 KiB or nested over 50 deep are refused.
Result<Query, std::vector<Problem>> parse(std::string_view text);

// The query's line, a caret under the place, and the message: for a terminal or a log. Ends without a newline.
//   acme AND bank OR outage
//                 ^^ AND and OR are mixed: write …
std::string caret_message(std::string_view text, const Problem& problem);

// The tree in canonical form, one operator a line with its children indented: `earshot query explain`.
std::string explain(const Query& query);

// The saved topics the query names with @{…}, each once, in the order of the text.
std::vector<std::string> references(const Query& query);

}  // namespace earshot::query
