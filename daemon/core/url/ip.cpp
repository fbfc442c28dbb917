#include "core/url/ip.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>
#include <cstring>

namespace earshot::url {

// inet_pton and inet_ntop are pure text conversions; nothing here opens a socket.
std::optional<Ip> parse_ip(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof buffer) return std::nullopt;
  if (text.find('\0') != text.npos) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  Ip ip;
  ip.v6 = text.find(':') != text.npos;
  if (inet_pton(ip.v6 ? AF_INET6 : AF_INET, buffer, ip.bytes.data()) != 1) return std::nullopt;
  return ip;
}

std::string to_string(const Ip& ip) {
  char buffer[INET6_ADDRSTRLEN] = {};
  inet_ntop(ip.v6 ? AF_INET6 : AF_INET, ip.bytes.data(), buffer, sizeof buffer);
  return buffer;
}

bool Network::contains(const Ip& ip) const {
  if (ip.v6 != base.v6) return false;
  const std::size_t whole = prefix / 8, rest = prefix % 8;
  if (std::memcmp(ip.bytes.data(), base.bytes.data(), whole) != 0) return false;
  return rest == 0 || ((ip.bytes[whole] ^ base.bytes[whole]) >> (8 - rest)) == 0;
}

Result<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto ip = parse_ip(text.substr(0, slash));
  if (!ip) return fail(fmt::format("\"{}\" is no network: write an address and a prefix, such as 10.0.0.0/8", text));
  const unsigned longest = ip->v6 ? 128 : 32;
  unsigned prefix = longest;
  if (slash != text.npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (error != std::errc{} || end != digits.data() + digits.size() || prefix > longest)
      return fail(fmt::format("\"{}\" is no network: the prefix is a number from 0 to {}", text, longest));
  }
  Network network{*ip, static_cast<std::uint8_t>(prefix)};
  for (unsigned bit = prefix; bit < longest; ++bit)
    network.base.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> bit % 8));
  if (network.base != *ip)
    return fail(fmt::format("\"{}\" has bits set behind its prefix: did you mean {}/{}?", text, to_string(network.base),
                            prefix));
  return network;
}

}  // namespace earshot::url
