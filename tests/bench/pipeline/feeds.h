// Feeds like those of the field: 52 KB, 20 items, which pack to about 15 KB.
#pragma once

#include <cstdint>
#include <string>

namespace earshot::bench {

// Feed number `feed` in its state of `edition`: an edition later, `fresh` of its items are new.
std::string make_feed(std::uint32_t feed, std::uint32_t edition, std::uint32_t fresh);

}  // namespace earshot::bench
