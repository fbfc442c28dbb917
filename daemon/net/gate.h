// At most so many at once for one key (a host's name, an address, all sockets), the others in the order they came.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/event.h"

namespace earshot::net {

class Gate {
 public:
  // A place, given back when destroyed. Must not outlive its gate.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), key_(std::move(other.key_)) {}
    Lease& operator=(Lease&& other) noexcept {
      if (this == &other) return *this;
      release();
      gate_ = std::exchange(other.gate_, nullptr);
      key_ = std::move(other.key_);
      return *this;
    }
    ~Lease() { release(); }
    void release() {
      if (gate_ != nullptr) std::exchange(gate_, nullptr)->leave(key_);
    }
    explicit operator bool() const { return gate_ != nullptr; }
    const std::string& key() const { return key_; }

   private:
    friend class Gate;
    Lease(Gate* gate, std::string key) : gate_(gate), key_(std::move(key)) {}
    Gate* gate_ = nullptr;
    std::string key_;
  };

  // A waiter in a queue; leaves it when destroyed.
  class Waiter {
   public:
    Waiter(Gate& gate, std::string key, const asio::any_io_executor& executor);
    ~Waiter();
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    Event event;
    bool granted() const { return granted_; }
    Lease take();  // once granted

   private:
    friend class Gate;
    Gate& gate_;
    std::string key_;
    bool granted_ = false, queued_ = true;
  };

  explicit Gate(std::uint32_t most) : most_(most) {}
  // A place, if one is free now; else an empty lease.
  Lease try_enter(const std::string& key);
  bool waited_for(const std::string& key) const;

 private:
  struct Place {
    std::uint32_t in_use = 0;
    std::deque<Waiter*> queue;
  };
  void leave(const std::string& key);
  void forget(Waiter& waiter);

  std::uint32_t most_;
  std::unordered_map<std::string, Place> places_;
};

}  // namespace earshot::net
