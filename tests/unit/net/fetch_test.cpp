// The happy path, and the manners of a client: what it sends, keeps and follows.
#include "fixture.h"

namespace earshot::net {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(NetTest, FetchesAndSaysWhoItIs) {
  Server server(io_, always(ok("hello", "Content-Type: text/plain\r\nX-Odd:  spaced \r\n")));
  const Answer answer = fetch(server.url("/feed.xml?a=1|2"));
  ASSERT_TRUE(answer) << failure(answer);
  EXPECT_EQ(answer->status, 200u);
  EXPECT_EQ(answer->body, "hello");
  EXPECT_EQ(answer->url, server.url("/feed.xml?a=1|2"));
  EXPECT_EQ(*answer->headers.find("content-TYPE"), "text/plain");
  EXPECT_EQ(*answer->headers.find("X-Odd"), "spaced");
  EXPECT_EQ(answer->wire_bytes, 5u);
  ASSERT_EQ(server.requests.size(), 1u);
  const std::string& sent = server.requests[0];
  EXPECT_TRUE(sent.starts_with("GET /feed.xml?a=1|2 HTTP/1.1\r\n")) << sent;
  EXPECT_EQ(header_of(sent, "Host"), "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(header_of(sent, "User-Agent"), "earshot/1.0 (team@example.com)");
  EXPECT_EQ(header_of(sent, "Accept-Encoding"), "gzip, deflate, br");
  for (const char* absent :
       {"Cookie", "Referer", "If-None-Match", "If-Modified-Since", "Authorization", "Content-Length"})
    EXPECT_EQ(header_of(sent, absent), "") << absent;
}

TEST_F(NetTest, KeepsConnections) {
  Server server(io_, always(ok("x")));
  EXPECT_FALSE(fetch(server.url())->reused);
  EXPECT_TRUE(fetch(server.url("/2"))->reused);
  EXPECT_TRUE(fetch(server.url("/3"))->reused);
  EXPECT_EQ(server.connections, 1);
  EXPECT_EQ(client().stats().idle, 1u);
}

TEST_F(NetTest, DoesNotKeepWhatTheServerCloses) {
  for (const char* header : {"Connection: close\r\n", "Keep-Alive: timeout=0\r\n"}) {
    Server server(io_, always(ok("x", header)));
    EXPECT_TRUE(fetch(server.url()));
    EXPECT_FALSE(fetch(server.url())->reused) << header;
    EXPECT_EQ(server.connections, 2) << header;
  }
  Server old(io_, always("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"));
  EXPECT_TRUE(fetch(old.url()));
  EXPECT_FALSE(fetch(old.url())->reused);
}

TEST_F(NetTest, IdleConnectionsAreClosedInTime) {
  options_.idle = Duration{20};
  bool closed = false;
  asio::steady_timer done(io_, std::chrono::steady_clock::time_point::max());
  Server server(io_, [&](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    co_await peer.send(ok("x"));
    co_await peer.until_closed();
    closed = true;
    done.cancel();
  });
  ASSERT_TRUE(fetch(server.url()));
  test::run(io_, [&]() -> awaitable<bool> {
    if (!closed) co_await done.async_wait(kAwait);
    co_return true;
  }());
  EXPECT_TRUE(closed);
  EXPECT_EQ(client().stats().idle, 0u);
}

TEST_F(NetTest, AConnectionThatDiedInThePoolIsNoError) {
  // Closed before the client looks: it is not used at all.
  Server polite(io_, once(ok("x")));
  ASSERT_TRUE(fetch(polite.url()));
  io_.poll();
  EXPECT_TRUE(fetch(polite.url()));
  EXPECT_EQ(polite.connections, 2);
  // Closed when the next request arrives, the race of RFC 9112 §9.3.1: sent again on a fresh one.
  Server racy(io_, [](Peer& peer) -> awaitable<void> {
    if (!co_await peer.request()) co_return;
    co_await peer.send(ok("x"));
    if (peer.number == 1) {
      co_await peer.request();
      peer.reset();
    }
  });
  ASSERT_TRUE(fetch(racy.url()));
  const Answer again = fetch(racy.url());
  ASSERT_TRUE(again) << failure(again);
  EXPECT_FALSE(again->reused);
  EXPECT_EQ(racy.requests.size(), 3u);
  EXPECT_EQ(client().stats().stale_retries, 1u);
}

TEST_F(NetTest, WhatMayNotBeSentTwiceIsNotRepeated) {
  Server racy(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    co_await peer.send(ok("x"));
    co_await peer.request();
    peer.reset();
  });
  ASSERT_TRUE(fetch(racy.url()));
  Request post = request(racy.url());
  post.body = "{}";
  const Answer answer = fetch(std::move(post));
  EXPECT_THAT(failure(answer), HasSubstr("connection"));
  EXPECT_TRUE(answer.error().retryable);
  EXPECT_EQ(racy.requests.size(), 2u);
}

TEST_F(NetTest, AnIdleServersFarewellIsNotTakenForAnAnswer) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    co_await peer.send(ok("right"));
    if (peer.number == 1)
      co_await peer.send("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 5\r\n\r\nwrong");
    co_await peer.request();
    co_await peer.send(ok("right"));
  });
  ASSERT_EQ(fetch(server.url())->body, "right");
  io_.poll();
  EXPECT_EQ(fetch(server.url())->body, "right");
}

