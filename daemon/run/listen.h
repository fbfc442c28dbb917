// One life of a streaming source: its stream is opened, each message goes to the plugin, and what that brings is kept
// before the next message is read. So nothing piles up: a store that cannot keep up slows the stream down.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "run/poll.h"

namespace earshot::run {

// Does this round ask for a stream (WebSocket or Server-Sent Events) instead of a document?
bool streams(const host::Round& first);

// Silence after which a stream is taken for dead (a WebSocket is pinged at half of it), and the largest message.
inline constexpr net::StreamLimits kStreamLimits{.silence = std::chrono::seconds{90}, .max_frame = 1U << 20};
// What the plugin remembers (its cursor) is kept with every item; without items, this often.
inline constexpr Duration kCursorEvery = std::chrono::seconds{5};

// Keeps what some messages brought, durably; an error ends the stream.
using Keep = std::function<boost::asio::awaitable<Status>(Polled)>;

// Returns when the stream has ended: Kind::items where the server closed it in good order, with what was not kept yet;
// failed or cancelled as poll() has it. `plugin_state` is the plugin's at the start. Reconnecting is the caller's, in
// its own time; the plugin takes its cursor from its state.
boost::asio::awaitable<Polled> listen(const PollTools& tools, host::SourceInstance& instance, host::Round first,
                                      std::string plugin_state, const Manner& manner, const Keep& keep);

}  // namespace earshot::run
