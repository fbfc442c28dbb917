#include "core/config/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace earshot::config {

std::string format(const Problem& problem) {
  const Place& at = problem.place;
  std::string out = at.file;
  if (at.line > 0) out += fmt::format(":{}:{}", at.line, at.column);
  out += problem.gravity == Gravity::error ? ": error: " : ": warning: ";
  out += problem.message;
  std::string_view rest = problem.note;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out += fmt::format("\n  {}", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::size_t errors(std::span<const Problem> problems) {
  return static_cast<std::size_t>(
      std::ranges::count_if(problems, [](const Problem& p) { return p.gravity == Gravity::error; }));
}

}  // namespace earshot::config