TEST_F(NetTest, PostsBodies) {
  Server server(io_, always("HTTP/1.1 204 No Content\r\n\r\n"));
  Request post = request(server.url("/hook"));
  post.body = R"({"text":"hi"})";
  post.headers.push_back({"Content-Type", "application/json"});
  const Answer answer = fetch(std::move(post));
  ASSERT_TRUE(answer) << failure(answer);
  EXPECT_EQ(answer->status, 204u);
  EXPECT_TRUE(server.requests[0].starts_with("POST /hook HTTP/1.1\r\n"));
  EXPECT_EQ(header_of(server.requests[0], "Content-Length"), "13");
  EXPECT_TRUE(server.requests[0].ends_with("\r\n\r\n{\"text\":\"hi\"}"));
  EXPECT_TRUE(fetch(server.url())->reused);
}

TEST_F(NetTest, LargeBodiesGoBothWays) {
  std::string large(3 << 20, 'x');
  for (std::size_t i = 0; i < large.size(); i += 7) large[i] = static_cast<char>('a' + i % 23);
  Server server(io_, always(ok(large)));
  Request post = request(server.url());
  post.body = large;
  const Answer answer = fetch(std::move(post));
  ASSERT_TRUE(answer) << failure(answer);
  EXPECT_EQ(answer->body, large);
  EXPECT_TRUE(server.requests[0].ends_with(large));
}

TEST_F(NetTest, HeadHasNoBody) {
  Server server(io_, always("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"));
  Request head = request(server.url());
  head.method = "HEAD";
  EXPECT_EQ(fetch(head)->body, "");
  EXPECT_TRUE(fetch(head)->reused);
}

