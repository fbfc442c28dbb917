#include "run/pushed.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace earshot::run {

namespace asio = boost::asio;

struct PushedDocuments::Waiting {
  Waiting(Pushed&& d, const asio::any_io_executor& io)
      : document(std::move(d)), told(io, asio::steady_timer::time_point::max()) {}
  Pushed document;
  asio::steady_timer told;  // cancelled when `kept` is there
  std::optional<Status> kept;
  void tell(Status status) {
    if (kept) return;
    kept = std::move(status);
    told.cancel();
  }
};

PushedDocuments::Turn::Turn(std::shared_ptr<Waiting> waiting) : waiting_(std::move(waiting)) {}

PushedDocuments::Turn::~Turn() {
  if (waiting_) waiting_->tell(fail("it could not be kept"));
}

const Pushed& PushedDocuments::Turn::document() const { return waiting_->document; }

void PushedDocuments::Turn::tell(Status status) { waiting_->tell(std::move(status)); }

PushedDocuments::PushedDocuments(asio::any_io_executor io) : io_(std::move(io)) {}
PushedDocuments::~PushedDocuments() = default;

asio::awaitable<Status> PushedDocuments::put(std::uint32_t source, Pushed document) {
  const auto waiting = std::make_shared<Waiting>(std::move(document), io_);
  by_source_[source].push_back(waiting);
  while (!waiting->kept) co_await waiting->told.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return *waiting->kept;
}

std::optional<PushedDocuments::Turn> PushedDocuments::next(std::uint32_t source) {
  const auto at = by_source_.find(source);
  if (at == by_source_.end()) return std::nullopt;
  Turn first(std::move(at->second.front()));
  at->second.pop_front();
  if (at->second.empty()) by_source_.erase(at);
  return first;
}

void PushedDocuments::end(std::string_view why) {
  for (const auto& [source, documents] : by_source_)
    for (const auto& waiting : documents) waiting->tell(fail(std::string(why)));
  by_source_.clear();
}

}  // namespace earshot::run
