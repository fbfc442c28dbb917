// One TCP connection to a server or a proxy, with or without TLS on it.
#pragma once

#include "core/url/ip.h"
#include "net/event.h"
#include "net/gate.h"
#include "net/tls.h"

namespace earshot::net {

class Connection final : public Stoppable {
 public:
  Connection(tcp::socket opened, std::string pool_key) : socket(std::move(opened)), key(std::move(pool_key)) {}
  ~Connection() override { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Whatever is awaited ends with an error.
  void stop() override { close(); }
  void close();

  // Some bytes: [error, count]. At the end of the stream the error is asio::error::eof; over TLS only after a
  // close_notify, so that nobody can cut a body short unseen.
  awaitable<std::tuple<error_code, std::size_t>> read_some(asio::mutable_buffer into);
  // All bytes.
  awaitable<std::tuple<error_code, std::size_t>> write(asio::const_buffer bytes);
  // Small requests on an idle connection fit into the socket's buffer: true when all of it went at once, so that the
  // coroutine need not be suspended.
  bool write_now(asio::const_buffer& bytes);
  // Nothing arrived while the connection was idle: neither its end, nor bytes that nobody asked for.
  bool still_quiet();

  tcp::socket socket;
  Tls::Slot tls_slot;  // before the stream, which refers to it
  std::optional<TlsStream> tls;
  std::string key;              // what it may be reused for
  std::string address;          // the Gate's key of the server's addresses; empty through a proxy
  std::optional<url::Ip> peer;  // none through a proxy
  Gate::Lease socket_lease;     // one of the client's sockets
  bool tls_resumed = false;
  std::uint32_t served = 0;  // answers so far
  std::chrono::steady_clock::time_point idle_until;
};

}  // namespace earshot::net
