// Hands an act to the store's committer and waits, without holding a thread, until it is on disk.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "core/result.h"
#include "run/way_back.h"
#include "store/committer.h"

namespace earshot::run {

// When the committer's queue is full these wait for room: that is what slows the polls down. `back` outlives the
// committer.
boost::asio::awaitable<Result<store::Committed>> durable(store::Committer& committer, WayBack& back,
                                                         store::Fetch fetch);
boost::asio::awaitable<Status> durable(store::Committer& committer, WayBack& back, store::Settlement settlement);

}  // namespace earshot::run
