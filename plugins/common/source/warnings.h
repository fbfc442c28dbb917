// What was wrong with a document and mended or left out: said once each, and not without end.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::source {

class Warnings {
 public:
  // A warning that was said already, or one too many, is not kept.
  void add(std::string_view text) {
    if (all_.size() >= most || std::ranges::find(all_, text) != all_.end()) return;
    all_.emplace_back(text.substr(0, longest));
  }
  const std::vector<std::string>& all() const { return all_; }

 private:
  static constexpr std::size_t most = 50, longest = 300;
  std::vector<std::string> all_;
};

}  // namespace earshot::source
