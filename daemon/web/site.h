// Which path is which page, and who may see it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "web/message.h"
#include "web/server.h"

namespace earshot::web {

struct Access {
  std::string token{};       // server.token; empty: none is asked for
  std::string public_url{};  // server.public_url; a path in it may stand before ours or be cut off by the proxy
};

using Page = std::function<boost::asio::awaitable<Answer>(Request request)>;

// What the daemon fills in. A page that is not there is a 404.
struct Pages {
  Page health;   // GET /healthz, for everybody
  Page metrics;  // GET /metrics: with the token; without one configured, to whoever names this machine as the host
  Page action;   // GET and POST /a/TICKET: the ticket is signed
  Page hub;      // GET and POST /websub/ID: the ID is the secret
  std::uint64_t hub_body = 16U << 20;  // bytes: what a hub may send at once
};

// /metrics without a token is for this machine and its network: a request whose Host is the public name came through
// the proxy from outside, or from a browser that was lied to by DNS (rebinding), and is refused.
Handler make_site(Access access, Pages pages);

}  // namespace earshot::web
