#include "run/durable.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

namespace earshot::run {
namespace {

namespace asio = boost::asio;

template <class Answer>
struct Committing : Waiter {
  std::optional<Answer> answer;  // nothing: there was no room
};

template <class Answer, class Act>
asio::awaitable<Answer> submit(store::Committer& committer, WayBack& back, Act act) {
  for (;;) {
    Committing<Answer> committing;
    auto hand_over = [&] {
      auto done = [&committing, &back](Answer answer) {
        committing.answer.emplace(std::move(answer));
        back.arrive(committing);
      };
      if (!committer.submit(std::move(act), std::move(done))) back.arrive(committing);
    };
    co_await suspend(committing, hand_over);
    if (committing.answer) co_return std::move(*committing.answer);
    asio::steady_timer pause(co_await asio::this_coro::executor, std::chrono::milliseconds{2});
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace

asio::awaitable<Result<store::Committed>> durable(store::Committer& committer, WayBack& back, store::Fetch fetch) {
  return submit<Result<store::Committed>>(committer, back, std::move(fetch));
}

asio::awaitable<Status> durable(store::Committer& committer, WayBack& back, store::Settlement settlement) {
  return submit<Status>(committer, back, std::move(settlement));
}

}  // namespace earshot::run
