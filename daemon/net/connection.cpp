#include "net/connection.h"

#include <sys/socket.h>

namespace earshot::net {

void Connection::close() {
  if (!socket.is_open()) return;
  if (tls) Tls::keep_session(*tls);
  error_code ignored;  // the descriptor is gone either way
  socket.close(ignored);
}

awaitable<std::tuple<error_code, std::size_t>> Connection::read_some(asio::mutable_buffer into) {
  return tls ? tls->async_read_some(into, kAwait) : socket.async_read_some(into, kAwait);
}

awaitable<std::tuple<error_code, std::size_t>> Connection::write(asio::const_buffer bytes) {
  return tls ? asio::async_write(*tls, bytes, kAwait) : asio::async_write(socket, bytes, kAwait);
}

bool Connection::write_now(asio::const_buffer& bytes) {
  if (tls) return false;
  error_code ec;
  bytes += socket.write_some(bytes, ec);  // non-blocking; an error shows again in write()
  return !ec && bytes.size() == 0;
}

bool Connection::still_quiet() {
  char byte = 0;
  const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace earshot::net
