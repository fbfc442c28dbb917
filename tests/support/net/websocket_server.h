// Beast's own WebSocket server on a thread of its own: what our client has to get along with.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/websocket.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace earshot::test {

class WebSocketServer {
 public:
  using Socket = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;
  // Plays one connection after another, from the handshake's end on; what it throws ends the connection.
  using Script = std::function<void(Socket& socket, int connection)>;
  explicit WebSocketServer(Script script);
  ~WebSocketServer();
  WebSocketServer(const WebSocketServer&) = delete;
  WebSocketServer& operator=(const WebSocketServer&) = delete;

  std::string url(std::string_view path = "/") const;
  // The handshakes so far, as they came.
  std::vector<std::string> handshakes() const;

  static std::string read(Socket& socket);  // the next message; throws when there is none

 private:
  void run();

  Script script_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  mutable std::mutex mutex_;
  std::vector<std::string> handshakes_;
  int open_ = -1;  // the connection's descriptor
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace earshot::test
