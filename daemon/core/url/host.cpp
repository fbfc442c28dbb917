#include "core/url/host.h"

#include <fmt/format.h>
#include <unicode/uidna.h>

#include <algorithm>
#include <charconv>

namespace earshot::url {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// WHATWG "forbidden domain code point", for ASCII.
bool forbidden(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F ||
         std::string_view("#/:<>?@[\\]^|%").find(c) != std::string_view::npos;
}

// UTS #46 processing as WHATWG "domain to ASCII" with beStrict false: hyphens and underscores may stand anywhere. The
// converter is immutable and shared by all threads, as ICU allows.
Result<std::string> to_ascii(std::string_view domain) {
  UErrorCode status = U_ZERO_ERROR;
  static const UIDNA* const idna =
      uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
  if (idna == nullptr) return fail("the Unicode library has no IDNA data: is libicu installed whole?");
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  std::string out(512, '\0');  // longer than any name DNS takes
  status = U_ZERO_ERROR;
  const std::int32_t length = uidna_nameToASCII_UTF8(idna, domain.data(), static_cast<std::int32_t>(domain.size()),
                                                     out.data(), static_cast<std::int32_t>(out.size()), &info, &status);
  constexpr std::uint32_t kTolerated =
      UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (U_FAILURE(status) || (info.errors & ~kTolerated) != 0) return fail("the host is no valid internationalised name");
  out.resize(static_cast<std::size_t>(length));
  return out;
}

// One part of an IPv4 address as inet_aton reads it: decimal, 0octal or 0xhex.
std::optional<std::uint64_t> ipv4_number(std::string_view part) {
  if (part.empty()) return std::nullopt;
  int base = 10;
  if (part.size() >= 2 && part[0] == '0' && lower(part[1]) == 'x') {
    base = 16;
    part.remove_prefix(2);
  } else if (part.size() >= 2 && part[0] == '0') {
    base = 8;
    part.remove_prefix(1);
  }
  if (part.empty()) return 0;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, base);
  if (error != std::errc{} || end != part.data() + part.size()) return std::nullopt;
  return value;
}

// WHATWG "ends in a number": such a host is an IPv4 address or nothing at all.
bool ends_in_number(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.empty()) return false;
  return std::ranges::all_of(last, is_digit) || (last.starts_with("0x") && ipv4_number(last).has_value());
}

std::optional<Ip> parse_ipv4(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::uint64_t numbers[4];
  int count = 0;
  while (true) {
    const std::size_t dot = host.find('.');
    const auto number = ipv4_number(host.substr(0, dot));
    if (!number || count == 4) return std::nullopt;
    numbers[count++] = *number;
    if (dot == host.npos) break;
    host.remove_prefix(dot + 1);
  }
  std::uint64_t value = numbers[count - 1];
  if (value >= std::uint64_t{1} << 8 * (5 - count)) return std::nullopt;
  for (int i = 0; i + 1 < count; ++i) {
    if (numbers[i] > 255) return std::nullopt;
    value += numbers[i] << 8 * (3 - i);
  }
  return Ip::v4(static_cast<std::uint32_t>(value));
}

// RFC 1035 §2.3.4.
bool fits_dns(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty() || host.size() > 253) return false;
  while (true) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    if (dot == 0 || dot > 63) return false;
    if (dot == host.size()) return true;
    host.remove_prefix(dot + 1);
  }
}

}  // namespace

Result<Host> parse_host(std::string_view text) {
  if (text.empty()) return fail("the URL has no host");
  if (text.size() > 2048) return fail("the host is too long");
  if (text.front() == '[') {
    const auto ip = text.back() == ']' ? parse_ip(text.substr(1, text.size() - 2)) : std::nullopt;
    if (!ip || !ip->v6) return fail("what stands in [ ] is no IPv6 address");
    return Host{to_string(*ip), ip};
  }
  std::string host;
  if (text.find('%') != text.npos) {
    host = percent_decode(text);
  } else {
    host.assign(text);
  }
  bool plain = true;
  for (char& c : host) {
    plain = plain && static_cast<unsigned char>(c) < 0x80;
    c = lower(c);
  }
  plain = plain && !host.starts_with("xn--") && host.find(".xn--") == host.npos;
  if (!plain) {
    auto ascii = to_ascii(host);
    if (!ascii) return tl::unexpected(std::move(ascii.error()));
    host = std::move(*ascii);
  }
  if (std::ranges::any_of(host, forbidden)) return fail("the host has a character that no host may have");
  if (ends_in_number(host)) {
    const auto ip = parse_ipv4(host);
    if (!ip) return fail("the host ends in a number but is no IPv4 address");
    return Host{to_string(*ip), ip};
  }
  if (!fits_dns(host))
    return fail("the host is no name that DNS could know (labels of 1 to 63 characters, 253 in all)");
  return Host{std::move(host), std::nullopt};
}

Result<std::string> normalise_host(std::string_view host) {
  // Bare IPv6 text is welcome here: there is no port to confuse it with.
  if (const auto ip = parse_ip(host); ip && ip->v6) return to_string(*ip);
  auto parsed = parse_host(host);
  if (!parsed) return tl::unexpected(std::move(parsed.error()));
  return std::move(parsed->text);
}

}  // namespace earshot::url
