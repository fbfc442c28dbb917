// Source instances that may serve again: those of the sources polled most often. Making one costs a parse of its
// settings; keeping all of a million would cost a gigabyte.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

#include "plugin/source.h"

namespace earshot::run {

// On the I/O thread only; an instance that is out is used by one poll alone.
class Instances {
 public:
  explicit Instances(std::size_t most) : most_(most) {}

  // Null when there is none.
  std::unique_ptr<host::SourceInstance> take(std::uint32_t source) {
    const auto at = by_source_.find(source);
    if (at == by_source_.end()) return nullptr;
    auto instance = std::move(at->second->second);
    order_.erase(at->second);
    by_source_.erase(at);
    return instance;
  }

  // Keeps it as the newest; the oldest makes room. One that cannot be trusted any more is not kept.
  void give_back(std::uint32_t source, std::unique_ptr<host::SourceInstance> instance) {
    if (!instance || instance->quarantined() || most_ == 0) return;
    order_.emplace_back(source, std::move(instance));
    by_source_.insert_or_assign(source, std::prev(order_.end()));
    if (order_.size() <= most_) return;
    by_source_.erase(order_.front().first);
    order_.pop_front();
  }

 private:
  using Order = std::list<std::pair<std::uint32_t, std::unique_ptr<host::SourceInstance>>>;
  std::size_t most_;
  Order order_;  // oldest first
  std::unordered_map<std::uint32_t, Order::iterator> by_source_;
};

}  // namespace earshot::run
