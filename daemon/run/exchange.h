// Carries a plugin's request out and brings the answer back: over HTTP or SMTP, from a local file, or to standard
// output.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/stream.h"
#include "plugin/exchange.h"
#include "run/workers.h"

namespace earshot::run {

// One request of a source or a sink with what the host adds to it.
struct Errand {
  host::Request request;
  net::Headers headers;        // from the configuration, before the plugin's own
  net::Validators validators;  // sent when the request is conditional
  std::string moved_to{};      // net::Request::moved_to
  bool follow_redirects = true;
  const net::AddressPolicy* policy = nullptr;
  net::Limits limits;
};

class Exchange {
 public:
  // `print` takes what a sink posts to console:, one whole alert at a time, on the I/O thread.
  Exchange(net::Client& client, Workers& workers, std::function<Status(std::string_view)> print)
      : client_(client), workers_(workers), print_(std::move(print)) {}

  // The scheme decides: http(s) through the client; file: read on a worker, 404 where there is none; console: printed;
  // smtp(s): handed to the submission server.
  boost::asio::awaitable<Result<net::Response, net::FetchError>> send(Errand errand);
  // A WebSocket or an event stream, as the request says.
  boost::asio::awaitable<Result<std::unique_ptr<net::Stream>, net::FetchError>> open(Errand errand,
                                                                                     net::StreamLimits limits);

 private:
  net::Client& client_;
  Workers& workers_;
  std::function<Status(std::string_view)> print_;
};

// The plugin's view of an answer; borrows from it.
host::Response plugin_view(const net::Response& response, std::uint64_t tag);

// Writes to standard output and flushes. The error says why nothing could be written.
Status print_to_stdout(std::string_view text);

}  // namespace earshot::run
