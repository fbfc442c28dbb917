// Which proxy, if any, stands between us and a URL.
#pragma once

#include "net/http.h"

namespace earshot::net {

// `https://…` and `wss://…` use settings.https, the others settings.http. Hosts in no_proxy, localhost and loopback
// addresses go direct. Returns a pointer into `settings`, or null for a direct connection.
const std::string* proxy_for(const ProxySettings& settings, const url::Url& url);

// Whether one entry of no_proxy stands for this host: "*", "example.com" and ".example.com" (both with all names
// below), "host:port", an address, or a network for hosts that are written as addresses.
bool bypasses(std::string_view entry, const url::Url& url);

// An HTTP proxy's URL; "proxy:3128" without scheme is taken as http. Other kinds are refused with a reason.
Result<url::Url> parse_proxy(std::string_view text);

}  // namespace earshot::net
