// text/event-stream → events (WHATWG HTML §9.2.6, "Interpreting an event stream"). Pure.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "net/stream.h"

namespace earshot::net {

class EventParser {
 public:
  // `most`: bytes that one event, or one line of it, may have.
  EventParser(std::size_t most, std::string last_event_id) : most_(most), last_id_(std::move(last_event_id)) {}

  // False when an event is larger than allowed; nothing is taken after that.
  bool put(std::string_view bytes);
  std::optional<Frame> next();
  Duration retry() const { return retry_; }

 private:
  void line(std::string_view text);
  void dispatch();

  std::size_t most_;
  std::string last_id_;
  std::string partial_;  // of a line
  std::string event_, data_;
  std::deque<Frame> ready_;
  Duration retry_{};
  bool first_ = true, after_cr_ = false, has_data_ = false, too_large_ = false;
};

}  // namespace earshot::net
