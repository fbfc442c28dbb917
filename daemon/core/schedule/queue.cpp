#include "core/schedule/queue.h"

#include <algorithm>
#include <utility>

namespace earshot::schedule {

void Queue::reserve(std::size_t sources) {
  heap_.reserve(sources);
  place_.reserve(sources);
  due_.reserve(sources);
}

void Queue::set(Source source, Time due) {
  if (source >= place_.size()) {
    place_.resize(std::size_t{source} + 1, kOut);
    due_.resize(std::size_t{source} + 1);
  }
  due_[source] = due;
  if (place_[source] == kOut) {
    place_[source] = static_cast<std::uint32_t>(heap_.size());
    heap_.push_back(source);
  }
  up(place_[source]);
  down(place_[source]);
}

void Queue::erase(Source source) {
  if (!contains(source)) return;
  const std::uint32_t place = place_[source];
  place_[source] = kOut;
  const Source last = heap_.back();
  heap_.pop_back();
  if (last == source) return;
  heap_[place] = last;
  place_[last] = place;
  up(place);
  down(place_[last]);
}

bool Queue::contains(Source source) const { return source < place_.size() && place_[source] != kOut; }

std::optional<Time> Queue::next_time() const {
  return heap_.empty() ? std::nullopt : std::optional{due_[heap_.front()]};
}

std::optional<Queue::Source> Queue::pop_due(Time now) {
  if (heap_.empty() || due_[heap_.front()] > now) return std::nullopt;
  const Source first = heap_.front();
  erase(first);
  return first;
}

void Queue::up(std::uint32_t place) {
  const Source moving = heap_[place];
  while (place > 0) {
    const std::uint32_t parent = (place - 1) / 4;
    if (!before(moving, heap_[parent])) break;
    heap_[place] = heap_[parent];
    place_[heap_[place]] = place;
    place = parent;
  }
  heap_[place] = moving;
  place_[moving] = place;
}

void Queue::down(std::uint32_t place) {
  const Source moving = heap_[place];
  while (true) {
    const std::size_t first = std::size_t{place} * 4 + 1;
    if (first >= heap_.size()) break;
    std::size_t least = first;
    for (std::size_t child = first + 1; child < std::min(first + 4, heap_.size()); ++child)
      if (before(heap_[child], heap_[least])) least = child;
    if (!before(heap_[least], moving)) break;
    heap_[place] = heap_[least];
    place_[heap_[place]] = place;
    place = static_cast<std::uint32_t>(least);
  }
  heap_[place] = moving;
  place_[moving] = place;
}

}  // namespace earshot::schedule
