#include "net/guard.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace earshot::net {
namespace {

struct Block {
  Network network;
  std::string_view name;
};

constexpr Ip v6(std::array<std::uint16_t, 8> groups) {
  Ip ip;
  ip.v6 = true;
  for (std::size_t i = 0; i < 8; ++i) {
    ip.bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    ip.bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xFF);
  }
  return ip;
}

constexpr Block v4_block(std::uint32_t base, std::uint8_t prefix, std::string_view name) {
  return {{Ip::v4(base), prefix}, name};
}

// IANA IPv4 Special-Purpose Address Registry, and addresses of cloud metadata services outside of it.
constexpr Block kV4[] = {
    v4_block(0x00000000, 8, "this network (0.0.0.0/8)"),
    v4_block(0x0A000000, 8, "private (RFC 1918)"),
    v4_block(0x64400000, 10, "shared address space (RFC 6598)"),
    v4_block(0x7F000000, 8, "loopback"),
    v4_block(0xA9FE0000, 16, "link-local or cloud metadata"),
    v4_block(0xAC100000, 12, "private (RFC 1918)"),
    v4_block(0xC0000000, 24, "reserved (RFC 6890)"),
    v4_block(0xC0000200, 24, "for documentation"),
    v4_block(0xC0586300, 24, "6to4 relay (RFC 7526)"),
    v4_block(0xC0A80000, 16, "private (RFC 1918)"),
    v4_block(0xC6120000, 15, "for benchmarks (RFC 2544)"),
    v4_block(0xC6336400, 24, "for documentation"),
    v4_block(0xCB007100, 24, "for documentation"),
    v4_block(0xA83F8110, 32, "cloud metadata"),  // 168.63.129.16, Azure's wire server
    v4_block(0xE0000000, 4, "multicast"),
    v4_block(0xF0000000, 4, "reserved or broadcast"),
};

// IANA IPv6 Special-Purpose Address Registry, inside global unicast 2000::/3. All outside of it is refused anyway.
constexpr Block kV6[] = {
    {{v6({0x2001}), 23}, "reserved for protocols (RFC 2928)"},
    {{v6({0x2001, 0xDB8}), 32}, "for documentation"},
    {{v6({0x3FFF}), 20}, "for documentation"},
};

constexpr Network kGlobal{v6({0x2000}), 3}, kMapped{v6({0, 0, 0, 0, 0, 0xFFFF}), 96}, kNat64{v6({0x64, 0xFF9B}), 96},
    k6to4{v6({0x2002}), 16}, kTeredo{v6({0x2001}), 32}, kLinkLocal{v6({0xFE80}), 10}, kUla{v6({0xFC00}), 7},
    kMulticast6{v6({0xFF00}), 8};

Ip embedded(const Ip& ip, std::size_t offset, std::uint8_t flip = 0) {
  Ip out;
  for (std::size_t i = 0; i < 4; ++i) out.bytes[i] = ip.bytes[offset + i] ^ flip;
  return out;
}

// The IPv4 address that an IPv6 one leads to, where there is one.
std::optional<Ip> inner(const Ip& ip) {
  if (!ip.v6) return std::nullopt;
  if (kMapped.contains(ip) || kNat64.contains(ip)) return embedded(ip, 12);
  if (k6to4.contains(ip)) return embedded(ip, 2);
  if (kTeredo.contains(ip)) return embedded(ip, 12, 0xFF);  // RFC 4380 §4: the client's address, inverted
  constexpr std::uint8_t kIsatap[] = {0x5E, 0xFE};          // RFC 5214 §6.1: [02]00:5efe:a.b.c.d
  if ((ip.bytes[8] & ~2) == 0 && ip.bytes[9] == 0 && std::memcmp(&ip.bytes[10], kIsatap, 2) == 0)
    return embedded(ip, 12);
  return std::nullopt;
}

bool nobody(const Ip& ip) {
  if (const auto v4 = inner(ip)) return nobody(*v4);
  if (ip.v6) return kMulticast6.contains(ip) || ip == v6({});
  return ip.v4_value() == 0 || ip.v4_value() >> 28 == 0xE || ip.v4_value() == 0xFFFFFFFF;
}

}  // namespace

std::optional<std::string_view> not_public(const Ip& ip) {
  if (!ip.v6) {
    for (const Block& block : kV4)
      if (block.network.contains(ip)) return block.name;
    return std::nullopt;
  }
  if (const auto v4 = inner(ip)) {
    if (const auto why = not_public(*v4)) return why;
    if (kMapped.contains(ip) || kNat64.contains(ip)) return std::nullopt;
    if (kTeredo.contains(ip)) return not_public(embedded(ip, 4));  // the Teredo server
  }
  if (!kGlobal.contains(ip)) {
    if (ip == v6({0, 0, 0, 0, 0, 0, 0, 1})) return "loopback";
    if (kLinkLocal.contains(ip)) return "link-local";
    if (kUla.contains(ip)) return "private (RFC 4193)";
    if (kMulticast6.contains(ip)) return "multicast";
    return "not global unicast";
  }
  for (const Block& block : kV6)
    if (block.network.contains(ip)) return block.name;
  return std::nullopt;
}

std::optional<std::string_view> refused(const Ip& ip, const AddressPolicy* policy) {
  const auto why = not_public(ip);
  if (!why || policy == nullptr) return why;
  if (nobody(ip)) return why;
  if (policy->allow_all_private) return std::nullopt;
  const auto v4 = inner(ip);
  for (const Network& network : policy->allow_private)
    if (network.contains(ip) || (v4 && network.contains(*v4))) return std::nullopt;
  return why;
}

bool bad_port(std::uint16_t port) {
  static constexpr std::uint16_t kBad[] = {
      1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,   37,   42,   43,   53,
      69,   77,   79,   87,   95,   101,  102,  103,  104,  109,  110,  111,  113,  115,  117,  119,  123,
      135,  137,  139,  143,  161,  179,  389,  427,  465,  512,  513,  514,  515,  526,  530,  531,  532,
      540,  548,  554,  556,  563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049, 3659,
      4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};
  return std::ranges::binary_search(kBad, port);
}

}  // namespace earshot::net
