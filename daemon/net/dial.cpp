// From a route to a connection: its turn, the address, TCP, the proxy's tunnel, TLS.
#include <fmt/format.h>

#include <algorithm>

#include "net/client.h"
#include "net/guard.h"
#include "net/race.h"
#include "net/registrable.h"

namespace earshot::net {
namespace {

using Clock = std::chrono::steady_clock;

// RFC 8305 §8: "Resolution Delay" and "Connection Attempt Delay".
constexpr auto kResolutionDelay = std::chrono::milliseconds(50);
constexpr auto kAttemptDelay = std::chrono::milliseconds(250);

Duration since(Clock::time_point begin) { return std::chrono::duration_cast<Duration>(Clock::now() - begin); }

// The addresses of one host, as they become known, in the order to try them: families in turn, IPv6 first (RFC 8305
// §4), and only those that may be connected to.
class Candidates {
 public:
  Candidates(const Route& route, const AddressPolicy* policy) : policy_(policy), guarded_(!route.proxied) {
    if (!route.ip) return;
    add(*route.ip);
    known_[0] = known_[1] = true;
  }

  void absorb(const Resolver::Lookup& lookup) {
    for (const Family family : {Family::v6, Family::v4}) {
      bool& known = known_[family == Family::v6 ? 1 : 0];
      if (known || !lookup.answer(family)) continue;
      known = true;
      const DnsAnswer& answer = *lookup.answer(family);
      for (const Ip& ip : answer.ips) add(ip);
      if (why_.empty() || answer.kind == DnsAnswer::Kind::failed) why_ = answer.why;
      if (first_known_ == Clock::time_point{}) first_known_ = Clock::now();
    }
  }

  bool complete() const { return known_[0] && known_[1]; }
  bool empty() const { return next_[0] == ips_[0].size() && next_[1] == ips_[1].size(); }
  // IPv4 waits a moment for IPv6, which may be better.
  Clock::time_point not_before() const {
    return known_[1] || next_[1] < ips_[1].size() ? Clock::time_point{} : first_known_ + kResolutionDelay;
  }
  Ip next() {
    std::size_t family = turn_;
    if (next_[family] == ips_[family].size()) family = 1 - family;
    turn_ = 1 - family;
    return ips_[family][next_[family]++];
  }
  // One key for all names that lead to the same machines.
  std::string gate_key() const {
    const auto& ips = ips_[0].empty() ? ips_[1] : ips_[0];
    const auto least = std::ranges::min_element(ips);
    return least == ips.end() ? std::string() : url::to_string(*least);
  }
  Failure none(const std::string& host) const {
    if (refused_)
      return {Step::guard,
              fmt::format(
                  "{} is {}, and such addresses are not fetched from; if this is meant, list it in fetch.allow_private",
                  url::to_string(*refused_), refused_why_)};
    return {Step::resolve, fmt::format("{} cannot be found: {}", host, why_)};
  }

 private:
  void add(const Ip& ip) {
    if (const auto why = guarded_ ? refused(ip, policy_) : std::nullopt) {
      refused_ = ip;
      refused_why_ = *why;
    } else {
      ips_[ip.v6 ? 1 : 0].push_back(ip);
    }
  }

