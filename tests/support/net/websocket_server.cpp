#include "support/net/websocket_server.h"

#include <sys/socket.h>

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <sstream>

namespace earshot::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

WebSocketServer::WebSocketServer(Script script)
    : script_(std::move(script)),
      acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()),
      thread_([this] { run(); }) {}

WebSocketServer::~WebSocketServer() {
  {
    const std::lock_guard guard(mutex_);
    ending_ = true;
    if (open_ >= 0) ::shutdown(open_, SHUT_RDWR);
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // ends a blocking accept
  thread_.join();
}

std::string WebSocketServer::url(std::string_view path) const {
  return "ws://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::vector<std::string> WebSocketServer::handshakes() const {
  const std::lock_guard guard(mutex_);
  return handshakes_;
}

std::string WebSocketServer::read(Socket& socket) {
  beast::flat_buffer buffer;
  socket.read(buffer);
  return beast::buffers_to_string(buffer.data());
}

void WebSocketServer::run() {
  for (int connection = 1;; ++connection) {
    boost::system::error_code error;
    tcp::socket taken(io_);
    acceptor_.accept(taken, error);
    {
      const std::lock_guard guard(mutex_);
      if (ending_ || error) return;
      open_ = taken.native_handle();
    }
    Socket socket(std::move(taken));
    try {
      beast::flat_buffer buffer;
      beast::http::request<beast::http::string_body> handshake;
      beast::http::read(socket.next_layer(), buffer, handshake);
      std::ostringstream text;
      text << handshake;
      {
        const std::lock_guard guard(mutex_);
        handshakes_.push_back(text.str());
      }
      beast::websocket::permessage_deflate deflate;
      deflate.server_enable = true;
      deflate.msg_size_threshold = 0;
      socket.set_option(deflate);
      socket.accept(handshake);
      script_(socket, connection);
    } catch (const boost::system::system_error&) {
      // The client went; the next connection comes.
    }
    const std::lock_guard guard(mutex_);
    open_ = -1;
  }
}

}  // namespace earshot::test
