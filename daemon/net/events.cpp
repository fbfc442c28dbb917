// Server-Sent Events as a client.
#include <fmt/format.h>

#include "net/event_parser.h"
#include "net/opening.h"
#include "net/outgoing.h"
#include "net/text.h"

namespace earshot::net {
namespace {

class EventStream final : public Stream {
 public:
  EventStream(std::shared_ptr<Client::Impl> client, const url::Url& url, const Request& request, std::string last_id,
              StreamLimits limits)
      : client_(std::move(client)),
        shown_(redact(url.str())),
        limits_(limits),
        answer_(request.limits, true),
        parser_(limits.max_frame, std::move(last_id)),
        buffer_(16u << 10) {
    answer_.endless();
  }

  // Connects, asks, and reads the header.
  awaitable<Result<void, FetchError>> open(const url::Url& url, const Request& request) {
    Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
    client_->operations.push_back(operation);
    const auto fail_with = [&](const Failure& failure) {
      return tl::unexpected(to_error(shown_, failure, operation.timed_out()));
    };
    auto route = client_->route_to(url, request);
    if (!route) co_return fail_with(route.error());
    Timings timings;
    auto lent = co_await client_->borrow(operation, *route, url, request, true, timings);
    if (!lent) co_return fail_with(lent.error());
    connection_ = std::move(lent->connection);  // a stream takes no turn from its host's polls: their leases end here
    lent->name.release();
    lent->address.release();
    auto failure = co_await send_request(operation, request, "GET", url, *route, *client_, *connection_);
    if (failure) co_return fail_with(*failure);
    operation.enter(Step::header, request.limits.header, *connection_);
    while (!answer_.header_done()) {
      failure = co_await read_some(operation);
      if (failure) co_return fail_with(*failure);
    }
    const std::string* type = answer_.headers.find("Content-Type");
    const std::string* encoding = answer_.headers.find("Content-Encoding");
    if (answer_.status != 200)
      co_return fail_with(
          {Step::header, fmt::format("the server answered {} instead of an event stream", answer_.status)});
    if (type == nullptr || !same_word(trim(type->substr(0, type->find(';'))), "text/event-stream"))
      co_return fail_with({Step::header, "what the server sends is not of type text/event-stream"});
    if (encoding != nullptr && !same_word(*encoding, "identity"))
      co_return fail_with({Step::decode, "the event stream is packed, which was not asked for"});
    co_return Result<void, FetchError>{};
  }

  awaitable<Result<Frame, FetchError>> next() override {
    return without_throwing([this] { return read_next(); });
  }

  awaitable<Result<void, FetchError>> send(std::string) override {
    co_return tl::unexpected(to_error(shown_, {Step::url, "an event stream goes one way only"}, false));
  }

  awaitable<void> finish(Duration) override {
    if (connection_) connection_->close();
    co_return;
  }

  Duration retry_hint() const override { return parser_.retry(); }

 private:
  awaitable<Result<Frame, FetchError>> read_next() {
    Operation operation(client_->deadlines, co_await asio::this_coro::cancellation_state);
    client_->operations.push_back(operation);
    if (client_->closed) operation.close();
    while (true) {
      if (auto frame = parser_.next()) co_return std::move(*frame);
      if (closed_ || answer_.done()) {
        closed_ = true;
        Frame frame;
        frame.kind = FrameKind::closed;
        co_return frame;
      }
      if (operation.ended()) co_return tl::unexpected(to_error(shown_, operation.explain(""), operation.timed_out()));
      operation.enter(Step::body, limits_.silence, *connection_);
      if (auto failure = co_await read_some(operation))
        co_return tl::unexpected(to_error(shown_, *failure, operation.timed_out()));
    }
  }

  awaitable<std::optional<Failure>> read_some(Operation& operation) {
    if (filled_ == buffer_.size()) buffer_.resize(2 * buffer_.size());  // bounded by the header limits of answer_
    const auto [error, count] =
        co_await connection_->read_some(asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_));
    if (operation.ended()) co_return operation.explain("");
    filled_ += count;
    if (count > 0) {
      const std::size_t used = answer_.put({buffer_.data(), filled_});
      filled_ -= used;
      std::copy_n(buffer_.data() + used, filled_, buffer_.data());
    }
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
      answer_.eof();  // a stream has no end that could be cut off unseen
    } else if (error) {
      co_return operation.explain(fmt::format("the connection broke: {}", error.message()));
    }
    const bool fits = parser_.put(answer_.body);
    answer_.body.clear();
    if (!fits)
      co_return Failure{Step::limit, fmt::format("an event is larger than the limit of {} bytes", limits_.max_frame)};
    co_return answer_.failure();
  }

  std::shared_ptr<Client::Impl> client_;
  std::string shown_;
  StreamLimits limits_;
  AnswerReader answer_;
  EventParser parser_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  bool closed_ = false;
  std::unique_ptr<Connection> connection_;
};

awaitable<Result<std::unique_ptr<Stream>, FetchError>> open(std::shared_ptr<Client::Impl> client, Request request,
                                                            std::string last_event_id, StreamLimits limits) {
  auto url = stream_url(*client, request, "http", "https");
  if (!url) co_return tl::unexpected(std::move(url.error()));
  if (request.headers.find("Accept") == nullptr) request.headers.push_back({"Accept", "text/event-stream"});
  if (request.headers.find("Accept-Encoding") == nullptr) request.headers.push_back({"Accept-Encoding", "identity"});
  request.headers.push_back({"Cache-Control", "no-store"});
  if (!last_event_id.empty() && is_field_value(last_event_id))
    request.headers.push_back({"Last-Event-ID", last_event_id});
  request.validators = {};
  auto stream = std::make_unique<EventStream>(client, *url, request, std::move(last_event_id), limits);
  auto opened = co_await stream->open(*url, request);
  if (!opened) co_return tl::unexpected(std::move(opened.error()));
  co_return std::unique_ptr<Stream>(std::move(stream));
}

}  // namespace

Result<url::Url, FetchError> stream_url(const Client::Impl& client, const Request& request, std::string_view plain,
                                        std::string_view secure) {
  const auto fail_with = [&](Step step, std::string text) {
    return tl::unexpected(to_error(redact(request.url), {step, std::move(text)}, false));
  };
  if (client.closed) return fail_with(Step::cancelled, "the client was closed");
  if (!client.problem.empty()) return fail_with(Step::url, client.problem);
  if (auto wrong = check_request(request)) return fail_with(wrong->step, wrong->text);
  auto url = url::parse(request.url);
  if (!url) return fail_with(Step::url, url.error().message);
  if (url->scheme != plain && url->scheme != secure)
    return fail_with(Step::url, fmt::format("this stream begins with {}:// or {}://", plain, secure));
  return std::move(*url);
}

awaitable<Result<std::unique_ptr<Stream>, FetchError>> open_events(Client& client, Request request,
                                                                   std::string last_event_id, StreamLimits limits) {
  auto body = [impl = client.impl(), request = std::move(request), id = std::move(last_event_id), limits] {
    return open(impl, request, id, limits);
  };
  auto result = co_await without_throwing(std::move(body));
  co_return result;
}

}  // namespace earshot::net
