// The one HTTP client of the house: HTTP/1.1 over TCP and TLS, with pooled connections, cached DNS, redirects, content
// decoding, an address guard and a limit on everything a server could stretch.
//
//   net::Client client(io.get_executor(), {.user_agent = "earshot/1.0", .contact = "team@example.com"});
//   net::Request request{.url = "https://example.com/feed.xml", .validators = last.validators};
//   auto answer = co_await client.fetch(std::move(request));
//
// (A request is a variable, not a braced temporary inside the co_await: GCC 12 destroys such temporaries twice.)
//
// THREADS  A Client lives on one executor that runs one handler at a time: a single-threaded io_context, or a strand.
//          Everything is called and awaited there. For more threads use more Clients.
// ERRORS   Whatever the network does is a FetchError. Nothing is thrown for it, also not when cancelled.
// OWNER    A fetch belongs to the coroutine that awaits it. close(), and the destructor, end all that are under way
//          with Step::cancelled; their frames stay valid until they are resumed with it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "core/url/ip.h"
#include "core/url/url.h"
#include "net/error.h"

namespace earshot::net {

using url::Ip;
using url::Network;
using url::redact;

struct Header {
  std::string name, value;
};

// In the order of the message; a name may occur more than once.
class Headers : public std::vector<Header> {
 public:
  using std::vector<Header>::vector;
  // The first of that name (ASCII case-insensitive), or null.
  const std::string* find(std::string_view name) const;
};

// ETag and Last-Modified byte for byte as received; empty is none. They travel together (RFC 9110 §13.1).
struct Validators {
  std::string etag, last_modified;
  friend bool operator==(const Validators&, const Validators&) = default;
};

// Each time is for one step of one hop. `whole` spans all hops, from the moment the first one has its turn at the host
// and is about to connect, or to use a kept connection: waiting for others is not counted.
struct Limits {
  Duration resolve{10'000};
  Duration connect{10'000};  // all addresses together
  Duration tls{10'000};
  Duration send{10'000};
  Duration header{20'000};  // from the request's last byte to the header's last byte
  Duration body{60'000};
  Duration whole{30'000};
  std::uint32_t max_header_bytes = 64u << 10;  // of one answer, interim (1xx) ones included
  std::uint32_t max_headers = 200;
  std::uint64_t max_body = 16u << 20;       // decoded
  std::uint64_t max_wire_body = 16u << 20;  // as received
  std::uint32_t max_ratio = 200;            // decoded ÷ received, once more than 1 MiB was decoded
  std::uint32_t min_rate = 100;             // bytes a second of body on average, after the grace; 0 is no minimum
  Duration rate_grace{5'000};
  std::uint32_t max_redirects = 10;
};

// Which addresses besides public ones may be talked to.
struct AddressPolicy {
  bool allow_all_private = false;      // for URLs that the operator wrote by hand: channels
  std::vector<Network> allow_private;  // `fetch.allow_private`
};

struct Request {
  std::string method{};  // empty: GET, or POST with a body
  std::string url{};
  Headers headers{};  // beside the client's own; Host, Content-Length and hop-by-hop ones are refused
  std::string body{};
  Validators validators{};       // of the last good copy of this resource; sent on every hop
  bool follow_redirects = true;  // false: a 3xx is an answer like another
  // Where `url` is known to have moved for good: asked instead of it, as if its server had just said so. Credentials
  // stay with their origin, and the guard holds.
  std::string moved_to{};
  const AddressPolicy* policy = nullptr;  // null: public addresses only. Must outlive the fetch
  Limits limits{};
};

// One answer of a redirect chain. A permanent redirect is worth remembering only if no temporary hop came before it.
struct Hop {
  unsigned status = 0;      // 301 302 303 307 308
  std::string url;          // where it sent us; without credentials
  std::string retry_after;  // as received: how long to wait before going there (RFC 9110 §10.2.3)
};

struct Timings {
  Duration queue{}, resolve{}, connect{}, tls{}, header{}, body{};  // of the last hop; zero where a step was not needed
  Duration whole{};
};

struct Response {
  unsigned status = 0;
  Headers headers;
  std::string body;  // decoded
  std::string url;   // that answered; without credentials and fragment
  std::vector<Hop> hops;
  // What to remember if the body turns out good: after 200/226 those of the answer (or none), after 304 the new ones
  // where given, else the old (RFC 9111 §4.3.4); after anything else those of the request.
  Validators validators;
  std::uint64_t wire_bytes = 0;  // of the last body, before decoding
  Timings timings;
  bool reused = false;       // the connection had served before
  bool tls_resumed = false;  // its handshake resumed an earlier session

  // The target of the last redirect in an unbroken run of 301/308 from the start, or empty: what RFC 9110 §15.4.2
  // lets a client use from now on.
  std::string_view permanent_url() const;
};

// Which proxy for what; see proxy_from_environment().
struct ProxySettings {
  std::string http, https;            // URL of the proxy for that scheme ("http://user:pw@proxy:3128"); empty is none
  std::vector<std::string> no_proxy;  // hosts, domains, addresses, networks; "*" is everything
};

// Reads http_proxy, https_proxy, all_proxy and no_proxy (lower case first, then upper). The only place that looks at
// the environment; call it once, at start, before threads. An unusable value is an error that names the variable.
Result<ProxySettings> proxy_from_environment();

struct Options {
  std::string user_agent = "earshot";  // product/version
  std::string contact{};               // e-mail or URL of the operator, put behind it in parentheses
  ProxySettings proxy{};
  std::string ca_file{};       // further trusted roots (PEM), beside the system's
  std::uint32_t per_host = 2;  // connections to one registrable domain or address in use at once, and kept idle
  std::uint32_t max_connections = 512;  // open at once, idle ones included
  Duration idle{65'000};                // an idle connection is closed after this; a server's Keep-Alive may shorten it
  std::string dns_servers{};            // "127.0.0.1:5353,…" instead of resolv.conf
  Duration dns_max_ttl{3'600'000};      // an answer is used no longer than this, whatever its TTL
};

// Counters since the start; cheap to read.
struct Stats {
  std::uint64_t requests = 0, reused = 0, opened = 0, tls_full = 0, tls_resumed = 0, stale_retries = 0;
  std::uint64_t dns_queries = 0, dns_cache_hits = 0, bytes_in = 0;
  std::uint32_t active = 0, idle = 0, waiting = 0;  // connections in use, idle; fetches waiting for one

  Stats& operator+=(const Stats& other);
};

class Client {
 public:
  Client(boost::asio::any_io_executor executor, Options options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // One request and its answer, redirects followed. A status such as 404 or 503 is an answer, not an error. Honours
  // terminal cancellation of the awaiting coroutine in every step.
  boost::asio::awaitable<Result<Response, FetchError>> fetch(Request request);

  // Ends every fetch under way and closes every connection. Further fetches fail with Step::cancelled.
  void close();

  Stats stats() const;

  struct Impl;
  // For the streams of stream.h, which share the connections' machinery.
  const std::shared_ptr<Impl>& impl() const { return impl_; }

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace earshot::net
