#include "support/net/server.h"

#include <algorithm>
#include <charconv>

namespace earshot::test {

using asio::ip::tcp;
using net::kAwait;

awaitable<std::size_t> Peer::read_some(asio::mutable_buffer into) {
  if (tls_) {
    const auto [error, count] = co_await tls_->async_read_some(into, kAwait);
    co_return error ? 0 : count;
  }
  const auto [error, count] = co_await socket_.async_read_some(into, kAwait);
  co_return error ? 0 : count;
}

awaitable<std::optional<std::string>> Peer::request() {
  std::array<char, 16384> bytes;
  std::size_t end = 0, need = 0;
  while (true) {
    if (end == 0) {
      const std::size_t blank = buffer_.find("\r\n\r\n");
      if (blank != buffer_.npos) {
        end = blank + 4;
        const std::string length = header_of(buffer_.substr(0, end), "Content-Length");
        std::from_chars(length.data(), length.data() + length.size(), need);
      }
    }
    if (end != 0 && buffer_.size() >= end + need) {
      std::string out = buffer_.substr(0, end + need);
      buffer_.erase(0, end + need);
      requests_->push_back(out);
      co_return out;
    }
    const std::size_t count = co_await read_some(asio::buffer(bytes));
    if (count == 0) co_return std::nullopt;
    buffer_.append(bytes.data(), count);
  }
}

awaitable<bool> Peer::send(std::string bytes) {
  if (tls_) {
    const auto [error, count] = co_await asio::async_write(*tls_, asio::buffer(bytes), kAwait);
    co_return !error;
  }
  const auto [error, count] = co_await asio::async_write(socket_, asio::buffer(bytes), kAwait);
  co_return !error;
}

awaitable<void> Peer::until_closed() {
  std::array<char, 4096> bytes;
  while (co_await read_some(asio::buffer(bytes)) > 0) {
  }
}

void Peer::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

awaitable<void> Peer::shut_down() {
  if (tls_) co_await tls_->async_shutdown(kAwait);
  close();
}

void Peer::reset() {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

// Shared with the coroutines, which may outlive the server by a turn of the loop.
struct Server::State {
  Server* server;
  tcp::acceptor acceptor;
  Script script;
  std::optional<asio::ssl::context> tls;
  std::list<std::shared_ptr<Peer>> peers;
};

namespace {

asio::ssl::context adopt(const std::shared_ptr<SSL_CTX>& context) {
  SSL_CTX_up_ref(context.get());
  return asio::ssl::context(context.get());
}

}  // namespace

Server::Server(asio::io_context& io, Script script, std::shared_ptr<SSL_CTX> tls, const char* address)
    : state_(std::make_shared<State>(
          State{this, tcp::acceptor(io, {asio::ip::make_address(address), 0}), std::move(script), {}, {}})),
      port_(state_->acceptor.local_endpoint().port()),
      scheme_(tls ? "https" : "http"),
      address_(address) {
  if (tls) state_->tls.emplace(adopt(tls));
  const auto serve = [](std::shared_ptr<State> state, std::shared_ptr<Peer> peer) -> awaitable<void> {
    if (state->tls) {
      peer->tls_.emplace(peer->socket_, *state->tls);
      const auto [error] = co_await peer->tls_->async_handshake(asio::ssl::stream_base::server, kAwait);
      if (error) {
        if (state->server) ++state->server->handshakes_failed;
        peer->close();
        co_return;
      }
      peer->tls_resumed = SSL_session_reused(peer->tls_->native_handle()) == 1;
    }
    if (!state->server) co_return;
    ++state->server->open;
    co_await state->script(*peer);
    if (state->server) --state->server->open;
    peer->close();
  };
  const auto accept = [serve](std::shared_ptr<State> state) -> awaitable<void> {
    while (true) {
      auto [error, socket] = co_await state->acceptor.async_accept(kAwait);
      if (error || !state->server) co_return;
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      auto peer = std::make_shared<Peer>(std::move(socket));
      peer->number = ++state->server->connections;
      peer->requests_ = &state->server->requests;
      state->peers.push_back(peer);
      asio::co_spawn(state->acceptor.get_executor(), serve(state, peer), asio::detached);
    }
  };
  asio::co_spawn(io, accept(state_), asio::detached);
}

Server::~Server() {
  state_->server = nullptr;
  state_->acceptor.close();
  for (const auto& peer : state_->peers) peer->close();
  // Let the coroutines see it, so that nothing of theirs outlives the test.
  auto& io = static_cast<asio::io_context&>(state_->acceptor.get_executor().context());
  io.restart();
  io.poll();
}

std::string Server::url(std::string_view path, std::string_view host) const {
  std::string shown = host.empty() ? address_ : std::string(host);
  if (shown.find(':') != shown.npos) shown = '[' + shown + ']';
  return scheme_ + "://" + shown + ':' + std::to_string(port_) + std::string(path);
}

std::string header_of(const std::string& request, std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::size_t at = request.find("\r\n");
  while (at != request.npos && at + 2 < request.size()) {
    const std::size_t begin = at + 2, end = request.find("\r\n", begin);
    const std::string_view line = std::string_view(request).substr(begin, end - begin);
    if (line.size() > name.size() && line[name.size()] == ':' &&
        std::ranges::equal(line.substr(0, name.size()), name, {}, lower, lower)) {
      std::string_view value = line.substr(name.size() + 1);
      while (!value.empty() && value[0] == ' ') value.remove_prefix(1);
      return std::string(value);
    }
    at = end;
  }
  return {};
}

std::string ok(std::string_view body, std::string_view headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) + "\r\n" +
         std::string(body);
}

}  // namespace earshot::test
