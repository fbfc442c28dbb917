// Where the checks leave what they find, up to kMaxProblems.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/config/problem.h"

namespace earshot::config {

class Findings {
 public:
  void error(Place place, std::string message, std::string note = {}) {
    add({std::move(place), Gravity::error, std::move(message), std::move(note)});
  }
  void warning(Place place, std::string message, std::string note = {}) {
    add({std::move(place), Gravity::warning, std::move(message), std::move(note)});
  }

  void append(Findings other) {
    for (Problem& problem : other.problems_) add(std::move(problem));
  }

  std::size_t errors() const { return errors_; }
  // False once the limit was passed: the caller may stop looking.
  bool more() const { return left_out_ == 0; }

  // All of them in the order of `files` and places; the last one says how many were left out.
  std::vector<Problem> take(const std::vector<std::string>& files) &&;

 private:
  void add(Problem problem);

  std::vector<Problem> problems_;
  std::size_t errors_ = 0, left_out_ = 0;
};

}  // namespace earshot::config