TEST_F(NetTest, ReadsBodiesOfEveryFraming) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n";
  Server with_chunks(io_, always(chunked));
  const Answer first = fetch(with_chunks.url());
  EXPECT_EQ(first->body, "abcde");
  EXPECT_EQ(first->headers.find("X-Trailer"), nullptr);
  EXPECT_TRUE(fetch(with_chunks.url())->reused);
  Server until_close(io_, once("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
  EXPECT_EQ(fetch(until_close.url())->body, "until the end");
  Server byte_by_byte(io_, [&](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    for (const char c : chunked) co_await peer.send(std::string(1, c));
  });
  EXPECT_EQ(fetch(byte_by_byte.url())->body, "abcde");
  Server interim(io_, always("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" +
                             ok("final", "A: b\r\n")));
  const Answer last = fetch(interim.url());
  EXPECT_EQ(last->body, "final");
  EXPECT_EQ(last->headers.size(), 2u);
}

// --- validators: issue's first row, byte for byte ---------------------------------------------------------------

TEST_F(NetTest, ValidatorsComeBackAsTheyWere) {
  for (const char* etag : {"\"abc\"", "W/\"weak\"", "unquoted", "\"with space, comma\"", "'odd'", "\"\xC3\xA9\""}) {
    for (const char* date : {"Mon, 23 Nov 2026 21:10:00 GMT", "2026-11-23", "yesterday", "0"}) {
      Server server(io_, [&](Peer& peer) -> awaitable<void> {
        co_await peer.request();
        co_await peer.send(ok("x", std::string("ETag: ") + etag + "\r\nLast-Modified: " + date + "\r\n"));
        const auto second = co_await peer.request();
        co_await peer.send("HTTP/1.1 304 Not Modified\r\n\r\n");
      });
      const Answer first = fetch(server.url());
      ASSERT_TRUE(first) << failure(first);
      EXPECT_EQ(first->validators, (Validators{etag, date}));
      Request again = request(server.url());
      again.validators = first->validators;
      const Answer second = fetch(again);
      EXPECT_EQ(second->status, 304u);
      EXPECT_EQ(second->validators, first->validators);  // none in the 304: the old stay
      EXPECT_EQ(header_of(server.requests[1], "If-None-Match"), etag);
      EXPECT_EQ(header_of(server.requests[1], "If-Modified-Since"), date);
    }
  }
}

TEST_F(NetTest, ValidatorsAreUpdatedClearedAndProtected) {
  const auto after = [&](const std::string& bytes) {
    Server server(io_, always(bytes));
    Request conditional = request(server.url());
    conditional.validators = {"\"old\"", "old date"};
    return fetch(std::move(conditional))->validators;
  };
  EXPECT_EQ(after("HTTP/1.1 304 Not Modified\r\nETag: \"new\"\r\n\r\n"), (Validators{"\"new\"", "old date"}));
  EXPECT_EQ(after("HTTP/1.1 304 Not Modified\r\nLast-Modified: new date\r\n\r\n"), (Validators{"\"old\"", "new date"}));
  EXPECT_EQ(after(ok("x")), Validators{});
  EXPECT_EQ(after(ok("x", "ETag: \"new\"\r\n")), (Validators{"\"new\"", ""}));
  for (const char* status : {"500 Oops", "503 Later", "429 Slow", "404 None", "403 No"})
    EXPECT_EQ(after("HTTP/1.1 " + std::string(status) + "\r\nETag: \"error page\"\r\nContent-Length: 0\r\n\r\n"),
              (Validators{"\"old\"", "old date"}))
        << status;
  EXPECT_EQ(after("HTTP/1.1 226 IM Used\r\nETag: \"delta\"\r\nIM: feed\r\nContent-Length: 1\r\n\r\nx"),
            (Validators{"\"delta\"", ""}));
}

TEST_F(NetTest, DeltasAreAskedForAsTheCallerSays) {
  Server server(io_, always("HTTP/1.1 226 IM Used\r\nIM: feed\r\nContent-Length: 5\r\n\r\ndelta"));
  Request delta = request(server.url());
  delta.headers.push_back({"A-IM", "feed"});
  delta.validators.etag = "\"a\"";
  const Answer answer = fetch(std::move(delta));
  EXPECT_EQ(answer->status, 226u);
  EXPECT_EQ(answer->body, "delta");
  EXPECT_EQ(header_of(server.requests[0], "A-IM"), "feed");
}

// --- redirects ----------------------------------------------------------------------------------------------------

TEST_F(NetTest, FollowsRedirectsAndRemembersTheirKind) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    while (const auto got = co_await peer.request()) {
      if (got->starts_with("GET /a "))
        co_await peer.send("HTTP/1.1 301 Moved\r\nLocation: /b\r\nContent-Length: 4\r\n\r\ngone");
      if (got->starts_with("GET /b "))
        co_await peer.send("HTTP/1.1 308 Moved\r\nLocation: c?x#frag\r\nContent-Length: 0\r\n\r\n");
      if (got->starts_with("GET /c?x "))
        co_await peer.send("HTTP/1.1 302 Found\r\nLocation: d d\r\nContent-Length: 0\r\n\r\n");
      if (got->starts_with("GET /d%20d "))
        co_await peer.send("HTTP/1.1 301 Moved\r\nLocation: /e\r\nContent-Length: 0\r\n\r\n");
      if (got->starts_with("GET /e ")) co_await peer.send(ok("end"));
    }
  });
  Request conditional = request(server.url("/a"));
  conditional.validators.etag = "\"v\"";
  const Answer answer = fetch(conditional);
  ASSERT_TRUE(answer) << failure(answer);
  EXPECT_EQ(answer->body, "end");
  EXPECT_EQ(answer->url, server.url("/e"));
  ASSERT_EQ(answer->hops.size(), 4u);
  EXPECT_EQ(answer->hops[1].url, server.url("/c?x"));
  EXPECT_EQ(answer->hops[2].status, 302u);
  EXPECT_EQ(answer->permanent_url(), server.url("/c?x"));  // not through the 302
  EXPECT_EQ(server.connections, 1);
  for (const std::string& sent : server.requests) EXPECT_EQ(header_of(sent, "If-None-Match"), "\"v\"") << sent;
  conditional.follow_redirects = false;
  const Answer first = fetch(conditional);
  EXPECT_EQ(first->status, 301u);
  EXPECT_EQ(first->body, "gone");
  EXPECT_TRUE(first->hops.empty());
}

