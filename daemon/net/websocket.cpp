// WebSocket as a client, by Beast, over a connection of ours.
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
class WebSocket final : public Stream {
 public:
  WebSocket(std::shared_ptr<Client::Impl> client, std::unique_ptr<Connection> connection, Next& next, std::string shown,
            StreamLimits limits)
      : client_(std::move(client)),
        connection_(std::move(connection)),
        shown_(std::move(shown)),
        limits_(limits),
        ws_(next) {}

  awaitable<Result<void, FetchError>> handshake(const url::Url& url, const Request& request) {
    Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
    client_->operations.push_back(operation);
    ws_.set_option(websocket::stream_base::decorator([&](websocket::request_type& message) {
      message.set(beast::http::field::user_agent, client_->agent);
      if (url.has_credentials()) message.set(beast::http::field::authorization, basic_authorization(url));
      for (const Header& header : request.headers) message.set(header.name, header.value);
    }));
    websocket::permessage_deflate deflate;
    deflate.client_enable = true;
    ws_.set_option(deflate);
    // Beast pings at half of the idle time-out, and ends the stream when even the pong does not come.
    ws_.set_option(websocket::stream_base::timeout{websocket::stream_base::none(), limits_.silence, true});
    ws_.read_message_max(limits_.max_frame);
    operation.enter(Step::header, request.limits.header, *connection_);
    websocket::response_type answer;
    const std::string host = url.authority(), target = url.target();
    const auto [error] = co_await ws_.async_handshake(answer, host, target, kAwait);
    if (!error && !operation.ended()) co_return Result<void, FetchError>{};
    if (error == websocket::error::upgrade_declined)
      co_return failed(operation,
                       fmt::format("the server answered {} instead of opening a WebSocket", answer.result_int()));
    co_return failed(operation, fmt::format("the WebSocket was not opened: {}", error.message()));
  }

  awaitable<Result<Frame, FetchError>> next() override {
    return without_throwing([this] { return read_next(); });
  }
  awaitable<Result<void, FetchError>> send(std::string text) override {
    auto result = co_await without_throwing([&] { return write(text); });
    co_return result;
  }

  awaitable<void> finish(Duration patience) override {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    if (ws_.is_open()) {
      Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
      client_->operations.push_back(operation);
      operation.enter(Step::body, patience, *connection_);
      co_await ws_.async_close(websocket::close_code::normal, kAwait);
    }
    connection_->close();
    co_await asio::this_coro::throw_if_cancelled(throws);
  }

  Duration retry_hint() const override { return Duration::zero(); }

 private:
  awaitable<Result<Frame, FetchError>> read_next() {
    Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
    client_->operations.push_back(operation);
    if (client_->closed) co_return tl::unexpected(to_error(shown_, {Step::cancelled, "the client was closed"}, false));
    operation.enter(Step::body, Duration::max(), *connection_);
    buffer_.clear();
    const auto [error, count] = co_await ws_.async_read(buffer_, kAwait);
    Frame frame;
    if (error == websocket::error::closed) {
      frame.kind = FrameKind::closed;
      frame.code = ws_.reason().code;
      frame.data = std::string(ws_.reason().reason.data(), ws_.reason().reason.size());
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
    frame.kind = ws_.got_text() ? FrameKind::text : FrameKind::binary;
    frame.data.assign(static_cast<const char*>(buffer_.data().data()), count);
    co_return frame;
  }

  awaitable<Result<void, FetchError>> write(const std::string& text) {
    Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
    client_->operations.push_back(operation);
    operation.enter(Step::send, limits_.silence, *connection_);
    ws_.text(true);
    const auto [error, count] = co_await ws_.async_write(asio::buffer(text), kAwait);
    if (error || operation.ended())
      co_return failed(operation, fmt::format("the connection broke: {}", error.message()));
    co_return Result<void, FetchError>{};
  }

  tl::unexpected<FetchError> failed(const Operation& operation, std::string_view text) const {
    return tl::unexpected(to_error(shown_, operation.explain(text), operation.timed_out()));
  }

  std::shared_ptr<Client::Impl> client_;
  std::unique_ptr<Connection> connection_;  // whose socket or TLS stream ws_ refers to
  std::string shown_;
  StreamLimits limits_;
  websocket::stream<Next&> ws_;
  beast::flat_buffer buffer_;
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
  const auto impl = client.impl();
  auto result = co_await without_throwing([&] { return open(impl, std::move(request), limits); });
  co_return result;
}

}  // namespace earshot::net
