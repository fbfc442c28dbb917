// Names → addresses, by c-ares on our own executor: no thread blocks, answers are kept for their TTL, and any number of
// fetches that want the same name share one query. IPv4 and IPv6 are asked at once and answered apart, as Happy
// Eyeballs wants it (RFC 8305 §3).
#pragma once

#include <list>
#include <memory>

#include "net/dns_cache.h"
#include "net/event.h"
#include "net/http.h"

struct ares_channeldata;

namespace earshot::net {

class Resolver {
 public:
  Resolver(asio::any_io_executor executor, const Options& options, Stats& stats);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // What is known of a name, kept current while this object lives; begins the queries that are needed.
  class Lookup {
   public:
    // `event` is notified whenever an answer comes in.
    Lookup(Resolver& resolver, std::string name, Event& event);
    ~Lookup();
    Lookup(const Lookup&) = delete;
    Lookup& operator=(const Lookup&) = delete;
    const std::optional<DnsAnswer>& answer(Family family) const { return family == Family::v4 ? v4_ : v6_; }

   private:
    friend class Resolver;
    void take(Family family, const DnsAnswer& answer);
    Resolver& resolver_;
    std::string name_;
    Event& event_;
    std::optional<DnsAnswer> v4_, v6_;
  };

  void close();

 private:
  struct Query;
  class Watch;
  void begin(const std::string& name, Family family, Lookup& lookup);
  void finished(Query& query, int status, const unsigned char* message, int length);
  void socket_state(int fd, bool readable, bool writable);
  void process(int readable, int writable);
  void plan();
  std::optional<DnsAnswer> from_hosts(const std::string& name, Family family);

  asio::any_io_executor executor_;
  Stats& stats_;
  DnsCache cache_;
  asio::steady_timer timer_;
  std::shared_ptr<Resolver*> alive_;
  std::string broken_;  // why c-ares could not be set up, if it could not
  ares_channeldata* channel_ = nullptr;
  std::unordered_map<std::string, std::unique_ptr<Query>> queries_;  // under way, by name and family
  std::unordered_map<int, std::shared_ptr<Watch>> watches_;
  bool closed_ = false;
};

}  // namespace earshot::net
