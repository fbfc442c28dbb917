#include "run/listen.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace earshot::run {
namespace {

using boost::asio::awaitable;

constexpr Duration kFarewell = std::chrono::seconds{1};

host::FrameKind kind_of(net::FrameKind kind) {
  switch (kind) {
    case net::FrameKind::text: return host::FrameKind::text;
    case net::FrameKind::binary: return host::FrameKind::binary;
    case net::FrameKind::event: return host::FrameKind::event;
    case net::FrameKind::closed: return host::FrameKind::closed;
  }
  return host::FrameKind::closed;
}

class Listening {
 public:
  Listening(const PollTools& tools, host::SourceInstance& instance, std::string state, const Keep& keep)
      : tools_(tools), instance_(instance), state_(std::move(state)), keep_(keep), kept_at_(tools.now()) {}

  awaitable<Polled> run(host::Request request, const Manner& manner) {
    const std::uint64_t tag = request.tag;
    Errand errand{.request = std::move(request),
                  .headers = manner.headers,
                  .validators = {},
                  .policy = manner.policy,
                  .limits = manner.limits};
    auto opened = co_await tools_.exchange.open(std::move(errand), kStreamLimits);
    if (!opened) co_return ended(opened.error());
    const std::unique_ptr<net::Stream> stream = std::move(*opened);
    net::Frame frame;
    host::FrameKind kind = host::FrameKind::opened;
    for (;;) {
      if (Status taken = co_await take(*stream, frame, kind, tag); !taken) {
        co_await stream->finish(kFarewell);
        co_return failed(taken.error().message);
      }
      if (kind == host::FrameKind::closed) co_return std::move(gathered_);
      auto next = co_await stream->next();
      if (!next) co_return ended(next.error());
      frame = std::move(*next);
      kind = kind_of(frame.kind);
    }
  }

 private:
  // One message: to the plugin, its answers to the peer, what it found to the store.
  awaitable<Status> take(net::Stream& stream, const net::Frame& frame, host::FrameKind kind, std::uint64_t tag) {
    auto call = [&] {
      const host::Frame view{kind, tag, frame.event, frame.id, frame.data};
      return instance_.frame({tools_.now(), tools_.random(), state_}, view);
    };
    auto round = co_await tools_.workers.run(std::move(call));
    if (!round) co_return tl::unexpected(round.error());
    std::ranges::move(round->items, std::back_inserter(gathered_.items));
    std::ranges::move(round->warnings, std::back_inserter(gathered_.warnings));
    if (round->feed) gathered_.feed = std::move(round->feed);
    if (round->state) {
      state_ = *round->state;
      gathered_.plugin_state = std::move(round->state);
    }
    for (std::string& text : round->sends) {
      if (kind == host::FrameKind::closed) break;
      const auto sent = co_await stream.send(std::move(text));
      if (!sent) co_return fail(sent.error().message);
    }
    const bool due = gathered_.plugin_state && tools_.now() - kept_at_ >= kCursorEvery;
    if (kind == host::FrameKind::closed || (gathered_.items.empty() && !due)) co_return Status{};
    kept_at_ = tools_.now();
    Polled some = std::exchange(gathered_, {});
    Status kept = co_await keep_(std::move(some));
    co_return kept;
  }

  // With what was gathered and not kept: it came in good order.
  Polled failed(std::string error) {
    gathered_.kind = Polled::Kind::failed;
    gathered_.error = std::move(error);
    return std::move(gathered_);
  }
  Polled ended(const net::FetchError& error) {
    Polled polled = failed(error.message);
    if (error.step == net::Step::cancelled) polled.kind = Polled::Kind::cancelled;
    return polled;
  }

  const PollTools& tools_;
  host::SourceInstance& instance_;
  std::string state_;
  const Keep& keep_;
  Time kept_at_;
  Polled gathered_;
};

}  // namespace

bool streams(const host::Round& first) {
  return std::ranges::any_of(first.requests,
                             [](const host::Request& request) { return request.websocket() || request.events(); });
}

awaitable<Polled> listen(const PollTools& tools, host::SourceInstance& instance, host::Round first,
                         std::string plugin_state, const Manner& manner, const Keep& keep) {
  const auto request =
      std::ranges::find_if(first.requests, [](const host::Request& one) { return one.websocket() || one.events(); });
  Listening listening(tools, instance, std::move(plugin_state), keep);
  auto polled = co_await listening.run(std::move(*request), manner);
  if (first.requests.size() > 1)
    polled.warnings.emplace_back("a streaming source opens one stream; its other requests were left out");
  co_return polled;
}

}  // namespace earshot::run
