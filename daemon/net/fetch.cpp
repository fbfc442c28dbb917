// One fetch from its URL to its answer: hop by hop, each on a pooled connection if there is one.
#include <fmt/format.h>

#include <algorithm>

#include "net/client.h"
#include "net/outgoing.h"
#include "net/text.h"

namespace earshot::net {
namespace {

using Clock = std::chrono::steady_clock;
using Impl = Client::Impl;

Duration since(Clock::time_point begin) { return std::chrono::duration_cast<Duration>(Clock::now() - begin); }

// RFC 9110 §9.2.2: what may be sent twice.
bool idempotent(std::string_view method) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"},
      [&](std::string_view one) { return one == method; });
}

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// What a fetch carries from hop to hop.
struct Journey {
  Request request;
  std::string method;
  url::Url url;
  Response response;
  std::vector<std::string> visited;
};

class LentBuffer {
 public:
  LentBuffer(Impl& client, std::size_t at_least) : client_(client), buffer(client.take_buffer(at_least)) {}
  ~LentBuffer() { client_.return_buffer(std::move(buffer)); }
  LentBuffer(const LentBuffer&) = delete;
  LentBuffer& operator=(const LentBuffer&) = delete;

 private:
  Impl& client_;

 public:
  Impl::Buffer buffer;
};

// Reads one answer from a connection. Bytes behind the answer make the connection unfit for more.
awaitable<std::optional<Failure>> read_answer(Operation& operation, const Limits& limits, Impl& client,
                                              Connection& connection, AnswerReader& answer, Timings& timings) {
  LentBuffer lent(client, limits.max_header_bytes + (std::size_t{4} << 10));
  std::vector<char>& buffer = lent.buffer;
  std::size_t filled = 0;
  auto began = Clock::now();
  bool in_body = false;
  operation.enter(Step::header, limits.header, connection);
  while (!answer.done()) {
    if (filled == buffer.size())
      co_return Failure{Step::limit,
                        fmt::format("the headers are larger than the limit of {} bytes", limits.max_header_bytes)};
    const auto [error, count] =
        co_await connection.read_some(asio::buffer(buffer.data() + filled, buffer.size() - filled));
    if (operation.ended()) co_return operation.explain("");
    client.stats.bytes_in += count;
    filled += count;
    if (count > 0) {
      const std::size_t used = answer.put({buffer.data(), filled});
      filled -= used;
      if (filled > 0 && used > 0) std::copy_n(buffer.data() + used, filled, buffer.data());
    }
    if (error == asio::error::eof && !answer.failure()) {
      answer.eof();
    } else if (error && !answer.failure() && !answer.done()) {
      co_return operation.explain(
          error == asio::ssl::error::stream_truncated
              ? "the server cut the connection without ending it, so the answer may not be whole"
              : fmt::format("the connection broke: {}", error.message()));
    }
    if (answer.failure()) co_return answer.failure();
    if (answer.header_done() && !in_body) {
      in_body = true;
      timings.header = since(began);
      began = Clock::now();
      if (!answer.done()) operation.enter(Step::body, limits.body, connection);
    }
    if (in_body && !answer.done() && limits.min_rate > 0)
      operation.allow(began + limits.rate_grace +
                      std::chrono::milliseconds(answer.wire_bytes() * 1000 / limits.min_rate));
  }
  timings.body = since(began);
  operation.leave();
  if (filled > 0) answer.spoil();
  co_return std::nullopt;
}

// Sends one request and reads its answer.
awaitable<std::optional<Failure>> exchange(Operation& operation, const Journey& journey, const Route& route,
                                           Impl& client, Connection& connection, AnswerReader& answer,
                                           Timings& timings) {
  const Request& request = journey.request;
  auto failure = co_await send_request(operation, request, journey.method, journey.url, route, client, connection);
  if (failure) co_return failure;
  co_return co_await read_answer(operation, request.limits, client, connection, answer, timings);
}

