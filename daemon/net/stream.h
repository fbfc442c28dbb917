// Long-lived streams: WebSocket (RFC 6455) and Server-Sent Events (WHATWG HTML §9.2), over the same connections, guard
// and limits as fetch(). Back-pressure is natural: what nobody awaits is not read. Reconnecting is the caller's, who
// knows the cursor. Threads, errors and ownership as in http.h.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.h"

namespace earshot::net {

enum class FrameKind : std::uint8_t { text, binary, event, closed };

struct Frame {
  FrameKind kind = FrameKind::text;
  std::string event, id;   // events only; an event without a name is "message"
  std::string data;        // text and events: well-formed UTF-8. closed: the peer's reason
  std::uint16_t code = 0;  // closed: WebSocket close code
};

struct StreamLimits {
  Duration silence{60'000};  // nothing at all for so long ends the stream; a WebSocket is pinged at half of it
  std::uint32_t max_frame = 1u << 20;  // bytes of one message or event, decompressed
};

class Stream {
 public:
  virtual ~Stream() = default;  // closes at once
  // The next message, or closed (once, in good order), or why the stream broke. One call at a time.
  virtual boost::asio::awaitable<Result<Frame, FetchError>> next() = 0;
  // A text message to the server; an event stream answers with an error.
  virtual boost::asio::awaitable<Result<void, FetchError>> send(std::string text) = 0;
  // Says goodbye (WebSocket close 1000) as far as `patience` allows, then closes.
  virtual boost::asio::awaitable<void> finish(Duration patience) = 0;
  // SSE: the server's `retry` in ms, or zero.
  virtual Duration retry_hint() const = 0;
};

// ws:// or wss://. `request.headers` go with the handshake; method, body and validators are not used.
boost::asio::awaitable<Result<std::unique_ptr<Stream>, FetchError>> open_websocket(Client& client, Request request,
                                                                                   StreamLimits limits);

// http:// or https://, Accept: text/event-stream; `last_event_id` resumes where the last stream ended, if not empty.
boost::asio::awaitable<Result<std::unique_ptr<Stream>, FetchError>> open_events(Client& client, Request request,
                                                                                std::string last_event_id,
                                                                                StreamLimits limits);

}  // namespace earshot::net
