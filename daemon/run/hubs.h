// Sources whose server pushes (WebSub): subscribes at their hubs, answers the hubs' calls and hands on what they push.
// Such a source is polled all the same, but seldom. On only where server.public_url says how hubs reach this daemon.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/schedule/queue.h"
#include "core/schedule/subscription.h"
#include "run/house.h"
#include "run/pushed.h"
#include "web/message.h"

namespace earshot::run {

// What is stored of every source's hub, by source.
Result<std::vector<std::pair<std::string, schedule::Subscription>>> read_subscriptions(const store::Store& store);

// On the I/O thread only. A source is known by its number in the collector.
class Hubs {
 public:
  struct Sources {
    // Keeps what a document brings; after an error nothing of it was kept.
    std::function<boost::asio::awaitable<Status>(std::uint32_t source, Pushed document)> take;
    std::function<void(std::uint32_t source)> poll_soon;
    std::function<std::optional<std::uint32_t>(std::string_view name)> number;
    std::function<const config::Source&(std::uint32_t source)> of;
  };
  Hubs(House& house, Sources sources);

  // Reads what was agreed before; subscriptions of sources that are gone are forgotten.
  boost::asio::awaitable<Status> start();
  void stop();
  // Requests to hubs, and calls of theirs, under way.
  std::size_t busy() const { return busy_; }

  bool pushes(std::uint32_t source) const;
  // A poll found where the source's hub is, and `fresh` items that nobody had pushed. Empty: it names no hub.
  void found(std::uint32_t source, const std::string& hub, const std::string& topic, std::size_t fresh);
  // A call of a hub: the path is the key of a subscription.
  boost::asio::awaitable<web::Answer> answer(web::Request request);

 private:
  struct One {
    std::uint32_t source;
    std::string name;
    schedule::Subscription subscription;
    Time called{};  // when it was last polled for a call without content
  };

  boost::asio::awaitable<void> work();
  boost::asio::awaitable<void> ask(std::uint32_t slot);
  boost::asio::awaitable<Status> save(std::uint32_t slot);
  boost::asio::awaitable<web::Answer> confirm(std::uint32_t slot, const web::Form& said);
  boost::asio::awaitable<web::Answer> take(std::uint32_t slot, web::Request request);
  void put(std::uint32_t source, std::string name, schedule::Subscription subscription);
  void spawn(boost::asio::awaitable<void> job);
  std::string callback(const One& one) const;

  House& house_;
  Sources sources_;
  std::deque<One> all_;  // slots: references stay good
  std::unordered_map<std::uint32_t, std::uint32_t> by_source_;
  std::unordered_map<std::string, std::uint32_t> by_key_;
  schedule::Queue queue_;  // of slots
  boost::asio::steady_timer timer_;
  std::size_t busy_ = 0, asking_ = 0;
  bool stopping_ = false;
};

}  // namespace earshot::run
