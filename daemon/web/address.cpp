#include "web/address.h"

#include <fmt/format.h>

#include <charconv>

#include "core/url/url.h"

namespace earshot::web {

bool Address::loopback() const { return host.empty() || host.starts_with("127.") || host == "::1"; }

Result<Address> parse_address(std::string_view text) {
  constexpr std::string_view kUnix = "unix:";
  if (text.starts_with(kUnix)) return Address{.path = std::string(text.substr(kUnix.size()))};
  const std::size_t colon = text.rfind(':');
  Address address;
  const auto bad = [&] { return fail(fmt::format("\"{}\" is no address to listen at", text)); };
  if (colon == text.npos) return bad();
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return bad();
  std::string_view host = text.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (!url::parse_ip(host)) return bad();
  address.host = host;
  return address;
}

}  // namespace earshot::web
