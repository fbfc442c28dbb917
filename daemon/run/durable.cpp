#include "run/durable.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace earshot::run {
namespace {

namespace asio = boost::asio;

template <class Answer, class Act>
asio::awaitable<Answer> submit(store::Committer& committer, Act act) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  for (;;) {
    bool taken = true;
    auto initiate = [&](auto handler) {
      auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      auto back = [shared](Answer answer) {
        const auto executor = asio::get_associated_executor(*shared);
        asio::post(executor,
                   [shared, answer = std::move(answer)]() mutable { std::move (*shared)(std::move(answer)); });
      };
      taken = committer.submit(std::move(act), back);
      if (!taken) back(Answer{});
    };
    Answer answer =
        co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Answer)>(initiate, asio::use_awaitable);
    if (taken) co_return answer;
    pause.expires_after(std::chrono::milliseconds{2});
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace

asio::awaitable<Result<store::Committed>> durable(store::Committer& committer, store::Fetch fetch) {
  return submit<Result<store::Committed>>(committer, std::move(fetch));
}

asio::awaitable<Status> durable(store::Committer& committer, store::Settlement settlement) {
  return submit<Status>(committer, std::move(settlement));
}

}  // namespace earshot::run
