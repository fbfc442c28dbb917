#include "core/schedule/queue.h"

#include <algorithm>

namespace earshot::schedule {

void Queue::reserve(std::size_t sources) {
  heap_.reserve(sources);
  place_.reserve(sources);
}

void Queue::set(Source source, Time due) {
  if (source >= place_.size()) place_.resize(std::size_t{source} + 1, kOut);
  if (place_[source] == kOut) {
    place_[source] = static_cast<std::uint32_t>(heap_.size());
    heap_.push_back({due, source});
  } else {
    heap_[place_[source]].due = due;
  }
  up(place_[source]);
  down(place_[source]);
}

void Queue::erase(Source source) {
  if (!contains(source)) return;
  const std::uint32_t place = place_[source];
  place_[source] = kOut;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (last.source == source) return;
  put(place, last);
  up(place);
  down(place_[last.source]);
}

bool Queue::contains(Source source) const { return source < place_.size() && place_[source] != kOut; }

std::optional<Time> Queue::next_time() const { return heap_.empty() ? std::nullopt : std::optional{heap_.front().due}; }

std::optional<Queue::Source> Queue::pop_due(Time now) {
  if (heap_.empty() || heap_.front().due > now) return std::nullopt;
  const Source first = heap_.front().source;
  erase(first);
  return first;
}

void Queue::put(std::uint32_t place, const Entry& entry) {
  heap_[place] = entry;
  place_[entry.source] = place;
}

void Queue::up(std::uint32_t place) {
  const Entry moving = heap_[place];
  while (place > 0) {
    const std::uint32_t parent = (place - 1) / 4;
    if (!(moving < heap_[parent])) break;
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, moving);
}

void Queue::down(std::uint32_t place) {
  const Entry moving = heap_[place];
  while (true) {
    const std::size_t first = std::size_t{place} * 4 + 1;
    if (first >= heap_.size()) break;
    std::size_t least = first;
    for (std::size_t child = first + 1; child < std::min(first + 4, heap_.size()); ++child)
      if (heap_[child] < heap_[least]) least = child;
    if (!(heap_[least] < moving)) break;
    put(place, heap_[least]);
    place = static_cast<std::uint32_t>(least);
  }
  put(place, moving);
}

}  // namespace earshot::schedule
