// How far servers that are dead or drip hold up the polls of the others.
#pragma once

#include <cstddef>

namespace earshot::bench {

// Prints the time until the good sources are all polled, with none and with `bad` bad ones due at the same moment: half
// of them take the connection and never answer, half send a byte of their body a second.
void dead_servers(std::size_t bad);

}  // namespace earshot::bench
