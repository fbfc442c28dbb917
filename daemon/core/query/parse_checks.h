// What a query may not be although its grammar is right: terms with nothing to look for, a NEAR of what stands nowhere,
// a query that only says what must not occur. The reasons are in README.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/query/tree.h"

namespace earshot::query {

// Problems go to `problems`. Nodes are indices into `tree`, which may grow between calls.
class Checks {
 public:
  Checks(const Tree& tree, std::vector<Problem>& problems) : tree_(tree), problems_(problems) {}

  void term(Place place, std::string_view text, Style style);
  // NEAR wants things that stand somewhere. `op`: as it was written.
  void side_of_near(std::uint32_t node, std::string_view op);
  // What SENTENCE( ) may hold.
  void sentence(std::uint32_t node);

  // Whether the part is true of an item in which nothing occurs.
  bool holds_without_any(std::uint32_t node) const;
  // Of such a part, the smallest that makes it so.
  Place to_blame(std::uint32_t node) const;

 private:
  void wildcards_of(Place place, std::string_view text, const std::string& marked);
  void problem(Place place, std::string message);

  const Tree& tree_;
  std::vector<Problem>& problems_;
};

}  // namespace earshot::query
