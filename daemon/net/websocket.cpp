// WebSocket as a client (RFC 6455, with permessage-deflate of RFC 7692), by Beast, over a connection of ours.
//
// OWNER  Beast's operations refer to the stream and its connection until their handlers have run, so both live in a
//        Core that every handler holds. Whoever drops the WebSocket closes the connection; the Core goes with the last
//        handler. Operations are awaited by handlers and an Event, not by Asio's awaitables: cancelling the coroutine
//        closes the connection and waits for the handler, so no operation outlives the frame whose buffers it uses.
#include <fmt/format.h>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "net/opening.h"
#include "net/outgoing.h"

namespace earshot::net {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

template <class Next>
struct Core {
  Core(std::unique_ptr<Connection> of, Next& next) : connection(std::move(of)), ws(next) {}
  std::unique_ptr<Connection> connection;  // whose socket or TLS stream ws refers to
  websocket::stream<Next&> ws;
  beast::flat_buffer buffer;  // of the message that is being read
};

// One Beast operation under way.
struct Pending {
  explicit Pending(const asio::any_io_executor& executor) : event(executor) {}
  Event event;
  bool done = false;
  error_code error;
  std::size_t count = 0;
};

template <class Next>
class WebSocket final : public Stream {
 public:
  WebSocket(std::shared_ptr<Client::Impl> client, std::unique_ptr<Connection> connection, Next& next, std::string shown,
            StreamLimits limits)
      : client_(std::move(client)),
        core_(std::make_shared<Core<Next>>(std::move(connection), next)),
        shown_(std::move(shown)),
        limits_(limits) {}
  ~WebSocket() override { core_->connection->close(); }
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  awaitable<Result<void, FetchError>> handshake(const url::Url& url, const Request& request) {
    Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
    client_->operations.push_back(operation);
    auto& ws = core_->ws;
    ws.set_option(websocket::stream_base::decorator(
        [agent = client_->agent, authorization = url.has_credentials() ? basic_authorization(url) : std::string(),
         headers = request.headers](websocket::request_type& message) {
          message.set(beast::http::field::user_agent, agent);
          if (!authorization.empty()) message.set(beast::http::field::authorization, authorization);
          for (const Header& header : headers) message.set(header.name, header.value);
        }));
    websocket::permessage_deflate deflate;
    deflate.client_enable = true;
    ws.set_option(deflate);
    // Beast pings at half of the idle time-out, and ends the stream when even the pong does not come. The first limit
    // is for the closing handshake: after it the server has to close first.
    ws.set_option(websocket::stream_base::timeout{request.limits.header, limits_.silence, true});
    ws.read_message_max(limits_.max_frame);
    operation.enter(Step::header, request.limits.header, *core_->connection);
    const auto answer = std::make_shared<websocket::response_type>();
    const std::string host = url.authority(), target = url.target();
    const auto start = [&](auto handler) { ws.async_handshake(*answer, host, target, std::move(handler)); };
    const std::shared_ptr<const void> keep = answer;
    const auto pending = co_await finished(operation, start, keep);
    operation.leave();
    if (!pending->error && !operation.ended()) co_return Result<void, FetchError>{};
    if (pending->error == websocket::error::upgrade_declined)
      co_return failed(operation,
                       fmt::format("the server answered {} instead of opening a WebSocket", answer->result_int()));
    co_return failed(operation, fmt::format("the WebSocket was not opened: {}", pending->error.message()));
  }

  awaitable<Result<Frame, FetchError>> next() override {
    return without_throwing([this] { return read_next(); });
  }

  awaitable<Result<void, FetchError>> send(std::string text) override {
    const auto kept = std::make_shared<const std::string>(std::move(text));
    auto body = [this, kept] { return write(kept); };
    auto result = co_await without_throwing(std::move(body));
    co_return result;
  }

  awaitable<void> finish(Duration patience) override {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    if (core_->ws.is_open()) {
      Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
      client_->operations.push_back(operation);
      operation.enter(Step::body, patience, *core_->connection);
      const websocket::close_reason normal(websocket::close_code::normal);
      const auto start = [&](auto handler) { core_->ws.async_close(normal, std::move(handler)); };
      const std::shared_ptr<const void> nothing;
      const auto pending = co_await finished(operation, start, nothing);
      operation.leave();
    }
    core_->connection->close();
    co_await asio::this_coro::throw_if_cancelled(throws);
  }

  Duration retry_hint() const override { return Duration::zero(); }

 private:
  // Starts a Beast operation and comes back when its handler has run. `keep` is what it uses beside the core.
  template <class Start>
  awaitable<std::shared_ptr<Pending>> finished(Operation& operation, Start start, std::shared_ptr<const void> keep) {
    const auto pending = std::make_shared<Pending>(client_->executor);
    start([pending, core = core_, keep](error_code error, std::size_t count = 0) {
      pending->done = true;
      pending->error = error;
      pending->count = count;
      pending->event.notify();
    });
    while (!pending->done) {
      co_await pending->event.wait();
      if (!pending->done && operation.ended()) core_->connection->close();
    }
    co_return pending;
  }