  const AddressPolicy* policy_;
  bool guarded_;
  std::vector<Ip> ips_[2];  // IPv4, IPv6
  std::size_t next_[2] = {0, 0};
  bool known_[2] = {false, false};
  std::size_t turn_ = 1;
  Clock::time_point first_known_{};
  std::optional<Ip> refused_;
  std::string_view refused_why_;
  std::string why_;
};

awaitable<Result<Gate::Lease, Failure>> wait_for(Gate& gate, std::string key, Operation& operation,
                                                 Client::Impl& client) {
  Gate::Waiter waiter(gate, std::move(key), client.executor);
  ++client.stats.waiting;
  operation.enter(Step::queue, Duration::max(), waiter.event);
  while (!waiter.granted() && !operation.ended()) co_await waiter.event.wait();
  operation.leave();
  --client.stats.waiting;
  if (operation.ended()) co_return tl::unexpected(operation.explain(""));
  co_return waiter.take();
}

// CONNECT through a proxy (RFC 9110 §9.3.6).
awaitable<Result<void, Failure>> tunnel(Operation& operation, const Route& route, const Limits& limits,
                                        Client::Impl& client, Connection& connection) {
  std::string request =
      fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\nUser-Agent: {1}\r\n", route.tunnel_target, client.agent);
  if (!route.proxy_authorization.empty())
    request += fmt::format("Proxy-Authorization: {}\r\n", route.proxy_authorization);
  request += "\r\n";
  operation.enter(Step::connect, limits.connect, connection);
  const auto [write_error, written] = co_await connection.write(asio::buffer(request));
  if (write_error || operation.ended())
    co_return tl::unexpected(
        operation.explain(fmt::format("the proxy {} ended the connection: {}", route.host, write_error.message())));
  AnswerReader answer(limits, false);
  std::array<char, 4096> bytes;
  std::string pending;
  while (!answer.done()) {
    const auto [error, count] = co_await connection.read_some(asio::buffer(bytes));
    if (error || operation.ended())
      co_return tl::unexpected(
          operation.explain(fmt::format("the proxy {} ended the connection: {}", route.host, error.message())));
    pending.append(bytes.data(), count);
    pending.erase(0, answer.put(pending));
    if (answer.failure() || pending.size() > limits.max_header_bytes)
      co_return tl::unexpected(Failure{Step::connect, fmt::format("the proxy {} does not answer in HTTP", route.host)});
  }
  if (answer.status == 407)
    co_return tl::unexpected(
        Failure{Step::connect,
                fmt::format("the proxy {} wants a user name and password (407): put them into its URL", route.host)});
  if (answer.status / 100 != 2 || !pending.empty())
    co_return tl::unexpected(Failure{Step::connect, fmt::format("the proxy {} would not connect to {} (status {})",
                                                                route.host, route.tunnel_target, answer.status)});
  co_return Result<void, Failure>{};
}

}  // namespace

awaitable<Result<Lent, Failure>> Client::Impl::borrow(Operation& operation, const Route& route, const url::Url& url,
                                                      const Request& request, bool fresh, Timings& timings) {
  Lent lent;
  const auto began = Clock::now();
  const std::string host = url.ip ? url.host : registrable(url.host);
  lent.name = names.try_enter(host);
  if (!lent.name) {
    auto lease = co_await wait_for(names, host, operation, *this);
    if (!lease) co_return tl::unexpected(std::move(lease.error()));
    lent.name = std::move(*lease);
  }
  while (!fresh) {
    const Connection* idle = pool.newest(route.key);
    // A connection that was allowed to another request may be forbidden to this one: dial() will say so.
    if (idle == nullptr || (idle->peer && refused(*idle->peer, request.policy))) break;
    if (!idle->address.empty()) {
      const std::string key = idle->address;
      lent.address = addresses.try_enter(key);
      if (!lent.address) {
        auto lease = co_await wait_for(addresses, key, operation, *this);
        if (!lease) co_return tl::unexpected(std::move(lease.error()));
        idle = pool.newest(route.key);
        if (idle == nullptr || idle->address != key) continue;
        lent.address = std::move(*lease);
      }
    }
    lent.connection = pool.take(route.key);
    if (lent.connection->still_quiet()) {
      lent.reused = true;
      timings.queue = since(began);
      operation.limit_whole(request.limits.whole);
      co_return lent;
    }
    lent.connection.reset();
    lent.address.release();
  }
  timings.queue = since(began);
  auto dialled = co_await dial(operation, route, request, lent, timings);
  if (!dialled) co_return tl::unexpected(std::move(dialled.error()));
  co_return lent;
}

awaitable<Result<void, Failure>> Client::Impl::dial(Operation& operation, const Route& route, const Request& request,
                                                    Lent& lent, Timings& timings) {
  const Limits& limits = request.limits;
  const auto race = std::make_shared<Race>(executor);
  Candidates candidates(route, request.policy);
  std::optional<Resolver::Lookup> lookup;
  auto began = Clock::now();
  operation.enter(Step::resolve, limits.resolve, *race);
  if (!route.ip) lookup.emplace(resolver, route.host, race->event);

  Gate::Lease socket_lease;
  auto next_attempt = Clock::time_point{};
  while (!race->won()) {
    if (operation.ended()) {
      race->stop();
      co_return tl::unexpected(operation.explain(""));
    }
    if (lookup) candidates.absorb(*lookup);
    const auto ready = std::max(race->running() == 0 ? Clock::time_point{} : next_attempt, candidates.not_before());
    if (!candidates.empty() && ready <= Clock::now()) {
      if (race->started() == 0) {
        timings.resolve = since(began);
        if (!route.proxied) {
          const std::string key = candidates.gate_key();
          lent.address = addresses.try_enter(key);
          if (!lent.address) {
            auto lease = co_await wait_for(addresses, key, operation, *this);
            if (!lease) co_return tl::unexpected(std::move(lease.error()));
            lent.address = std::move(*lease);
          }
        }
        socket_lease = sockets.try_enter({});
        while (!socket_lease && pool.evict()) socket_lease = sockets.try_enter({});
        if (!socket_lease) {
          auto lease = co_await wait_for(sockets, {}, operation, *this);
          if (!lease) co_return tl::unexpected(std::move(lease.error()));
          socket_lease = std::move(*lease);
        }
        began = Clock::now();
        // Only now: a thousand names on one address wait for each other, and that is no fault of theirs.
        operation.limit_whole(limits.whole);
        operation.enter(Step::connect, limits.connect, *race);
      }
      race->start(candidates.next(), route.port);
      next_attempt = Clock::now() + kAttemptDelay;
    } else if (candidates.empty() && candidates.complete() && race->running() == 0) {
      operation.leave();
      if (race->started() == 0) co_return tl::unexpected(candidates.none(route.host));
      co_return tl::unexpected(Failure{
          Step::connect, fmt::format("no connection to {} port {} ({})", route.host, route.port, race->last_error())});
    } else {
      co_await race->event.wait_until(candidates.empty() ? Clock::time_point::max() : ready);
    }
  }

  auto [socket, ip] = race->take();
  lent.connection = std::make_unique<Connection>(std::move(socket), route.key);
  Connection& connection = *lent.connection;
  connection.address = lent.address.key();
  connection.socket_lease = std::move(socket_lease);
  if (!route.proxied) connection.peer = ip;
  timings.connect = since(began);
  ++stats.opened;

  if (route.tunnel) {
    auto tunnelled = co_await tunnel(operation, route, limits, *this, connection);
    if (!tunnelled) co_return tl::unexpected(std::move(tunnelled.error()));
  }
  if (!route.tls_host.empty()) {
    began = Clock::now();
    auto secured = co_await secure(operation, route, limits, connection);
    if (!secured) co_return tl::unexpected(std::move(secured.error()));
    timings.tls = since(began);
  }
  operation.leave();
  co_return Result<void, Failure>{};
}

awaitable<Result<void, Failure>> Client::Impl::secure(Operation& operation, const Route& route, const Limits& limits,
                                                      Connection& connection) {
  connection.tls_slot = {&tls, route.key};
  connection.tls.emplace(connection.socket, tls.context());
  if (auto failure = tls.prepare(*connection.tls, route.tls_host, connection.tls_slot, route.http))
    co_return tl::unexpected(std::move(*failure));
  operation.enter(Step::tls, limits.tls, connection);
  const auto [error] = co_await connection.tls->async_handshake(asio::ssl::stream_base::client, kAwait);
  if (error || operation.ended())
    co_return tl::unexpected(operation.explain(Tls::explain(*connection.tls, route.tls_host, error).text));
  connection.tls_resumed = Tls::resumed(*connection.tls);
  ++(connection.tls_resumed ? stats.tls_resumed : stats.tls_full);
  co_return Result<void, Failure>{};
}

}  // namespace earshot::net
