#include "net/pool.h"

#include <algorithm>

namespace earshot::net {

Connection* Pool::newest(const std::string& key) const {
  const auto it = by_key_.find(key);
  return it == by_key_.end() ? nullptr : it->second.back()->get();
}

std::unique_ptr<Connection> Pool::take(const std::string& key) {
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return nullptr;
  const All::iterator newest = it->second.back();
  it->second.pop_back();
  if (it->second.empty()) by_key_.erase(it);
  auto connection = std::move(*newest);
  all_.erase(newest);
  return connection;
}

void Pool::put(std::unique_ptr<Connection> connection) {
  auto& same = by_key_[connection->key];
  if (same.size() >= most_per_key_) {
    if (same.empty()) by_key_.erase(connection->key);
    return;
  }
  const auto until = connection->idle_until;
  all_.push_back(std::move(connection));
  same.push_back(std::prev(all_.end()));
  // Looked at when the first could be due; expire() finds the next.
  if (!is_linked()) deadlines_.set(*this, until);
}

bool Pool::evict() {
  if (all_.empty()) return false;
  erase(all_.begin());
  return true;
}

void Pool::clear() {
  by_key_.clear();
  all_.clear();
  deadlines_.clear(*this);
}

void Pool::expire() {
  const auto now = std::chrono::steady_clock::now();
  auto next = SteadyTime::max();
  for (auto it = all_.begin(); it != all_.end();) {
    const auto current = it++;
    if ((*current)->idle_until <= now) {
      erase(current);
    } else {
      next = std::min(next, (*current)->idle_until);
    }
  }
  // At most ten sweeps a second, whatever short times servers announce.
  if (!all_.empty()) deadlines_.set(*this, std::max(next, now + std::chrono::milliseconds(100)));
}

void Pool::erase(All::iterator it) {
  const auto same = by_key_.find((*it)->key);
  std::erase(same->second, it);
  if (same->second.empty()) by_key_.erase(same);
  all_.erase(it);
}

}  // namespace earshot::net
