#include "web/server.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <list>
#include <optional>

#include "net/asio/asio.h"

namespace earshot::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::generic::stream_protocol;
using asio::ip::tcp;
using local = asio::local::stream_protocol;
using net::error_code;
using net::kAwait;
using Stream = beast::basic_stream<stream_protocol>;
using Parser = http::request_parser<http::string_body>;

Request head_of(const http::request<http::string_body>& message, const std::string& peer) {
  Request request;
  request.method = message.method_string();
  const std::string_view target = message.target();
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != target.npos) request.query = target.substr(question + 1);
  for (const auto& field : message) {
    std::string name{field.name_string()};
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    request.headers.emplace_back(std::move(name), field.value());
  }
  request.peer = peer;
  return request;
}

http::response<http::string_body> message_of(Answer&& answer, bool head_only, bool keep_alive) {
  http::response<http::string_body> message;
  message.version(11);
  message.result(answer.status);
  message.set(http::field::server, "Earshot");
  if (!answer.body.empty()) message.set(http::field::content_type, answer.type);
  // What we show is nobody else's to frame, guess the type of, keep, or hear of from a link.
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Referrer-Policy", "no-referrer");
  message.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : answer.headers) message.set(name, value);
  message.keep_alive(keep_alive);
  message.content_length(answer.body.size());
  if (!head_only) message.body() = std::move(answer.body);
  return message;
}

std::string peer_of(const tcp::socket& socket) {
  error_code ignored;
  return socket.remote_endpoint(ignored).address().to_string();
}
std::string peer_of(const local::socket&) { return "unix"; }

// True: something listens there.
bool answers(const std::string& path) {
  asio::io_context io;
  local::socket socket(io);
  error_code error;
  socket.connect(local::endpoint(path), error);
  return !error;
}

}  // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
  State(asio::any_io_executor executor, Handler with, ServerLimits within)
      : io(std::move(executor)), handler(std::move(with)), limits(within), room(io) {}

  asio::any_io_executor io;
  const Handler handler;
  const ServerLimits limits;
  asio::steady_timer room;  // cancelled when a connection ends
  std::optional<tcp::acceptor> tcp_acceptor;
  std::optional<local::acceptor> local_acceptor;
  std::string socket_file;
  std::list<Stream> streams;
  std::uint16_t port = 0;
  bool closed = false;

  template <class Acceptor>
  Status open(std::optional<Acceptor>& acceptor, const typename Acceptor::protocol_type::endpoint& at,
              const std::string& name) {
    error_code error;
    acceptor.emplace(io);
    acceptor->open(at.protocol(), error);
    if (!error) acceptor->set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor->bind(at, error);
    if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use) return fail(fmt::format("{} is taken by another process", name));
    if (error) return fail(fmt::format("cannot listen at {}: {}", name, error.message()));
    asio::co_spawn(io, accept(shared_from_this(), *acceptor), asio::detached);
    return {};
  }

  template <class Acceptor>
  static asio::awaitable<void> accept(std::shared_ptr<State> self, Acceptor& acceptor) {
    while (!self->closed) {
      if (self->streams.size() >= self->limits.connections) {
        self->room.expires_at(net::asio::steady_timer::time_point::max());
        co_await self->room.async_wait(kAwait);
        continue;
      }
      auto [error, socket] = co_await acceptor.async_accept(kAwait);
      if (error == asio::error::operation_aborted || self->closed) break;
      if (error) {  // such as too many open files: those that are open go on
        self->room.expires_after(std::chrono::milliseconds{100});
        co_await self->room.async_wait(kAwait);
        continue;
      }
      std::string peer = peer_of(socket);
      const auto stream = self->streams.emplace(self->streams.end(), stream_protocol::socket(std::move(socket)));
      asio::co_spawn(self->io, self->serve(*stream, std::move(peer)), [self, stream](const std::exception_ptr&) {
        self->streams.erase(stream);
        self->room.cancel();
      });
    }
  }

  asio::awaitable<void> serve(Stream& stream, std::string peer) {
    beast::flat_buffer buffer;
    for (bool more = true; more && !closed;) {
      Parser parser;
      parser.header_limit(limits.head);
      stream.expires_after(limits.head_in);
      const auto [error, read] = co_await http::async_read_header(stream, buffer, parser, kAwait);
      if (error == http::error::end_of_stream) break;
      if (error) {
        if (error.category() == http::make_error_code(http::error::bad_method).category())
          co_await send(stream, plain(error == http::error::header_limit ? 431 : 400, error.message()), false, false);
        break;
      }
      more = co_await exchange(stream, buffer, parser, peer);
    }
    error_code ignored;
    stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  }

  // False: the connection is of no more use.
  asio::awaitable<bool> exchange(Stream& stream, beast::flat_buffer& buffer, Parser& parser, const std::string& peer) {
    Request request = head_of(parser.get(), peer);
    const std::uint64_t most = handler.body_limit(request);
    const bool head_only = request.method == "HEAD";
    if (parser.content_length() && *parser.content_length() > most) {
      co_await send(stream, plain(413, fmt::format("at most {} bytes", most)), head_only, false);
      co_return false;
    }
    parser.body_limit(most);
    stream.expires_after(limits.body_in);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      http::response<http::empty_body> go_on(http::status::continue_, 11);
      const auto [error, sent] = co_await http::async_write(stream, go_on, kAwait);
      if (error) co_return false;
    }
    const auto [error, read] = co_await http::async_read(stream, buffer, parser, kAwait);
    if (error) {
      if (error == http::error::body_limit)
        co_await send(stream, plain(413, fmt::format("at most {} bytes", most)), head_only, false);
      co_return false;
    }
    request.body = std::move(parser.get().body());
    const bool keep_alive = parser.get().keep_alive();
    Answer answer;
    stream.expires_never();
    try {
      answer = co_await handler.answer(std::move(request));
    } catch (const std::exception&) {
      answer = plain(500, "a fault of Earshot's; it is in the log");
    }
    co_return co_await send(stream, std::move(answer), head_only, keep_alive);
  }

  asio::awaitable<bool> send(Stream& stream, Answer answer, bool head_only, bool keep_alive) {
    auto message = message_of(std::move(answer), head_only, keep_alive && !closed);
    stream.expires_after(limits.body_in);
    http::response_serializer<http::string_body> serializer(message);
    const auto [error, sent] = head_only ? co_await http::async_write_header(stream, serializer, kAwait)
                                         : co_await http::async_write(stream, serializer, kAwait);
    co_return !error && keep_alive && !closed;
  }
};

