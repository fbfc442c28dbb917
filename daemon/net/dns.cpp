#include "net/dns.h"

#include <ares.h>
#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <cstring>

#include "net/asio/asio.h"

namespace earshot::net {
namespace {

// One try's patience; c-ares asks each server in turn and doubles it. The fetch's own limit ends the whole.
constexpr int kTryMs = 2000, kTries = 3;
// Names in /etc/hosts have no TTL; a change there is seen this soon.
constexpr Duration kHostsTtl{30'000};
constexpr int kMostAddresses = 64;
// A negative answer without SOA may not be cached by the book (RFC 2308 §5), but polling must not become DNS load.
constexpr Duration kLeastNegative{5'000};

DnsAnswer none(std::string why) { return {DnsAnswer::Kind::none, {}, std::move(why)}; }
DnsAnswer failed(std::string why) { return {DnsAnswer::Kind::failed, {}, std::move(why)}; }

std::string key(const std::string& name, Family family) { return name + (family == Family::v4 ? '4' : '6'); }

Ip to_ip(const void* bytes, Family family) {
  Ip ip;
  ip.v6 = family == Family::v6;
  std::memcpy(ip.bytes.data(), bytes, ip.v6 ? 16 : 4);
  return ip;
}

template <class Record, class Parse>
std::optional<Duration> read_records(Parse parse, const unsigned char* message, int length, Family family,
                                     std::vector<Ip>& ips) {
  Record records[kMostAddresses];
  int count = kMostAddresses;
  if (parse(message, length, nullptr, records, &count) != ARES_SUCCESS || count <= 0) return std::nullopt;
  int ttl = records[0].ttl;
  for (int i = 0; i < count; ++i) {
    ttl = std::min(ttl, records[i].ttl);
    if constexpr (std::is_same_v<Record, ares_addrttl>) {
      ips.push_back(to_ip(&records[i].ipaddr, family));
    } else {
      ips.push_back(to_ip(&records[i].ip6addr, family));
    }
  }
  return std::chrono::seconds(std::max(ttl, 0));
}

}  // namespace

// One question under way, and who waits for its answer.
struct Resolver::Query {
  Resolver* resolver;
  std::string name;
  Family family;
  std::vector<Lookup*> lookups;
};

// A socket of c-ares, watched for it. c-ares opens and closes it.
class Resolver::Watch : public std::enable_shared_from_this<Watch> {
 public:
  Watch(Resolver& resolver, int fd) : resolver_(resolver.alive_), descriptor_(resolver.executor_, fd), fd_(fd) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { descriptor_.release(); }

  void want(bool readable, bool writable) {
    wants_[0] = readable;
    wants_[1] = writable;
    for (int i : {0, 1})
      if (wants_[i] && !waits_[i]) wait(i);
  }

 private:
  void wait(int i) {
    waits_[i] = true;
    const auto what = i == 0 ? asio::posix::stream_descriptor::wait_read : asio::posix::stream_descriptor::wait_write;
    descriptor_.async_wait(what, [weak = weak_from_this(), i](error_code ec) {
      const auto self = weak.lock();
      const auto resolver = self ? self->resolver_.lock() : nullptr;
      if (ec || !resolver) return;
      self->waits_[i] = false;
      if (!self->wants_[i]) return;
      (*resolver)->process(i == 0 ? self->fd_ : ARES_SOCKET_BAD, i == 1 ? self->fd_ : ARES_SOCKET_BAD);
      // c-ares may have closed the socket meanwhile, and then this watch is no longer in the map.
      if (resolver.use_count() > 1 && self->wants_[i] && !self->waits_[i]) self->wait(i);
    });
  }

  std::weak_ptr<Resolver*> resolver_;
  asio::posix::stream_descriptor descriptor_;
  int fd_;
  bool wants_[2] = {false, false}, waits_[2] = {false, false};
};

Resolver::Resolver(asio::any_io_executor executor, const Options& options, Stats& stats)
    : executor_(std::move(executor)),
      stats_(stats),
      cache_(options.dns_max_ttl),
      timer_(executor_),
      alive_(std::make_shared<Resolver*>(this)) {
  ares_library_init(ARES_LIB_INIT_ALL);
  ares_options settings{};
  settings.timeout = kTryMs;
  settings.tries = kTries;
  settings.sock_state_cb_data = this;
  settings.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
    static_cast<Resolver*>(self)->socket_state(fd, readable != 0, writable != 0);
  };
  if (const int error =
          ares_init_options(&channel_, &settings, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
      error != ARES_SUCCESS) {
    channel_ = nullptr;
    broken_ = fmt::format("the resolver could not be set up ({})", ares_strerror(error));
  } else if (!options.dns_servers.empty()) {
    if (const int wrong = ares_set_servers_ports_csv(channel_, options.dns_servers.c_str()); wrong != ARES_SUCCESS)
      broken_ = fmt::format("the DNS servers \"{}\" are no list of addresses ({})", options.dns_servers,
                            ares_strerror(wrong));
  }
}

Resolver::~Resolver() {
  close();
  ares_library_cleanup();
}

void Resolver::close() {
  if (std::exchange(closed_, true)) return;
  timer_.cancel();
  alive_.reset();
  watches_.clear();                                                         // before c-ares closes their sockets
  if (channel_ != nullptr) ares_destroy(std::exchange(channel_, nullptr));  // ends every query with ARES_EDESTRUCTION
}

Resolver::Lookup::Lookup(Resolver& resolver, std::string name, Event& event)
    : resolver_(resolver), name_(std::move(name)), event_(event) {
  resolver_.begin(name_, Family::v6, *this);
  resolver_.begin(name_, Family::v4, *this);
}

Resolver::Lookup::~Lookup() {
  for (const Family family : {Family::v4, Family::v6}) {
    if (answer(family)) continue;
    if (const auto it = resolver_.queries_.find(key(name_, family)); it != resolver_.queries_.end())
      std::erase(it->second->lookups, this);
  }
}

void Resolver::Lookup::take(Family family, const DnsAnswer& answer) {
  (family == Family::v4 ? v4_ : v6_) = answer;
  event_.notify();
}

void Resolver::begin(const std::string& name, Family family, Lookup& lookup) {
  if (closed_ || !broken_.empty()) return lookup.take(family, failed(closed_ ? "the client is closed" : broken_));
  const auto now = std::chrono::steady_clock::now();
  if (const DnsAnswer* known = cache_.find(name, family, now)) {
    ++stats_.dns_cache_hits;
    return lookup.take(family, *known);
  }
  const std::string id = key(name, family);
  if (const auto it = queries_.find(id); it != queries_.end()) {
    it->second->lookups.push_back(&lookup);
    return;
  }
  if (auto answer = from_hosts(name, family)) {
    lookup.take(family, *answer);
    cache_.store(name, family, std::move(*answer), kHostsTtl, now);
    return;
  }
  ++stats_.dns_queries;
  auto query = std::make_unique<Query>(Query{this, name, family, {&lookup}});
  Query* const handle = query.get();
  queries_.emplace(id, std::move(query));
  constexpr int kIn = 1, kA = 1, kAaaa = 28;
  // The callback may come before ares_search returns.
  ares_search(
      channel_, name.c_str(), kIn, family == Family::v4 ? kA : kAaaa,
      [](void* arg, int status, int, unsigned char* message, int length) {
        auto* done = static_cast<Query*>(arg);
        done->resolver->finished(*done, status, message, length);
      },
      handle);
  plan();
}

void Resolver::finished(Query& query, int status, const unsigned char* message, int length) {
  const auto node = queries_.extract(key(query.name, query.family));
  DnsAnswer answer;
  Duration ttl = kLeastNegative;
  if (status == ARES_SUCCESS) {
    const auto lifetime =
        query.family == Family::v4
            ? read_records<ares_addrttl>(ares_parse_a_reply, message, length, query.family, answer.ips)
            : read_records<ares_addr6ttl>(ares_parse_aaaa_reply, message, length, query.family, answer.ips);
    if (lifetime) ttl = *lifetime;
    answer.kind = lifetime ? DnsAnswer::Kind::addresses : DnsAnswer::Kind::none;
    if (!lifetime) answer.why = "the name has no address";
  } else if (status == ARES_ENOTFOUND || status == ARES_ENODATA) {
    if (message != nullptr && length > 0)
      ttl = std::max(kLeastNegative, negative_ttl({message, static_cast<std::size_t>(length)}));
    answer = none(status == ARES_ENOTFOUND ? "the name does not exist" : "the name has no address");
  } else {
    answer = failed(status == ARES_ETIMEOUT       ? "no DNS server answered"
                    : status == ARES_ECONNREFUSED ? "no DNS server could be reached"
                    : status == ARES_EDESTRUCTION ? "the client is closed"
                                                  : fmt::format("DNS: {}", ares_strerror(status)));
  }
  for (Lookup* lookup : query.lookups) lookup->take(query.family, answer);
  if (!closed_) cache_.store(query.name, query.family, std::move(answer), ttl, std::chrono::steady_clock::now());
}

std::optional<DnsAnswer> Resolver::from_hosts(const std::string& name, Family family) {
  std::string_view bare = name;
  if (bare.ends_with('.')) bare.remove_suffix(1);
  // RFC 6761 §6.3: localhost is loopback, whoever is asked.
  if (bare == "localhost" || bare.ends_with(".localhost"))
    return DnsAnswer{DnsAnswer::Kind::addresses, {*url::parse_ip(family == Family::v4 ? "127.0.0.1" : "::1")}, {}};
  if (bare.ends_with(".onion")) return none(".onion names are not for DNS (RFC 7686)");
  const auto look = [&](Family wanted) {
    std::vector<Ip> ips;
    hostent* host = nullptr;
    if (ares_gethostbyname_file(channel_, std::string(bare).c_str(), wanted == Family::v4 ? AF_INET : AF_INET6,
                                &host) == ARES_SUCCESS) {
      for (char** at = host->h_addr_list; at != nullptr && *at != nullptr; ++at) ips.push_back(to_ip(*at, wanted));
      ares_free_hostent(host);
    }
    return ips;
  };
  auto ips = look(family);
  if (!ips.empty()) return DnsAnswer{DnsAnswer::Kind::addresses, std::move(ips), {}};
  // A name that the file knows in the other family only is not looked up elsewhere.
  if (!look(family == Family::v4 ? Family::v6 : Family::v4).empty())
    return none("the name has no such address in /etc/hosts");
  return std::nullopt;
}

void Resolver::socket_state(int fd, bool readable, bool writable) {
  if (closed_) return;  // ares_destroy; the watches go with us
  const auto it = watches_.find(fd);
  if (!readable && !writable) {
    if (it == watches_.end()) return;
    it->second->want(false, false);
    watches_.erase(it);
    return;
  }
  auto& watch = it == watches_.end() ? watches_[fd] : it->second;
  if (!watch) watch = std::make_shared<Watch>(*this, fd);
  watch->want(readable, writable);
}

void Resolver::process(int readable, int writable) {
  ares_process_fd(channel_, readable, writable);
  plan();
}

// c-ares has no clock of its own: it says when it wants to be called next.
void Resolver::plan() {
  timeval longest{time_t{kTryMs / 1000} * kTries, 0}, until{};
  if (queries_.empty() || channel_ == nullptr || ares_timeout(channel_, &longest, &until) == nullptr) return;
  timer_.expires_after(std::chrono::seconds(until.tv_sec) + std::chrono::microseconds(until.tv_usec) +
                       std::chrono::milliseconds(1));
  timer_.async_wait([alive = std::weak_ptr(alive_)](error_code ec) {
    const auto self = alive.lock();
    if (!ec && self) (*self)->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

}  // namespace earshot::net