// RFC 9111 §4.3.4 and the manners of http.h's Response::validators.
Validators validators_after(unsigned status, const Headers& headers, Validators known) {
  const std::string* etag = headers.find("ETag");
  const std::string* modified = headers.find("Last-Modified");
  if (status == 200 || status == 226) return {etag ? *etag : std::string(), modified ? *modified : std::string()};
  if (status == 304) {
    if (etag) known.etag = *etag;
    if (modified) known.last_modified = *modified;
  }
  return known;
}

// Turns the journey to where the answer points. Nothing when it is not to be followed, else what is wrong with it.
std::optional<Failure> turn(Journey& journey, unsigned status, const std::string& location) {
  const auto wrong = [](std::string text) { return Failure{Step::redirect, std::move(text)}; };
  if (journey.response.hops.size() >= journey.request.limits.max_redirects)
    return wrong(fmt::format("it redirects more than {} times", journey.request.limits.max_redirects));
  auto next = url::resolve(journey.url, location);
  if (!next) return wrong(fmt::format("it redirects to something that cannot be fetched: {}", next.error().message));
  if (next->scheme != "http" && next->scheme != "https") return wrong("it redirects to a WebSocket");
  next->fragment.reset();
  if (journey.url.secure() && !next->secure())
    return wrong(fmt::format("it redirects from https to {}, which is not protected; if this is right, write that URL",
                             redact(next->str())));

  if ((status == 303 && journey.method != "HEAD") || ((status == 301 || status == 302) && journey.method == "POST")) {
    journey.method = "GET";
    journey.request.body.clear();
    std::erase_if(journey.request.headers, [](const Header& header) {
      return header.name.size() > 8 && same_word(header.name.substr(0, 8), "Content-");
    });
  }
  if (same_origin(journey.url, *next)) {
    next->username = journey.url.username;
    next->password = journey.url.password;
  } else {
    next->username.clear();
    next->password.clear();
    drop_credentials(journey.request.headers);
    if (!journey.request.body.empty()) return wrong("it redirects what was posted to another server");
  }
  std::string shown = next->str(false, false);
  if (std::ranges::find(journey.visited, shown) != journey.visited.end()) return wrong("it redirects in a circle");
  journey.visited.push_back(shown);
  journey.response.hops.push_back({status, std::move(shown), {}});
  journey.url = std::move(*next);
  return std::nullopt;
}

void arrive(Journey& journey, AnswerReader& answer, Clock::time_point began) {
  Response& response = journey.response;
  response.status = answer.status;
  response.validators = validators_after(answer.status, answer.headers, std::move(journey.request.validators));
  response.headers = std::move(answer.headers);
  response.body = std::move(answer.body);
  response.url = journey.url.str(false, false);
  response.wire_bytes = answer.wire_bytes();
  response.timings.whole = since(began);
}

// One hop: true when the journey goes on.
awaitable<Result<bool, Failure>> hop(Operation& operation, Journey& journey, Impl& client, Clock::time_point began) {
  auto route = client.route_to(journey.url, journey.request);
  if (!route) co_return tl::unexpected(std::move(route.error()));
  for (bool fresh = false;; fresh = true) {
    Timings timings;
    auto lent = co_await client.borrow(operation, *route, journey.url, journey.request, fresh, timings);
    if (!lent) co_return tl::unexpected(std::move(lent.error()));
    ++client.stats.requests;
    if (lent->reused) ++client.stats.reused;
    AnswerReader answer(journey.request.limits, journey.method != "HEAD");
    ++client.stats.active;
    auto failure = co_await exchange(operation, journey, *route, client, *lent->connection, answer, timings);
    --client.stats.active;
    operation.leave();
    // The server closed an idle connection at the very moment we used it (RFC 9112 §9.3.1), or says so with a 408.
    const bool stale = lent->reused && !operation.ended() && idempotent(journey.method) &&
                       ((failure && !answer.started()) || (!failure && answer.status == 408));
    if (stale) {
      ++client.stats.stale_retries;
      continue;
    }
    if (failure) co_return tl::unexpected(std::move(*failure));
    const std::string* location = answer.headers.find("Location");
    if (journey.request.follow_redirects && is_redirect(answer.status) && location != nullptr) {
      if (auto wrong = turn(journey, answer.status, *location)) co_return tl::unexpected(std::move(*wrong));
      if (const std::string* wait = answer.headers.find("Retry-After"))
        journey.response.hops.back().retry_after = *wait;
      client.give_back(*lent, answer);
      co_return true;
    }
    journey.response.timings = timings;
    journey.response.reused = lent->reused;
    journey.response.tls_resumed = lent->connection->tls_resumed;
    client.give_back(*lent, answer);
    arrive(journey, answer, began);
    co_return false;
  }
}

