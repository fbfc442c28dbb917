#include "net/event_parser.h"

#include <algorithm>
#include <charconv>

#include "core/utf8.h"

namespace earshot::net {
bool EventParser::put(std::string_view bytes) {
  while (!bytes.empty() && !too_large_) {
    if (after_cr_ && bytes[0] == '\n') bytes.remove_prefix(1);  // the second half of CRLF
    after_cr_ = false;
    const std::size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    if (partial_.size() + end > most_ || data_.size() + end > most_) {
      too_large_ = true;
      break;
    }
    partial_ += bytes.substr(0, end);
    if (end == bytes.size()) break;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    std::string text = std::move(partial_);
    partial_.clear();
    std::string_view shown = text;
    if (std::exchange(first_, false) && shown.starts_with("\xEF\xBB\xBF")) shown.remove_prefix(3);
    line(shown);
  }
  return !too_large_;
}

std::optional<Frame> EventParser::next() {
  if (ready_.empty()) return std::nullopt;
  Frame frame = std::move(ready_.front());
  ready_.pop_front();
  return frame;
}

void EventParser::line(std::string_view text) {
  if (text.empty()) return dispatch();
  if (text[0] == ':') return;  // a comment; servers keep connections alive with them
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view field = text.substr(0, colon);
  std::string_view value = text.substr(std::min(colon + 1, text.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (has_data_) data_ += '\n';
    has_data_ = true;
    data_ += value;
  } else if (field == "event") {
    event_ = value;
  } else if (field == "id") {
    if (value.find('\0') == value.npos) last_id_ = value;
  } else if (field == "retry") {
    std::int64_t ms = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), ms);
    if (error == std::errc{} && end == value.data() + value.size() && ms >= 0) retry_ = Duration{ms};
  }
}

void EventParser::dispatch() {
  if (has_data_) {
    Frame frame;
    frame.kind = FrameKind::event;
    frame.event = event_.empty() ? "message" : to_valid_utf8(event_);
    frame.id = to_valid_utf8(last_id_);
    frame.data = to_valid_utf8(data_);
    ready_.push_back(std::move(frame));
  }
  event_.clear();
  data_.clear();
  has_data_ = false;
}

}  // namespace earshot::net
