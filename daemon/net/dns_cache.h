// What DNS said, for as long as it may be believed. Pure: time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/time.h"
#include "core/url/ip.h"

namespace earshot::net {

enum class Family : std::uint8_t { v4, v6 };

// One family's addresses of one name.
struct DnsAnswer {
  enum class Kind : std::uint8_t {
    addresses,
    none,    // the name has no such addresses (NODATA), or does not exist (NXDOMAIN)
    failed,  // nobody could say
  };
  Kind kind = Kind::failed;
  std::vector<url::Ip> ips;
  std::string why;  // none, failed: in words
};

class DnsCache {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  explicit DnsCache(Duration max_ttl, std::size_t max_names = 20'000) : max_ttl_(max_ttl), max_names_(max_names) {}

  // The answer, if one is known and still fresh. Valid until the next store().
  const DnsAnswer* find(std::string_view name, Family family, Instant now) const;
  // `ttl` as DNS gave it. Negative answers are kept at most 15 minutes, failures 5 seconds (RFC 2308 §5, §7).
  void store(std::string_view name, Family family, DnsAnswer answer, Duration ttl, Instant now);
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    DnsAnswer answer;
    Instant until;
  };
  static std::string key(std::string_view name, Family family);
  void make_room(Instant now);

  Duration max_ttl_;
  std::size_t max_names_;
  std::unordered_map<std::string, Entry> entries_;
};

// How long a negative answer may be kept: the lesser of the TTL of the SOA record in the authority section of a DNS
// message and that record's MINIMUM (RFC 2308 §5); zero when there is none or the message is damaged.
Duration negative_ttl(std::span<const unsigned char> message);

}  // namespace earshot::net
