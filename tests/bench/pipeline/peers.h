// What others need for the same feeds from the same server, where they are installed.
#pragma once

#include <cstddef>

#include "support/net/nginx.h"

namespace earshot::bench {

// curl (transport alone) and newsboat (a whole feed reader): milliseconds of CPU a feed, first and again.
void print_peers(const test::Nginx& nginx, std::size_t feeds);

}  // namespace earshot::bench