Server::Server(asio::any_io_executor io, Handler handler, ServerLimits limits)
    : state_(std::make_shared<State>(std::move(io), std::move(handler), limits)) {}

Server::~Server() { close(); }

Status Server::listen(const Address& address) {
  if (!address.path.empty()) {
    struct stat about {};
    if (lstat(address.path.c_str(), &about) == 0) {
      if (!S_ISSOCK(about.st_mode)) return fail(address.path + " is there already, and no socket");
      if (answers(address.path)) return fail(address.path + " is taken by another process");
      unlink(address.path.c_str());
    }
    // 108 bytes is what sockaddr_un holds (unix(7)).
    if (address.path.size() >= 108) return fail(address.path + " is too long for a Unix socket: at most 107 bytes");
    const mode_t before = umask(0117);
    Status opened = state_->open(state_->local_acceptor, local::endpoint(address.path), address.path);
    umask(before);
    if (opened) state_->socket_file = address.path;
    return opened;
  }
  const tcp::endpoint at(asio::ip::make_address(address.host), address.port);
  const std::string name = address.host.find(':') == std::string::npos
                               ? fmt::format("{}:{}", address.host, address.port)
                               : fmt::format("[{}]:{}", address.host, address.port);
  if (Status opened = state_->open(state_->tcp_acceptor, at, name); !opened) return opened;
  error_code ignored;
  state_->port = state_->tcp_acceptor->local_endpoint(ignored).port();
  return {};
}

std::uint16_t Server::port() const { return state_->port; }

void Server::close() {
  if (std::exchange(state_->closed, true)) return;
  error_code ignored;
  if (state_->tcp_acceptor) state_->tcp_acceptor->close(ignored);
  if (state_->local_acceptor) state_->local_acceptor->close(ignored);
  if (!state_->socket_file.empty()) unlink(state_->socket_file.c_str());
  for (Stream& stream : state_->streams) stream.close();
  state_->room.cancel();
}

std::size_t Server::open() const { return state_->streams.size(); }

}  // namespace earshot::web
