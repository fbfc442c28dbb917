#include "net/operation.h"

#include <fmt/format.h>

#include <algorithm>

namespace earshot::net {

void Operation::limit_whole(Duration whole) {
  if (whole_ != SteadyTime::max()) return;
  whole_limit_ = whole;
  whole_ = std::chrono::steady_clock::now() + whole;
}

void Operation::enter(Step step, Duration limit, Stoppable& waiting) {
  step_ = step;
  limit_ = limit;
  waiting_ = &waiting;
  until_ = limit == Duration::max() ? SteadyTime::max() : std::chrono::steady_clock::now() + limit;
  const SteadyTime first = std::min(until_, whole_);
  if (first == SteadyTime::max()) {
    deadlines_.clear(*this);
  } else {
    deadlines_.set(*this, first);
  }
}

void Operation::allow(SteadyTime until) {
  const SteadyTime first = std::min({until, until_, whole_});
  too_slow_ = first == until;
  deadlines_.set(*this, first);
}

void Operation::close() {
  closed_ = true;
  if (waiting_ != nullptr) waiting_->stop();
}

void Operation::expire() {
  timed_out_ = true;
  if (waiting_ != nullptr) waiting_->stop();
}

Failure Operation::explain(std::string_view network) const {
  if (closed_) return {Step::cancelled, "the client was closed"};
  if (timed_out_) {
    const char* what = "";
    switch (step_) {
      case Step::queue: what = "no connection to this host became free"; break;
      case Step::resolve: what = "DNS gave no answer"; break;
      case Step::connect: what = "no connection came about"; break;
      case Step::tls: what = "the TLS handshake did not end"; break;
      case Step::send: what = "the server did not take the request"; break;
      case Step::header: what = "the server did not answer"; break;
      case Step::body: what = too_slow_ ? "the server sends the body too slowly" : "the body did not end"; break;
      default: what = "it did not end"; break;
    }
    if (too_slow_) return {step_, what};
    const bool whole = whole_ <= until_;
    return {step_, fmt::format("{} within {}{}", what, format_duration(whole ? whole_limit_ : limit_),
                               whole ? " (fetch.timeout)" : "")};
  }
  if (caller_.cancelled() != asio::cancellation_type::none) return {Step::cancelled, "it was cancelled"};
  return {step_, std::string(network)};
}

}  // namespace earshot::net
