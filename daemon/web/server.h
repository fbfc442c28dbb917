// A small HTTP/1.1 server (Beast) on a TCP address or a Unix socket. Whoever connects is a stranger: every step has a
// time limit, heads and bodies a size limit, and connections a number.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "core/result.h"
#include "web/address.h"
#include "web/message.h"

namespace earshot::web {

struct ServerLimits {
  std::uint32_t head = 16U << 10;             // bytes of the request line and headers
  std::size_t connections = 128;              // open at once; further ones wait to be accepted
  std::chrono::milliseconds head_in{10'000};  // how long a client may take for a head, or stay silent between two
  std::chrono::milliseconds body_in{30'000};  // for a body, and for taking our answer
};

// What answers. Called on the server's executor, several at once; an exception of it becomes a 500.
struct Handler {
  // The largest body that such a request may bring, by its head; more is a 413.
  std::function<std::uint64_t(const Request& head)> body_limit;
  std::function<boost::asio::awaitable<Answer>(Request request)> answer;
};

// On one executor without concurrency.
class Server {
 public:
  Server(boost::asio::any_io_executor io, Handler handler, ServerLimits limits = {});
  // close()
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens and serves from now on. A Unix socket that nobody listens at any more is replaced; its file is for the
  // user and the group. The error says why not: taken, no permission, no such address.
  Status listen(const Address& address);
  // Where it listens: the port, when 0 was asked for.
  std::uint16_t port() const;
  // Ends all connections, those with a request under way too.
  void close();
  // Connections that have not ended yet: after close(), wait for 0 before what the handler refers to goes.
  std::size_t open() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace earshot::web
