// Inside of the HTTP client: what its fetches share.
#pragma once

#include <boost/intrusive/list.hpp>
#include <functional>

#include "net/answer.h"
#include "net/connection.h"
#include "net/dns.h"
#include "net/gate.h"
#include "net/http.h"
#include "net/operation.h"
#include "net/pool.h"

namespace earshot::net {

// Where a request goes on its first leg.
struct Route {
  std::string host;  // to resolve and connect to: the server, or the proxy
  std::uint16_t port = 0;
  std::optional<Ip> ip;       // `host` as an address
  bool proxied = false;       // `host` is a proxy
  bool tunnel = false;        // CONNECT through it
  bool http = true;           // what is spoken there, as TLS says beforehand (ALPN)
  std::string tls_host;       // whose certificate is wanted; empty without TLS
  std::string tunnel_target;  // "host:port"
  std::string proxy_authorization;
  std::string key;  // connections with the same key are interchangeable
};

// A connection in use, with the places it takes at its host (registrable.h) and its address.
struct Lent {
  Gate::Lease name, address;
  std::unique_ptr<Connection> connection;
  bool reused = false;
};

struct Proxy {
  url::Url url;
  std::string authorization;
};

struct Client::Impl : std::enable_shared_from_this<Client::Impl> {
  Impl(asio::any_io_executor executor, Options options);
  ~Impl();

  awaitable<Result<Response, FetchError>> fetch(Request request);
  // A connection for `route`, from the pool unless `fresh`, waiting for its turn.
  awaitable<Result<Lent, Failure>> borrow(Operation& operation, const Route& route, const url::Url& url,
                                          const Request& request, bool fresh, Timings& timings);
  // Connects, tunnels and shakes hands.
  awaitable<Result<void, Failure>> dial(Operation& operation, const Route& route, const Request& request, Lent& lent,
                                        Timings& timings);
  // Shakes hands with route.tls_host on a connection that is there.
  awaitable<Result<void, Failure>> secure(Operation& operation, const Route& route, const Limits& limits,
                                          Connection& connection);
  // The connection has served; it stays if it can.
  void give_back(Lent& lent, const AnswerReader& answer);
  Result<Route, Failure> route_to(const url::Url& url, const Request& request) const;
  void close();

  // Buffers of 64 KiB and more, lent for the time of one exchange: a smaller one makes a large body several times
  // dearer, and an idle connection needs none.
  using Buffer = std::vector<char>;
  Buffer take_buffer(std::size_t at_least);
  void return_buffer(Buffer buffer);

  asio::any_io_executor executor;
  Options options;
  std::string agent;
  std::string problem;  // what is wrong with the options, if anything
  std::optional<Proxy> http_proxy, https_proxy;
  Stats stats;
  Deadlines deadlines;
  Resolver resolver;
  Tls tls;
  Gate names, addresses, sockets;  // outlive the pool's connections, which hold leases
  Pool pool;
  std::vector<Buffer> buffers;
  boost::intrusive::list<Operation, boost::intrusive::constant_time_size<false>> operations;
  bool closed = false;
};

// Writes one request; the answer is the caller's to read.
awaitable<std::optional<Failure>> send_request(Operation& operation, const Request& request, std::string_view method,
                                               const url::Url& url, const Route& route, const Client::Impl& client,
                                               Connection& connection);

// A step's failure as the caller sees it.
FetchError to_error(const url::Url& url, const Failure& failure, bool timeout);
FetchError to_error(std::string_view shown_url, const Failure& failure, bool timeout);

}  // namespace earshot::net
