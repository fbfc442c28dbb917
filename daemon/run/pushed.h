// Documents that hubs sent (WebSub): each waits for a poll of its source to keep it, and with it whoever brought it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/result.h"

namespace earshot::run {

// Signed as agreed.
struct Pushed {
  std::string url;  // the topic: the feed's own address
  std::string content_type, body;
};

// On the I/O thread only. A source is known by its number in the collector.
class PushedDocuments {
  struct Waiting;

 public:
  // A document that is being worked on. Whoever brought it hears what tell() says first; without that, at the end of
  // the turn, that it could not be kept.
  class Turn {
   public:
    Turn(Turn&&) noexcept = default;
    Turn& operator=(Turn&&) = delete;
    ~Turn();
    const Pushed& document() const;
    void tell(Status status);

   private:
    friend class PushedDocuments;
    explicit Turn(std::shared_ptr<Waiting> waiting);
    std::shared_ptr<Waiting> waiting_;
  };

  explicit PushedDocuments(boost::asio::any_io_executor io);
  ~PushedDocuments();

  // In line behind those of the same source; returns when its turn was told, or at the end.
  boost::asio::awaitable<Status> put(std::uint32_t source, Pushed document);
  bool waits(std::uint32_t source) const { return by_source_.contains(source); }
  std::optional<Turn> next(std::uint32_t source);
  // Nothing that waits will be kept.
  void end(std::string_view why);

 private:
  boost::asio::any_io_executor io_;
  std::unordered_map<std::uint32_t, std::deque<std::shared_ptr<Waiting>>> by_source_;
};

}  // namespace earshot::run
