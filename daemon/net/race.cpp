#include "net/race.h"

#include <fmt/format.h>

#include <algorithm>

namespace earshot::net {

tcp::endpoint to_endpoint(const url::Ip& ip, std::uint16_t port) {
  if (ip.v6) return {asio::ip::address_v6(ip.bytes), port};
  return {asio::ip::address_v4(ip.v4_value()), port};
}

void Race::start(const url::Ip& ip, std::uint16_t port) {
  Attempt& attempt = attempts_.emplace_back(Attempt{tcp::socket(executor_), ip});
  ++running_;
  error_code ec;
  attempt.socket.open(ip.v6 ? tcp::v6() : tcp::v4(), ec);
  if (!ec) attempt.socket.non_blocking(true, ec);
  if (!ec) attempt.socket.set_option(tcp::no_delay(true), ec);
  if (ec) return finished(attempt, ec);
  attempt.socket.async_connect(to_endpoint(ip, port), [self = shared_from_this(), &attempt](error_code result) {
    self->finished(attempt, result);
  });
}

void Race::finished(Attempt& attempt, error_code ec) {
  --running_;
  if (!ec && winner_ == nullptr) {
    winner_ = &attempt;
  } else if (ec && ec != asio::error::operation_aborted) {
    last_error_ = fmt::format("{}: {}", url::to_string(attempt.ip), ec.message());
  }
  event.notify();
}

std::pair<tcp::socket, url::Ip> Race::take() {
  std::pair<tcp::socket, url::Ip> out{std::move(winner_->socket), winner_->ip};
  stop();
  return out;
}

void Race::stop() {
  for (Attempt& attempt : attempts_) {
    error_code ignored;  // the descriptor is gone either way
    if (attempt.socket.is_open()) attempt.socket.close(ignored);
  }
  event.notify();
}

}  // namespace earshot::net
