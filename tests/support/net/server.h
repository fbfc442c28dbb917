// A server that does exactly what a test tells it, byte for byte, over a real socket. It lives in the test's own
// io_context, so that a test is single-threaded and waits for events, never for time.
//
//   Server server(io, [](Peer& peer) -> awaitable<void> {
//     while (co_await peer.request()) co_await peer.send("HTTP/1.1 304 Not Modified\r\n\r\n");
//   });
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/asio/asio.h"
#include "support/net/tls.h"

namespace earshot::test {

namespace asio = boost::asio;
using asio::awaitable;

// One connection, from the server's side.
class Peer {
 public:
  explicit Peer(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}
  // The next request with its body (by Content-Length); nothing when the client closed. Also kept in Server::requests.
  awaitable<std::optional<std::string>> request();
  // False when the client is gone.
  awaitable<bool> send(std::string bytes);
  // Completes when the client closes its side or resets.
  awaitable<void> until_closed();
  awaitable<std::size_t> read_some(asio::mutable_buffer into);
  void close();                 // in good order, but over TLS without close_notify
  awaitable<void> shut_down();  // TLS: with close_notify
  void reset();                 // RST

  int number = 0;  // 1 for the server's first connection
  bool tls_resumed = false;

 private:
  friend class Server;
  asio::ip::tcp::socket socket_;
  std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
  std::string buffer_;
  std::vector<std::string>* requests_ = nullptr;
};

class Server {
 public:
  using Script = std::function<awaitable<void>(Peer&)>;
  // With `tls` every connection begins with a handshake; a failed one ends it.
  Server(asio::io_context& io, Script script, std::shared_ptr<SSL_CTX> tls = nullptr,
         const char* address = "127.0.0.1");
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string url(std::string_view path = "/", std::string_view host = {}) const;
  std::uint16_t port() const { return port_; }

  std::vector<std::string> requests;  // in the order they came, over all connections
  int connections = 0;                // accepted
  int open = 0;                       // scripts running
  int handshakes_failed = 0;

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::uint16_t port_ = 0;
  std::string scheme_, address_;
};

// A value of a request's header, or "" (the names compare without case).
std::string header_of(const std::string& request, std::string_view name);
// A 200 with that body and Content-Length; `headers` are whole lines.
std::string ok(std::string_view body, std::string_view headers = {});

// Runs `io` until the coroutine has its result; fails the process after 20 s, which no test takes.
template <class T>
T run(asio::io_context& io, awaitable<T> coroutine) {
  std::optional<T> result;
  std::exception_ptr thrown;
  asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr error, T value) {
    thrown = error;
    if (!error) result.emplace(std::move(value));
  });
  io.restart();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!result && !thrown && std::chrono::steady_clock::now() < end) io.run_one_until(end);
  if (thrown) std::rethrow_exception(thrown);
  if (!result) throw std::runtime_error("a test's coroutine did not end within 20 s");
  return std::move(*result);
}

}  // namespace earshot::test
