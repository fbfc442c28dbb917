// Inside of the URL room: a host as written → a host as DNS takes it.
#pragma once

#include "core/url/url.h"

namespace earshot::url {

struct Host {
  std::string text;      // as Url::host
  std::optional<Ip> ip;  // when it is an address
};

// `text` is the authority's host part, IPv6 with its brackets.
Result<Host> parse_host(std::string_view text);

}  // namespace earshot::url
