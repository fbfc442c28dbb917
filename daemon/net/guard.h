// Which addresses a source or a redirect may make us talk to. Without it, a feed on the internet could have this daemon
// read the company's intranet or a cloud's metadata service (server-side request forgery, OWASP SSRF).
#pragma once

#include <optional>
#include <string>

#include "net/http.h"

namespace earshot::net {

// Why an address is not public: "loopback", "private (RFC 1918)", "link-local" …; nothing when it is. IPv4 addresses
// inside IPv6 ones (mapped, NAT64, 6to4, Teredo, ISATAP) are judged as what they lead to.
std::optional<std::string_view> not_public(const Ip& ip);

// The same under a policy: nothing when `ip` may be connected to. A null policy allows public addresses only.
// Multicast, broadcast and the unspecified address belong to no server and are refused under every policy.
std::optional<std::string_view> refused(const Ip& ip, const AddressPolicy* policy);

// Ports on which a request could be mistaken for another protocol (Fetch Standard, "bad port").
bool bad_port(std::uint16_t port);

}  // namespace earshot::net