TEST_F(NetTest, CredentialsStayWithTheirOrigin) {
  Server other(io_, always(ok("x")), nullptr, "::1");
  Server server(io_, [&](Peer& peer) -> awaitable<void> {
    while (const auto got = co_await peer.request()) {
      if (got->starts_with("GET /first ")) {
        co_await peer.send("HTTP/1.1 302 Found\r\nLocation: /second\r\nContent-Length: 0\r\n\r\n");
      } else {
        co_await peer.send("HTTP/1.1 302 Found\r\nLocation: " + other.url("/third") + "\r\nContent-Length: 0\r\n\r\n");
      }
    }
  });
  std::string url = server.url("/first");
  url.insert(7, "me:s%40cret@");
  Request secret = request(url);
  secret.headers = {{"X-Api-Key", "k"}, {"Accept", "application/atom+xml"}, {"Cookie", "c=1"}};
  const Answer answer = fetch(std::move(secret));
  ASSERT_TRUE(answer) << failure(answer);
  EXPECT_EQ(answer->url, other.url("/third"));
  ASSERT_EQ(server.requests.size(), 2u);
  for (const std::string& sent : server.requests) {
    EXPECT_EQ(header_of(sent, "Authorization"), "Basic bWU6c0BjcmV0");  // me:s@cret
    EXPECT_EQ(header_of(sent, "X-Api-Key"), "k");
  }
  ASSERT_EQ(other.requests.size(), 1u);
  EXPECT_EQ(header_of(other.requests[0], "Authorization"), "");
  EXPECT_EQ(header_of(other.requests[0], "X-Api-Key"), "");
  EXPECT_EQ(header_of(other.requests[0], "Cookie"), "");
  EXPECT_EQ(header_of(other.requests[0], "Accept"), "application/atom+xml");
}

TEST_F(NetTest, RedirectsOfPosts) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    while (const auto got = co_await peer.request()) {
      const std::string code = got->substr(got->find('/') + 1, 3);
      if (code == "end") {
        co_await peer.send(ok(got->substr(0, got->find(' '))));
      } else {
        co_await peer.send("HTTP/1.1 " + code + " X\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n");
      }
    }
  });
  for (const auto& [code, method] :
       {std::pair{"301", "GET"}, {"302", "GET"}, {"303", "GET"}, {"307", "POST"}, {"308", "POST"}}) {
    Request post = request(server.url("/" + std::string(code)));
    post.body = "b";
    post.headers.push_back({"Content-Type", "text/plain"});
    EXPECT_EQ(fetch(post)->body, method) << code;
    const bool kept = method[0] == 'P';
    EXPECT_EQ(header_of(server.requests.back(), "Content-Type"), kept ? "text/plain" : "") << code;
    EXPECT_EQ(server.requests.back().ends_with("\r\n\r\nb"), kept) << code;
  }
}

