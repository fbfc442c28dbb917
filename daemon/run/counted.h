// Counts a coroutine among those that a stop waits for, for as long as it lives.
#pragma once

#include <cstddef>

namespace earshot::run {

class Counted {
 public:
  explicit Counted(std::size_t& busy) : busy_(busy) { ++busy_; }
  ~Counted() { --busy_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::size_t& busy_;
};

}  // namespace earshot::run
