#include "net/deadlines.h"

namespace earshot::net {

Deadlines::Deadlines(const boost::asio::any_io_executor& executor)
    : timer_(executor), alive_(std::make_shared<Deadlines*>(this)) {}

Deadlines::~Deadlines() { entries_.clear(); }

void Deadlines::set(Entry& entry, SteadyTime at) {
  if (closed_) return;
  entry.at_ = at;
  if (entry.is_linked()) {
    if (entry.planned_ <= at) return;  // fire() will see that it has moved
    entry.unlink();
  }
  entry.planned_ = at;
  entries_.insert(entry);
  if (entries_.begin()->planned_ < armed_) arm();
}

void Deadlines::clear(Entry& entry) {
  if (entry.is_linked()) entry.unlink();
}

void Deadlines::close() {
  closed_ = true;
  entries_.clear();
  timer_.cancel();
}

void Deadlines::arm() {
  armed_ = entries_.begin()->planned_;
  timer_.expires_at(armed_);
  timer_.async_wait([alive = std::weak_ptr(alive_)](boost::system::error_code ec) {
    const auto self = alive.lock();
    if (!ec && self) (*self)->fire();
  });
}

void Deadlines::fire() {
  armed_ = SteadyTime::max();
  const auto now = std::chrono::steady_clock::now();
  while (!entries_.empty() && entries_.begin()->planned_ <= now) {
    Entry& entry = *entries_.begin();
    entry.unlink();
    if (entry.at_ <= now) {
      entry.expire();  // may set, clear and destroy entries
    } else {
      entry.planned_ = entry.at_;
      entries_.insert(entry);
    }
  }
  if (!closed_ && !entries_.empty() && entries_.begin()->planned_ < armed_) arm();
}

}  // namespace earshot::net
