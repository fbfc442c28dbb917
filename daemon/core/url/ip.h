// IP addresses and networks as values: what a configuration lists and what the address guard compares. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace earshot::url {

// One address. IPv4 is kept as such, not as a mapped IPv6 address: the two are told apart by `v6`.
struct Ip {
  std::array<std::uint8_t, 16> bytes{};  // network order; IPv4 uses the first four
  bool v6 = false;

  static constexpr Ip v4(std::uint32_t host_order) {
    Ip ip;
    for (int i = 0; i < 4; ++i) ip.bytes[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
    return ip;
  }
  constexpr std::uint32_t v4_value() const {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
  }
  friend bool operator==(const Ip&, const Ip&) = default;
  friend auto operator<=>(const Ip&, const Ip&) = default;  // NOLINT(modernize-use-nullptr): a false alarm of clang 14
};

// "192.0.2.1" (four decimal numbers) or RFC 4291 text without brackets or zone; nothing for anything else.
std::optional<Ip> parse_ip(std::string_view text);
// The shortest usual form: "192.0.2.1", "2001:db8::1" (RFC 5952).
std::string to_string(const Ip& ip);

// A block of addresses in CIDR notation.
struct Network {
  Ip base;
  std::uint8_t prefix = 0;  // bits; 32 or 128 is a single address

  bool contains(const Ip& ip) const;  // false when the families differ
};

// "10.0.0.0/8", "fd00::/8", or a single address. Bits behind the prefix must be zero, so that "10.1.2.3/8" is
// questioned, not guessed at.
Result<Network> parse_network(std::string_view text);

}  // namespace earshot::url
