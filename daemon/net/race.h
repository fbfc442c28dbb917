// Several connection attempts to one host, of which the first to succeed is kept (Happy Eyeballs, RFC 8305 §5).
#pragma once

#include <deque>

#include "core/url/ip.h"
#include "net/event.h"

namespace earshot::net {

// Always owned by a shared_ptr: an abandoned attempt's completion may come after all else is gone.
class Race final : public Stoppable, public std::enable_shared_from_this<Race> {
 public:
  explicit Race(const asio::any_io_executor& executor) : event(executor), executor_(executor) {}

  Event event;  // notified whenever an attempt ends
  void start(const url::Ip& ip, std::uint16_t port);
  std::size_t running() const { return running_; }
  std::size_t started() const { return attempts_.size(); }
  bool won() const { return winner_ != nullptr; }
  // After won(): the socket, connected, non-blocking and without Nagle's delay; the other attempts end.
  std::pair<tcp::socket, url::Ip> take();
  // "203.0.113.7: Connection refused" of the attempt that failed last.
  const std::string& last_error() const { return last_error_; }
  // Ends all attempts.
  void stop() override;

 private:
  struct Attempt {
    tcp::socket socket;
    url::Ip ip;
  };
  void finished(Attempt& attempt, error_code ec);

  asio::any_io_executor executor_;
  std::deque<Attempt> attempts_;
  Attempt* winner_ = nullptr;
  std::size_t running_ = 0;
  std::string last_error_;
};

tcp::endpoint to_endpoint(const url::Ip& ip, std::uint16_t port);

}  // namespace earshot::net
