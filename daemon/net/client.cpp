#include "net/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/guard.h"
#include "net/outgoing.h"
#include "net/proxy.h"

namespace earshot::net {
namespace {

constexpr std::size_t kBuffer = 64u << 10;
constexpr std::size_t kSpareBuffers = 16;

std::optional<Proxy> read_proxy(const std::string& text, std::string& problem) {
  if (text.empty()) return std::nullopt;
  auto url = parse_proxy(text);
  if (!url) {
    problem = fmt::format("the proxy cannot be used: {}", url.error().message);
    return std::nullopt;
  }
  std::string authorization = url->has_credentials() ? basic_authorization(*url) : std::string();
  return Proxy{std::move(*url), std::move(authorization)};
}

}  // namespace

FetchError to_error(std::string_view shown_url, const Failure& failure, bool timeout) {
  const bool final = failure.step == Step::url || failure.step == Step::guard || failure.step == Step::redirect ||
                     failure.step == Step::limit || failure.step == Step::cancelled;
  return {failure.step, fmt::format("{}: {}", shown_url, failure.text), !final, timeout};
}

FetchError to_error(const url::Url& url, const Failure& failure, bool timeout) {
  return to_error(redact(url.str()), failure, timeout);
}

Client::Client(asio::any_io_executor executor, Options options)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(options))) {}

Client::~Client() { impl_->close(); }

awaitable<Result<Response, FetchError>> Client::fetch(Request request) { return impl_->fetch(std::move(request)); }

void Client::close() { impl_->close(); }

Stats& Stats::operator+=(const Stats& other) {
  requests += other.requests;
  reused += other.reused;
  opened += other.opened;
  tls_full += other.tls_full;
  tls_resumed += other.tls_resumed;
  stale_retries += other.stale_retries;
  dns_queries += other.dns_queries;
  dns_cache_hits += other.dns_cache_hits;
  bytes_in += other.bytes_in;
  active += other.active;
  idle += other.idle;
  waiting += other.waiting;
  return *this;
}

Stats Client::stats() const {
  Stats stats = impl_->stats;
  stats.idle = static_cast<std::uint32_t>(impl_->pool.size());
  return stats;
}

Client::Impl::Impl(asio::any_io_executor executor_, Options options_)
    : executor(std::move(executor_)),
      options(std::move(options_)),
      agent(user_agent(options)),
      http_proxy(read_proxy(options.proxy.http, problem)),
      https_proxy(read_proxy(options.proxy.https, problem)),
      deadlines(executor),
      resolver(executor, options, stats),
      tls(options.ca_file),
      names(std::max(options.per_host, 1u)),
      addresses(std::max(options.per_host, 1u)),
      sockets(std::max(options.max_connections, 1u)),
      pool(deadlines, std::max(options.per_host, 1u)) {}

Client::Impl::~Impl() = default;

void Client::Impl::close() {
  if (std::exchange(closed, true)) return;
  // Stopping one resumes no coroutine before we return: completions are queued.
  for (Operation& operation : operations) operation.close();
  resolver.close();
  pool.clear();
  deadlines.close();
}

Client::Impl::Buffer Client::Impl::take_buffer(std::size_t at_least) {
  if (!buffers.empty() && buffers.back().size() >= at_least) {
    Buffer buffer = std::move(buffers.back());
    buffers.pop_back();
    return buffer;
  }
  return Buffer(std::max(kBuffer, at_least));
}

void Client::Impl::return_buffer(Buffer buffer) {
  if (buffers.size() < kSpareBuffers) buffers.push_back(std::move(buffer));
}

Result<Route, Failure> Client::Impl::route_to(const url::Url& url, const Request& request) const {
  const bool by_hand = request.policy != nullptr && request.policy->allow_all_private;
  if (bad_port(url.port) && !by_hand)
    return tl::unexpected(Failure{Step::guard, fmt::format("port {} belongs to another protocol than HTTP", url.port)});
  Route route;
  route.key = url.origin();
  if (url.secure()) route.tls_host = url.host;
  if (proxy_for(options.proxy, url) == nullptr) {
    route.host = url.host;
    route.port = url.port;
    route.ip = url.ip;
    return route;
  }
  // The proxy is the operator's choice and resolves names itself; an address in the URL is judged here.
  if (url.ip) {
    if (const auto why = refused(*url.ip, request.policy))
      return tl::unexpected(Failure{
          Step::guard,
          fmt::format(
              "{} is {}, and such addresses are not fetched from; if this is meant, list it in fetch.allow_private",
              url.host, *why)});
  }
  const Proxy& proxy = url.secure() ? *https_proxy : *http_proxy;
  route.host = proxy.url.host;
  route.port = proxy.url.port;
  route.ip = proxy.url.ip;
  route.proxied = true;
  route.tunnel = url.secure() || url.scheme == "ws";
  route.proxy_authorization = proxy.authorization;
  if (route.tunnel) {
    route.tunnel_target = fmt::format("{}:{}", url.ip && url.ip->v6 ? '[' + url.host + ']' : url.host, url.port);
    route.key += " tunnelled";
  } else {
    route.key = "proxy";
  }
  return route;
}

void Client::Impl::give_back(Lent& lent, const AnswerReader& answer) {
  auto connection = std::move(lent.connection);
  ++connection->served;
  if (closed || !answer.keep_alive() || sockets.waited_for({})) return;
  Duration keep = options.idle;
  // Half a second before the server would: what is sent as it closes is lost, and not every request may be repeated.
  if (const auto seconds = answer.keep_alive_timeout())
    keep = std::min(keep, Duration(std::chrono::seconds(*seconds)) - Duration{500});
  if (keep <= Duration::zero()) return;
  connection->idle_until = std::chrono::steady_clock::now() + keep;
  pool.put(std::move(connection));
}

}  // namespace earshot::net
