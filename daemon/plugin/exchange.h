// What goes between the daemon and a plugin, as plain values of the host: no pointer into a plugin's memory is left.
#pragma once

#include <earshot/plugin.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/item.h"
#include "core/time.h"

namespace earshot::host {

// What a plugin asks the host to send. Already checked: the URL has an allowed scheme and no control characters, no
// header is one of the host's own, nothing in it can split a header line.
struct Request {
  std::string method;  // never empty: GET, or POST where there is a body and nothing was said
  std::string url;     // absolute: http https; ws wss file console smtp smtps: only with the plugin's capability
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::uint32_t flags = 0;            // EARSHOT_REQUEST_…
  std::uint64_t tag = 0;              // the plugin's own, goes back in Response and Frame
  std::vector<std::string> warnings;  // sinks: what was cut or left out to make it. Sources: in the Round

  bool conditional() const { return flags & EARSHOT_REQUEST_CONDITIONAL; }
  bool websocket() const { return flags & EARSHOT_REQUEST_WEBSOCKET; }
  bool events() const { return flags & EARSHOT_REQUEST_EVENTS; }
};

// A whole answer, content decoding undone and redirects followed. Borrowed for the duration of one call.
struct Response {
  std::uint32_t status = 0;
  std::uint64_t tag = 0;  // Request::tag
  std::string_view url;   // the one that answered
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
};

enum class FrameKind : std::uint32_t {
  opened = EARSHOT_FRAME_OPENED,
  text = EARSHOT_FRAME_TEXT,
  binary = EARSHOT_FRAME_BINARY,
  event = EARSHOT_FRAME_EVENT,
  closed = EARSHOT_FRAME_CLOSED
};

// One message of a stream. Borrowed for the duration of one call.
struct Frame {
  FrameKind kind = FrameKind::opened;
  std::uint64_t tag = 0;       // Request::tag of the request that opened the stream
  std::string_view event, id;  // server-sent events only
  std::string_view data;
};

// What every call is given, because a plugin has neither a clock nor a source of randomness.
struct Call {
  Time now{};
  std::uint64_t random = 0;  // 64 fresh bits
  std::string_view
      state;  // what was committed last, of a source or for the alert a sink is called with; empty at first
};

// What one call of a source gave. Exists only when the call succeeded: a failed one leaves nothing behind.
struct Round {
  std::vector<Request> requests;
  std::vector<Item> items;           // without plain text where the plugin gave none
  std::optional<FeedInfo> feed;      // what the document says of itself
  std::optional<std::string> state;  // to be committed with the items; nothing: the old one stays
  std::vector<std::string> sends;    // text frames for the peer, in order
  std::vector<std::string> warnings;
};

// What became of an alert.
struct Outcome {
  enum class Result : std::uint8_t {
    delivered = EARSHOT_DELIVERED,
    retry = EARSHOT_RETRY,
    rejected = EARSHOT_REJECTED,         // this alert will never be taken: a dead letter
    channel_gone = EARSHOT_CHANNEL_GONE  // nothing will be taken until somebody mends the channel
  };
  Result result = Result::delivered;
  Duration retry_after{0};  // 0: the host's own back-off
  std::string reason;       // for people, without secrets
  std::string remote_id;    // the message's id over there, where one comes back
  std::string state;        // to be in Call::state at the next try
  std::vector<std::string> warnings;
};

}  // namespace earshot::host