awaitable<Result<Response, FetchError>> perform(Impl& client, Request request) {
  const auto began = Clock::now();
  if (client.closed)
    co_return tl::unexpected(to_error(redact(request.url), {Step::cancelled, "the client was closed"}, false));
  if (!client.problem.empty())
    co_return tl::unexpected(to_error(redact(request.url), {Step::url, client.problem}, false));
  if (auto wrong = check_request(request)) co_return tl::unexpected(to_error(redact(request.url), *wrong, false));
  auto url = url::parse(request.url);
  if (url && url->scheme != "http" && url->scheme != "https")
    url = fail("this URL is for a WebSocket, not to be fetched");
  if (!url) co_return tl::unexpected(to_error(redact(request.url), {Step::url, url.error().message}, false));

  Operation operation(client.deadlines, co_await asio::this_coro::cancellation_state);
  client.operations.push_back(operation);
  Journey journey;
  journey.method = !request.method.empty() ? std::move(request.method) : request.body.empty() ? "GET" : "POST";
  journey.request = std::move(request);
  journey.url = std::move(*url);
  if (journey.request.follow_redirects) journey.visited.push_back(journey.url.str(false, false));
  if (!journey.request.moved_to.empty()) {
    if (auto wrong = turn(journey, 308, journey.request.moved_to))
      co_return tl::unexpected(to_error(journey.url, *wrong, false));
    journey.response.hops.clear();  // nobody said so this time
  }
  while (true) {
    auto more = co_await hop(operation, journey, client, began);
    if (!more) co_return tl::unexpected(to_error(journey.url, more.error(), operation.timed_out()));
    if (!*more) co_return std::move(journey.response);
  }
}

}  // namespace

awaitable<std::optional<Failure>> send_request(Operation& operation, const Request& request, std::string_view method,
                                               const url::Url& url, const Route& route, const Impl& client,
                                               Connection& connection) {
  const bool to_proxy = route.proxied && !route.tunnel;
  std::string out;
  out.reserve(512 + request.body.size());
  Outgoing outgoing;
  outgoing.method = method;
  outgoing.url = &url;
  outgoing.headers = &request.headers;
  outgoing.validators = &request.validators;
  outgoing.body = request.body;
  outgoing.user_agent = client.agent;
  outgoing.absolute_form = to_proxy;
  if (to_proxy) outgoing.proxy_authorization = route.proxy_authorization;
  write_request(outgoing, out);
  asio::const_buffer rest = asio::buffer(out);
  if (connection.write_now(rest)) co_return std::nullopt;
  operation.enter(Step::send, request.limits.send, connection);
  const auto [error, count] = co_await connection.write(rest);
  if (error || operation.ended()) co_return operation.explain(fmt::format("the connection broke: {}", error.message()));
  co_return std::nullopt;
}

awaitable<Result<Response, FetchError>> Client::Impl::fetch(Request request) {
  const auto self = shared_from_this();
  // Cancellation is an error value like the others: no co_await of ours throws for it.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto result = co_await perform(*this, std::move(request));
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return result;
}

}  // namespace earshot::net