TEST_F(NetTest, BadRedirectsEnd) {
  const auto to = [&](const std::string& location) {
    Server server(io_, [&](Peer& peer) -> awaitable<void> {
      while (co_await peer.request())
        co_await peer.send("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
    });
    return failure(fetch(server.url("/x")));
  };
  EXPECT_THAT(to("/x"), HasSubstr("redirect: "));
  EXPECT_THAT(to("/x"), HasSubstr("in a circle"));
  EXPECT_THAT(to("file:///etc/passwd"), HasSubstr("redirect: "));
  EXPECT_THAT(to("http://exa mple/"), HasSubstr("cannot be fetched"));
  EXPECT_THAT(to("ws://127.0.0.1/"), HasSubstr("WebSocket"));
  EXPECT_THAT(to("//"), HasSubstr("redirect: "));
  Server endless(io_, [n = 0](Peer& peer) mutable -> awaitable<void> {
    while (co_await peer.request())
      co_await peer.send("HTTP/1.1 302 Found\r\nLocation: /" + std::to_string(++n) + "\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_THAT(failure(fetch(endless.url())), HasSubstr("more than 10 times"));
  EXPECT_EQ(endless.requests.size(), 11u);
}

// --- limits of connections ------------------------------------------------------------------------------------------

TEST_F(NetTest, NoMoreConnectionsToAHostThanAllowed) {
  int seen = 0, in_use = 0, most = 0;
  asio::steady_timer changed(io_, std::chrono::steady_clock::time_point::max());
  Server server(io_, [&](Peer& peer) -> awaitable<void> {
    while (co_await peer.request()) {
      most = std::max(most, ++in_use);
      changed.cancel();
      if (++seen < 2) co_await changed.async_wait(kAwait);  // both places are taken now
      --in_use;
      co_await peer.send(ok("x"));
    }
  });
  constexpr int kFetches = 9;
  int done = 0;
  for (int i = 0; i < kFetches; ++i) {
    // By different names of the same address, too.
    const std::string url = server.url("/" + std::to_string(i), i % 2 ? "127.0.0.1" : "localhost");
    asio::co_spawn(
        io_,
        [](NetTest* self, Client& to, Request what, int& count) -> awaitable<void> {
          (void)self;
          const Answer answer = co_await to.fetch(std::move(what));
          EXPECT_TRUE(answer) << failure(answer);
          ++count;
        }(this, client(), request(url), done),
        asio::detached);
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (done < kFetches && std::chrono::steady_clock::now() < end) io_.run_one_until(end);
  EXPECT_EQ(done, kFetches);
  EXPECT_EQ(server.requests.size(), 9u);
  EXPECT_EQ(most, 2);
}

TEST_F(NetTest, NoMoreSocketsThanAllowed) {
  options_.max_connections = 1;
  Server one(io_, always(ok("1"))), two(io_, always(ok("2")));
  EXPECT_EQ(fetch(one.url())->body, "1");
  EXPECT_EQ(fetch(two.url())->body, "2");  // the idle one had to go
  EXPECT_EQ(client().stats().idle, 1u);
  EXPECT_FALSE(fetch(one.url())->reused);
}

// --- cancellation ---------------------------------------------------------------------------------------------------

TEST_F(NetTest, CloseEndsWhatIsUnderWay) {
  Server silent(io_, [&](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    client().close();
    co_await peer.until_closed();
  });
  const Answer answer = fetch(silent.url());
  EXPECT_THAT(failure(answer), HasSubstr("cancelled: "));
  EXPECT_FALSE(answer.error().retryable);
  EXPECT_THAT(failure(fetch(silent.url())), HasSubstr("client was closed"));
}

TEST_F(NetTest, CallersCancelInAnyStep) {
  asio::cancellation_signal signal;
  Server silent_tls(
      io_, [](Peer&) -> awaitable<void> { co_return; }, nullptr);
  Server stalls(io_, [&](Peer& peer) -> awaitable<void> {
    const auto got = co_await peer.request();
    if (got && got->starts_with("GET /header")) co_await peer.send("HTTP/1.1 200 OK\r\n");
    if (got && got->starts_with("GET /body")) co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    asio::post(io_, [&] { signal.emit(asio::cancellation_type::terminal); });
    co_await peer.until_closed();
  });
  for (const char* path : {"/nothing", "/header", "/body"}) {
    std::optional<Answer> answer;
    asio::co_spawn(io_, client().fetch(request(stalls.url(path))),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, Answer got) {
                     EXPECT_FALSE(thrown);
                     answer = std::move(got);
                   }));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    io_.restart();
    while (!answer && std::chrono::steady_clock::now() < end) io_.run_one_until(end);
    ASSERT_TRUE(answer) << path;
    EXPECT_THAT(failure(*answer), HasSubstr("cancelled: ")) << path;
  }
}

TEST_F(NetTest, TheClientMayDieDuringAFetch) {
  Server silent(io_, [&](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    client_.reset();
    co_await peer.until_closed();
  });
  EXPECT_THAT(failure(fetch(silent.url())), HasSubstr("cancelled: "));
}

}  // namespace
}  // namespace earshot::net
