// The sources in the order in which they are due: a heap that knows where each one sits, so that a due time can be
// changed. 20 bytes a source, O(log n) an operation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"

namespace earshot::schedule {

// Sources are numbers from 0, dense: an index into the caller's table. Not thread-safe.
class Queue {
 public:
  using Source = std::uint32_t;

  void reserve(std::size_t sources);
  // Puts the source in, or moves it when it is in already.
  void set(Source source, Time due);
  // No-op when it is not in.
  void erase(Source source);
  bool contains(Source source) const;
  std::size_t size() const { return heap_.size(); }

  // The instant at which the first becomes due.
  std::optional<Time> next_time() const;
  // Takes out the first that is due at `now`; equal times in order of their numbers.
  std::optional<Source> pop_due(Time now);

 private:
  static constexpr std::uint32_t kOut = UINT32_MAX;
  struct Entry {
    Time due;
    Source source;

    bool operator<(const Entry& other) const { return due != other.due ? due < other.due : source < other.source; }
  };
  void put(std::uint32_t place, const Entry& entry);
  void up(std::uint32_t place);
  void down(std::uint32_t place);

  std::vector<Entry> heap_;           // 4-ary: half the levels of a binary heap, and four children in a cache line
  std::vector<std::uint32_t> place_;  // by source: its index in heap_, or kOut
};

}  // namespace earshot::schedule
