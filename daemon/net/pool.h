// Connections that have served and may serve again. Newest first, so that the old ones run out.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/connection.h"
#include "net/deadlines.h"

namespace earshot::net {

class Pool final : private Deadlines::Entry {
 public:
  Pool(Deadlines& deadlines, std::size_t most_per_key) : deadlines_(deadlines), most_per_key_(most_per_key) {}
  ~Pool() override = default;

  // The connection that put() brought last for that key; it stays in the pool. Null when there is none.
  Connection* newest(const std::string& key) const;
  // Takes the newest one out.
  std::unique_ptr<Connection> take(const std::string& key);
  // `connection->idle_until` is when it is closed.
  void put(std::unique_ptr<Connection> connection);
  // Closes the connection that has been idle longest; false when there is none.
  bool evict();
  void clear();
  std::size_t size() const { return all_.size(); }

 private:
  using All = std::list<std::unique_ptr<Connection>>;
  void expire() override;
  void erase(All::iterator it);

  Deadlines& deadlines_;
  std::size_t most_per_key_;
  All all_;  // in the order they became idle
  std::unordered_map<std::string, std::vector<All::iterator>> by_key_;
};

}  // namespace earshot::net
