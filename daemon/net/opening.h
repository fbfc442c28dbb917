// What opening a stream has in common for both kinds.
#pragma once

#include "net/client.h"
#include "net/stream.h"

namespace earshot::net {

// Runs `body`, which gives a Result, with cancellation as a value instead of an exception.
template <class Body>
auto without_throwing(Body body) -> decltype(body()) {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto result = co_await body();
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return result;
}

// Checks the request and parses its URL, whose scheme has to be one of two.
Result<url::Url, FetchError> stream_url(const Client::Impl& client, const Request& request, std::string_view plain,
                                        std::string_view secure);

}  // namespace earshot::net
