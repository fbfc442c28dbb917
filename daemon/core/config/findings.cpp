#include "core/config/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "core/config/config.h"

namespace earshot::config {

void Findings::add(Problem problem) {
  if (problem.gravity == Gravity::error) ++errors_;
  if (problems_.size() < kMaxProblems)
    problems_.push_back(std::move(problem));
  else
    ++left_out_;
}

std::vector<Problem> Findings::take(const std::vector<std::string>& files) && {
  std::unordered_map<std::string_view, std::size_t> order;
  for (const std::string& file : files) order.emplace(file, order.size());
  const auto key = [&](const Problem& p) {
    const auto at = order.find(p.place.file);
    return std::tuple(at == order.end() ? order.size() : at->second, p.place.line, p.place.column);
  };
  std::ranges::stable_sort(problems_, {}, key);
  // A mapping that several aliases name is checked at each use; its problem is told once.
  const auto twin = [](const Problem& a, const Problem& b) { return a.place == b.place && a.message == b.message; };
  problems_.erase(std::unique(problems_.begin(), problems_.end(), twin), problems_.end());
  if (left_out_ > 0) {
    const Place last = problems_.back().place;
    problems_.push_back(
        {last, Gravity::error, fmt::format("and {} problems more, not shown; mend these first", left_out_), {}});
  }
  return std::move(problems_);
}

}  // namespace earshot::config
