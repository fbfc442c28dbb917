// Streaming sources, from a real WebSocket or event stream to the store.
#include <future>
#include <thread>

#include "core/mention/mention.h"
#include "polls.h"
#include "support/net/websocket_server.h"

namespace earshot::run {
namespace {

using namespace std::chrono_literals;
using test::WebSocketServer;
using testing::ElementsAre;

class StreamingSources : public Polls {
 protected:
  config::Source& ticker(const std::string& url) {
    config::Source& ticker = source(url, "ticker");
    ticker.type = "ticker";
    stays_ = true;
    return ticker;
  }
  std::vector<std::string> titles() {
    std::vector<std::string> out;
    const auto page = store_->mentions({.oldest_first = true, .limit = 10'000});
    for (const Mention& mention : page->mentions) out.push_back(mention.item.title);
    return out;
  }
};

const std::string kEvents = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

TEST_F(StreamingSources, AWebSocketsMessagesAreKeptAndItsCursorGoesOnAfterARestart) {
  std::vector<std::string> greetings;
  WebSocketServer server([&](WebSocketServer::Socket& socket, int connection) {
    greetings.push_back(WebSocketServer::read(socket));
    socket.text(true);
    socket.write(boost::asio::buffer(connection == 1 ? std::string("one") : std::string("two")));
    WebSocketServer::read(socket);  // until the client goes
  });
  ticker(server.url());
  EXPECT_EQ(poll("ticker").plugin_state, "one");
  EXPECT_EQ(poll("ticker").plugin_state, "two");
  EXPECT_THAT(titles(), ElementsAre("one", "two"));
  EXPECT_THAT(greetings, testing::Each("hello"));
  ASSERT_EQ(server.handshakes().size(), 2U);
  EXPECT_EQ(header_of(server.handshakes()[0], "Last-Event-ID"), "");
  EXPECT_EQ(header_of(server.handshakes()[1], "Last-Event-ID"), "one");
}

TEST_F(StreamingSources, EventsAreKeptAndResumed) {
  Server server(io_, [this](Peer& peer) -> asio::awaitable<void> {
    co_await peer.request();
    const std::string number = std::to_string(++said_);
    co_await peer.send(kEvents + "id: 4" + number + "\ndata: event " + number + "\n\n");
    co_await peer.until_closed();
  });
  ticker(server.url("/events"));
  EXPECT_EQ(poll("ticker").plugin_state, "41");
  EXPECT_EQ(poll("ticker").plugin_state, "42");
  EXPECT_THAT(titles(), ElementsAre("event 1", "event 2"));
  EXPECT_EQ(header_of(server.requests[1], "Last-Event-ID"), "41");
}

TEST_F(StreamingSources, AStreamThatBreaksIsOpenedAgainSoonAndThenLessOften) {
  Server server(io_, once("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"));
  ticker(server.url("/events"));
  std::vector<Duration> waits;
  for (int i = 0; i < 12; ++i) {
    const auto state = poll("ticker");
    waits.push_back(state.next_due - *state.last_attempt);
    EXPECT_EQ(state.failures, static_cast<std::uint32_t>(i + 1));
  }
  EXPECT_LE(waits.front(), 2s);
  EXPECT_GE(waits.back(), 2min);
  EXPECT_LE(waits.back(), 5min);
}

TEST_F(StreamingSources, WhatCameBeforeAFaultIsKept) {
  Server server(io_, once(kEvents + "id: 1\ndata: good\n\nid: 2\ndata: poison\n\n"));
  ticker(server.url("/events"));
  poll("ticker");
  const auto again = poll("ticker");
  EXPECT_THAT(titles(), ElementsAre("good"));
  EXPECT_EQ(again.plugin_state, "1");
}

TEST_F(StreamingSources, AFloodArrivesWholeAndInOrder) {
  constexpr int kMessages = 300;
  WebSocketServer server([&](WebSocketServer::Socket& socket, int) {
    WebSocketServer::read(socket);
    for (int i = 0; i < kMessages; ++i) socket.write(boost::asio::buffer(std::to_string(1000 + i)));
    WebSocketServer::read(socket);
  });
  ticker(server.url());
  while (titles().size() < kMessages && said_++ < 50) {
    // Each round is cut short after its first item or later; the next connection sends them all again.
    poll("ticker");
    if (const auto known = state("ticker"); known && known->plugin_state == std::to_string(1000 + kMessages - 1)) break;
  }
  const auto all = titles();
  EXPECT_TRUE(std::ranges::is_sorted(all));
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

// Back-pressure from end to end: what the store cannot take stays with the peer, not in our memory.
TEST_F(StreamingSources, AStoreThatStandsStillStopsTheReader) {
  // Each event with a comment that makes it large: in all several times what the sockets' buffers hold (some 10 MB).
  constexpr std::size_t kEvent = 256U << 10, kCount = 256;
  std::size_t sent = 0;
  Server server(io_, [&](Peer& peer) -> asio::awaitable<void> {
    co_await peer.request();
    bool there = co_await peer.send(kEvents);
    while (there && sent < kCount) {
      const std::string number = std::to_string(1000 + sent);
      std::string event = ":" + std::string(kEvent, 'x') + "\nid: " + number + "\ndata: " + number + "\n\n";
      there = co_await peer.send(std::move(event));
      ++sent;
    }
    co_await peer.until_closed();
  });
  ticker(server.url("/events"));

  // The committer's thread waits in the callback of another source's poll until we let it go.
  std::promise<void> stands_still, let_go;
  store::Fetch other;
  other.source.name = "other";
  other.at = now_;
  const bool taken = committer_->submit(std::move(other), [&](const Result<store::Committed>&) {
    stands_still.set_value();
    let_go.get_future().wait();
  });
  ASSERT_TRUE(taken);
  stands_still.get_future().wait();

  const auto home = open_home([this] { return now_; });
  Collector collector(home->house, [] {});
  ASSERT_TRUE(test::run(io_, collector.start()));
  // Lets everything happen until `done`, or until nothing more happens of itself.
  const auto go_on = [&](const auto& done) {
    io_.restart();
    for (int quiet = 0; quiet < 10'000 && !done();)
      if (io_.poll() > 0)
        quiet = 0;
      else
        ++quiet, std::this_thread::yield();
  };
  go_on([&] { return committer_->fullness() > 0; });
  EXPECT_GT(committer_->fullness(), 0);  // the first event waits for the store
  go_on([&] { return sent == kCount; });
  EXPECT_LT(sent, kCount / 2);
  EXPECT_TRUE(titles().empty());

  let_go.set_value();
  const auto end = std::chrono::steady_clock::now() + 20s;
  const auto whole = [&] {
    const auto known = state("ticker");
    return known && known->plugin_state == std::to_string(1000 + kCount - 1);
  };
  while (!whole() && std::chrono::steady_clock::now() < end) io_.run_one_until(end);
  collector.stop();
  home->client.close();
  io_.restart();
  while (io_.poll() > 0 || collector.busy() > 0) {
  }
  std::vector<std::string> sent_all;
  for (std::size_t i = 0; i < kCount; ++i) sent_all.push_back(std::to_string(1000 + i));
  EXPECT_THAT(titles(), testing::UnorderedElementsAreArray(sent_all));
}

}  // namespace
}  // namespace earshot::run