  awaitable<Result<Frame, FetchError>> read_next() {
    Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
    client_->operations.push_back(operation);
    if (client_->closed) co_return tl::unexpected(to_error(shown_, {Step::cancelled, "the client was closed"}, false));
    operation.enter(Step::body, Duration::max(), *core_->connection);
    core_->buffer.clear();
    const auto start = [&](auto handler) { core_->ws.async_read(core_->buffer, std::move(handler)); };
    const std::shared_ptr<const void> nothing;
    const auto pending = co_await finished(operation, start, nothing);
    operation.leave();
    const error_code error = pending->error;
    Frame frame;
    if (error == websocket::error::closed || (error && core_->ws.reason().code != websocket::close_code::none)) {
      frame.kind = FrameKind::closed;
      frame.code = core_->ws.reason().code;
      frame.data = std::string(core_->ws.reason().reason.data(), core_->ws.reason().reason.size());
      co_return frame;
    }
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow)
      co_return tl::unexpected(to_error(
          shown_, {Step::limit, fmt::format("a message is larger than the limit of {} bytes", limits_.max_frame)},
          false));
    if (error == beast::error::timeout)
      co_return tl::unexpected(
          to_error(shown_, {Step::body, fmt::format("nothing came for {}", format_duration(limits_.silence))}, true));
    if (error || operation.ended())
      co_return failed(operation, fmt::format("the connection broke: {}", error.message()));
    frame.kind = core_->ws.got_text() ? FrameKind::text : FrameKind::binary;
    frame.data.assign(static_cast<const char*>(core_->buffer.data().data()), pending->count);
    co_return frame;
  }

  awaitable<Result<void, FetchError>> write(std::shared_ptr<const std::string> text) {
    Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
    client_->operations.push_back(operation);
    operation.enter(Step::send, limits_.silence, *core_->connection);
    core_->ws.text(true);
    const auto start = [&](auto handler) { core_->ws.async_write(asio::buffer(*text), std::move(handler)); };
    const std::shared_ptr<const void> keep = text;
    const auto pending = co_await finished(operation, start, keep);
    operation.leave();
    if (pending->error || operation.ended())
      co_return failed(operation, fmt::format("the connection broke: {}", pending->error.message()));
    co_return Result<void, FetchError>{};
  }

  tl::unexpected<FetchError> failed(const Operation& operation, std::string_view text) const {
    return tl::unexpected(to_error(shown_, operation.explain(text), operation.timed_out()));
  }

  std::shared_ptr<Client::Impl> client_;
  std::shared_ptr<Core<Next>> core_;
  std::string shown_;
  StreamLimits limits_;
};

template <class Next>
awaitable<Result<std::unique_ptr<Stream>, FetchError>> shake_hands(std::shared_ptr<Client::Impl> client,
                                                                   std::unique_ptr<Connection> connection, Next& next,
                                                                   const url::Url& url, const Request& request,
                                                                   StreamLimits limits) {
  auto stream =
      std::make_unique<WebSocket<Next>>(std::move(client), std::move(connection), next, redact(url.str()), limits);
  auto done = co_await stream->handshake(url, request);
  if (!done) co_return tl::unexpected(std::move(done.error()));
  co_return std::unique_ptr<Stream>(std::move(stream));
}

awaitable<Result<std::unique_ptr<Stream>, FetchError>> open(std::shared_ptr<Client::Impl> client, Request request,
                                                            StreamLimits limits) {
  auto url = stream_url(*client, request, "ws", "wss");
  if (!url) co_return tl::unexpected(std::move(url.error()));
  std::unique_ptr<Connection> connection;
  {
    Operation operation(client->deadlines, co_await asio::this_coro::cancellation_state);
    client->operations.push_back(operation);
    auto route = client->route_to(*url, request);
    if (!route) co_return tl::unexpected(to_error(*url, route.error(), false));
    Timings timings;
    auto lent = co_await client->borrow(operation, *route, *url, request, true, timings);
    if (!lent) co_return tl::unexpected(to_error(*url, lent.error(), operation.timed_out()));
    connection = std::move(lent->connection);  // a stream takes no turn from its host's polls: their leases end here
  }
  if (connection->tls) {
    TlsStream& next = *connection->tls;
    auto result = co_await shake_hands(std::move(client), std::move(connection), next, *url, request, limits);
    co_return result;
  }
  tcp::socket& next = connection->socket;
  auto result = co_await shake_hands(std::move(client), std::move(connection), next, *url, request, limits);
  co_return result;
}

}  // namespace

awaitable<Result<std::unique_ptr<Stream>, FetchError>> open_websocket(Client& client, Request request,
                                                                      StreamLimits limits) {
  auto body = [impl = client.impl(), request = std::move(request), limits] { return open(impl, request, limits); };
  auto result = co_await without_throwing(std::move(body));
  co_return result;
}

}  // namespace earshot::net
