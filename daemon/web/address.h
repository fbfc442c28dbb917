// Where the daemon listens: server.listen, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace earshot::web {

struct Address {
  std::string host{};  // an IP address; empty: a Unix socket
  std::uint16_t port = 0;
  std::string path{};  // of the Unix socket

  bool loopback() const;  // or a Unix socket: reached from this machine only
};

// "127.0.0.1:7373", "localhost:7373", "[::1]:7373" or "unix:/run/earshot/earshot.sock".
Result<Address> parse_address(std::string_view text);

}  // namespace earshot::web
