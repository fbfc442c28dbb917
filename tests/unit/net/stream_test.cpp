// WebSocket and Server-Sent Events against servers that speak them byte by byte.
#include "net/stream.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <zlib.h>

#include "fixture.h"
#include "net/event_parser.h"
#include "support/net/websocket_server.h"

namespace earshot::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// --- the event stream format -------------------------------------------------------------------------------------

std::vector<std::string> events(std::string_view bytes, std::size_t piece = 1u << 20) {
  EventParser parser(1u << 16, "");
  while (!bytes.empty()) {
    EXPECT_TRUE(parser.put(bytes.substr(0, piece)));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  std::vector<std::string> out;
  while (const auto frame = parser.next()) out.push_back(frame->event + "|" + frame->id + "|" + frame->data);
  return out;
}

TEST(EventParser, ReadsTheFormat) {
  using testing::ElementsAre;
  const std::string text(
      "\xEF\xBB\xBF: comment\ndata: one\n\nevent: update\rid: 7\rdata:two\rdata:  lines\r\r"
      "data\r\ndata\r\nid\r\n\r\nevent: lost\n\ndata: last\n\ndata: unfinished");
  for (const std::size_t piece : {1, 2, 3, 1000})
    EXPECT_THAT(events(text, piece),
                ElementsAre("message||one", "update|7|two\n lines", "message||\n", "message||last"))
        << piece;
  EXPECT_THAT(events(std::string("id: a\0b\ndata: x\n\n", 17)), ElementsAre("message||x"));
  EXPECT_THAT(events("data: \xFF\xC3\n\n"), ElementsAre("message||\xEF\xBF\xBD\xEF\xBF\xBD"));
  EXPECT_THAT(events("unknown: x\ndata\n\n"), ElementsAre("message||"));
}

TEST(EventParser, KeepsLimitsAndRetry) {
  EventParser parser(100, "start");
  EXPECT_TRUE(parser.put("retry: 1500\nretry: x\nretry: -1\ndata: a\n\n"));
  EXPECT_EQ(parser.retry(), Duration{1500});
  EXPECT_EQ(parser.next()->id, "start");
  EXPECT_FALSE(parser.put("data: " + std::string(200, 'x')));
  EventParser lines(100, "");
  bool fits = true;
  for (int i = 0; i < 1000 && fits; ++i) fits = lines.put("data: xxxxxxxxxx\n");
  EXPECT_FALSE(fits);
}

// --- streams over sockets ------------------------------------------------------------------------------------------

class Streams : public NetTest {
 protected:
  using Opened = Result<std::unique_ptr<Stream>, FetchError>;
  using Got = Result<Frame, FetchError>;

  Opened events_of(const Server& server, std::string last_id = {}) {
    return test::run(io_, open_events(client(), request(server.url("/events")), std::move(last_id), limits_));
  }
  Opened socket_of(const Server& server) {
    return test::run(io_, open_websocket(client(), request(ws(server)), limits_));
  }
  Got next(Stream& stream) { return test::run(io_, stream.next()); }
  static std::string ws(const Server& server) { return "ws" + server.url("/stream?x=1").substr(4); }
  static std::string text(const Got& got) {
    if (!got) return "error " + std::string(to_string(got.error().step)) + ": " + got.error().message;
    switch (got->kind) {
      case FrameKind::text: return "text " + got->data;
      case FrameKind::binary: return "binary " + got->data;
      case FrameKind::event: return "event " + got->event + " " + got->id + " " + got->data;
      case FrameKind::closed: return "closed " + std::to_string(got->code) + " " + got->data;
    }
    return "?";
  }
  static std::string said(const Opened& opened) {
    return opened ? "opened" : std::string(to_string(opened.error().step)) + ": " + opened.error().message;
  }

  StreamLimits limits_{.silence = Duration{5000}, .max_frame = 10'000};
};

const std::string kEventHeader = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n";

TEST_F(Streams, EventsArrive) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    co_await peer.send(kEventHeader + "Transfer-Encoding: chunked\r\n\r\n12\r\nid: 1\ndata: first\n\r\n1\r\n\n\r\n");
    co_await peer.send("1c\r\nevent: e\nretry: 250\ndata: x\n\r\n");
    co_await peer.send("1\r\n\n\r\n0\r\n\r\n");
    co_await peer.until_closed();
  });
  auto stream = events_of(server, "41");
  ASSERT_TRUE(stream) << said(stream);
  EXPECT_EQ(header_of(server.requests[0], "Accept"), "text/event-stream");
  EXPECT_EQ(header_of(server.requests[0], "Last-Event-ID"), "41");
  EXPECT_EQ(text(next(**stream)), "event message 1 first");
  EXPECT_EQ(text(next(**stream)), "event e 1 x");
  EXPECT_EQ((*stream)->retry_hint(), Duration{250});
  EXPECT_THAT(text(next(**stream)), StartsWith("closed"));
}

TEST_F(Streams, EventsLongerThanAnyBodyLimit) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    co_await peer.send(kEventHeader + "\r\n");
    for (int i = 0; i < 300; ++i)
      if (!co_await peer.send("data: " + std::string(1000, 'x') + "\n\n")) break;
  });
  auto opened = test::run(io_, [&]() -> awaitable<Opened> {
    Request what = request(server.url());
    what.limits.max_body = what.limits.max_wire_body = 50'000;
    auto result = co_await open_events(client(), std::move(what), {}, limits_);
    co_return result;
  }());
  ASSERT_TRUE(opened) << said(opened);
  for (int i = 0; i < 300; ++i) ASSERT_EQ(next(**opened)->data.size(), 1000u) << i;
  EXPECT_THAT(text(next(**opened)), StartsWith("closed"));
}

TEST_F(Streams, WhatIsNoEventStreamIsRefused) {
  const auto opening = [&](const std::string& bytes) {
    Server server(io_, once(bytes));
    return said(events_of(server));
  };
  EXPECT_THAT(opening("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), HasSubstr("answered 401"));
  EXPECT_THAT(opening(ok("x", "Content-Type: text/html\r\n")), HasSubstr("not of type text/event-stream"));
  EXPECT_THAT(opening("nonsense\r\n\r\n"), StartsWith("header: "));
  EXPECT_THAT(opening(kEventHeader + "Content-Encoding: gzip\r\n\r\n"), HasSubstr("packed"));
}

TEST_F(Streams, SilentAndOversizedStreamsEnd) {
  limits_.silence = Duration{40};
  Server silent(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    co_await peer.send(kEventHeader + "\r\ndata: x\n\n");
    co_await peer.until_closed();
  });
  auto stream = events_of(silent);
  ASSERT_TRUE(stream) << said(stream);
  EXPECT_EQ(text(next(**stream)), "event message  x");
  EXPECT_THAT(text(next(**stream)), StartsWith("error body: "));
  Server large(io_, once(kEventHeader + "\r\ndata: " + std::string(20'000, 'x') + "\n\n"));
  auto oversized = events_of(large);
  if (oversized) {
    EXPECT_THAT(text(next(**oversized)), StartsWith("error limit: "));
  } else {
    EXPECT_THAT(said(oversized), StartsWith("limit: "));
  }
}

// --- WebSocket -----------------------------------------------------------------------------------------------------

std::string accept_for(const std::string& handshake) {
  const std::string text = header_of(handshake, "Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  unsigned char encoded[32];
  return std::string(reinterpret_cast<char*>(encoded),
                     static_cast<std::size_t>(EVP_EncodeBlock(encoded, digest, sizeof digest)));
}
std::string welcome(const std::string& handshake, const std::string& extra = {}) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         accept_for(handshake) + "\r\n" + extra + "\r\n";
}
// An unmasked frame, as servers send them (RFC 6455 §5.2).
std::string frame(int first_byte, const std::string& payload) {
  std::string out(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else {
    out += static_cast<char>(126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size());
  }
  return out + payload;
}

TEST_F(Streams, WebSocketMessagesGoBothWays) {
  std::string heard;
  Server server(io_, [&](Peer& peer) -> awaitable<void> {
    const auto hello = co_await peer.request();
    co_await peer.send(welcome(*hello));
    co_await peer.send(frame(0x81, "héllo") + frame(0x82, std::string("\0\1", 2)) + frame(0x01, "frag") +
                       frame(0x89, "ping") + frame(0x80, "ment"));
    std::array<char, 256> bytes;
    while (heard.size() < 16) {  // a pong and a text, masked: 2 + 4 + 4 and 2 + 4 + …
      const std::size_t count = co_await peer.read_some(asio::buffer(bytes));
      if (count == 0) co_return;
      heard.append(bytes.data(), count);
    }
    co_await peer.send(frame(0x88, std::string("\x03\xE8", 2) + "bye"));  // and closes (RFC 6455 §7.1.1)
  });
  Request what = request(ws(server));
  what.headers.push_back({"X-Token", "t"});
  auto stream = test::run(io_, open_websocket(client(), std::move(what), limits_));
  ASSERT_TRUE(stream) << said(stream);
  EXPECT_TRUE(server.requests[0].starts_with("GET /stream?x=1 HTTP/1.1\r\n"));
  EXPECT_EQ(header_of(server.requests[0], "X-Token"), "t");
  EXPECT_EQ(header_of(server.requests[0], "User-Agent"), "earshot/1.0 (team@example.com)");
  EXPECT_EQ(text(next(**stream)), "text héllo");
  EXPECT_EQ(text(next(**stream)), std::string("binary \0\1", 9));
  EXPECT_EQ(text(next(**stream)), "text fragment");
  EXPECT_TRUE(test::run(io_, (*stream)->send("subscribe")));
  EXPECT_EQ(text(next(**stream)), "closed 1000 bye");
}

// A server that says goodbye and stays holds nobody up for long.
TEST_F(Streams, AGoodbyeCountsAlsoWhenTheServerStays) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    const auto hello = co_await peer.request();
    co_await peer.send(welcome(*hello) + frame(0x88, std::string("\x03\xE9", 2) + "bye"));
    co_await peer.until_closed();
  });
  Request what = request(ws(server));
  what.limits.header = Duration{100};
  auto stream = test::run(io_, open_websocket(client(), std::move(what), limits_));
  ASSERT_TRUE(stream) << said(stream);
  EXPECT_EQ(text(next(**stream)), "closed 1001 bye");
}

TEST_F(Streams, WebSocketUnpacksMessages) {
  Server server(io_, [&](Peer& peer) -> awaitable<void> {
    const auto hello = co_await peer.request();
    EXPECT_THAT(header_of(*hello, "Sec-WebSocket-Extensions"), HasSubstr("permessage-deflate"));
    co_await peer.send(welcome(*hello, "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n"));
    const std::string plain(5000, 'z');
    z_stream z{};
    deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string out(1000, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    z.avail_in = static_cast<uInt>(plain.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_SYNC_FLUSH);
    out.resize(z.total_out - 4);  // without 00 00 ff ff (RFC 7692 §7.2.1)
    deflateEnd(&z);
    co_await peer.send(frame(0xC1, out));
    co_await peer.until_closed();
  });
  auto stream = socket_of(server);
  ASSERT_TRUE(stream) << said(stream);
  EXPECT_EQ(text(next(**stream)), "text " + std::string(5000, 'z'));
}

// Beast as the server: what it packs is unpacked, its pings are answered, its end is an end.
TEST_F(Streams, WebSocketsOfARealServer) {
  std::string heard;
  bool ponged = false;
  test::WebSocketServer server([&](test::WebSocketServer::Socket& socket, int) {
    socket.control_callback([&](boost::beast::websocket::frame_type kind, boost::beast::string_view text) {
      ponged = ponged || (kind == boost::beast::websocket::frame_type::pong && text == "are you there");
    });
    socket.text(true);
    socket.ping("are you there");
    for (const std::size_t size : {0U, 1U, 125U, 126U, 5000U, 9999U})
      socket.write(boost::asio::buffer(std::string(size, 'z')));
    heard = test::WebSocketServer::read(socket);
    socket.close({boost::beast::websocket::close_code::going_away, "until tomorrow"});
  });
  auto stream = test::run(io_, open_websocket(client(), request(server.url("/s")), limits_));
  ASSERT_TRUE(stream) << said(stream);
  EXPECT_THAT(server.handshakes()[0], HasSubstr("permessage-deflate"));
  for (const std::size_t size : {0U, 1U, 125U, 126U, 5000U, 9999U})
    EXPECT_EQ(text(next(**stream)), "text " + std::string(size, 'z'));
  EXPECT_TRUE(test::run(io_, (*stream)->send(std::string(3000, 'q'))));
  EXPECT_EQ(text(next(**stream)), "closed 1001 until tomorrow");
  EXPECT_EQ(heard, std::string(3000, 'q'));
  EXPECT_TRUE(ponged);
}

TEST_F(Streams, AStreamMayGoWhileItIsRead) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    const auto hello = co_await peer.request();
    co_await peer.send(welcome(*hello));
    co_await peer.until_closed();
  });
  for (int i = 0; i < 3; ++i) {
    auto stream = socket_of(server);
    ASSERT_TRUE(stream) << said(stream);
    bool ended = false;
    asio::co_spawn(io_, (*stream)->next(), [&](std::exception_ptr, Got got) {
      EXPECT_FALSE(got);
      ended = true;
    });
    io_.restart();
    io_.poll();
    test::run(io_, [&]() -> awaitable<bool> {  // says goodbye in vain, then closes under the reader
      co_await (*stream)->finish(Duration{5});
      co_return true;
    }());
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!ended && std::chrono::steady_clock::now() < end) io_.run_one_until(end);
    EXPECT_TRUE(ended);
  }
}

TEST_F(Streams, WebSocketOverTls) {
  Server server(
      io_,
      [](Peer& peer) -> awaitable<void> {
        const auto hello = co_await peer.request();
        co_await peer.send(welcome(*hello) + frame(0x81, "sealed"));
        co_await peer.until_closed();
      },
      authority_.server());
  auto stream = test::run(io_, open_websocket(client(), request("wss" + server.url("/").substr(5)), limits_));
  ASSERT_TRUE(stream) << said(stream);
  EXPECT_EQ(text(next(**stream)), "text sealed");
  test::run(io_, [&]() -> awaitable<bool> {
    co_await (*stream)->finish(Duration{20});
    co_return true;
  }());
}

TEST_F(Streams, WebSocketsThatAreNone) {
  const auto opening = [&](const std::string& bytes) {
    Server server(io_, once(bytes));
    return said(socket_of(server));
  };
  EXPECT_THAT(opening("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), HasSubstr("answered 403"));
  EXPECT_THAT(opening("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
                      "Upgrade\r\nSec-WebSocket-Accept: bm8=\r\n\r\n"),
              StartsWith("header: "));
  EXPECT_THAT(opening("nonsense\r\n\r\n"), StartsWith("header: "));
  const auto message = [&](const std::string& bytes) {
    Server server(io_, [&](Peer& peer) -> awaitable<void> {
      const auto hello = co_await peer.request();
      co_await peer.send(welcome(*hello) + bytes);
      co_await peer.until_closed();
    });
    auto stream = socket_of(server);
    return stream ? text(next(**stream)) : said(stream);
  };
  EXPECT_THAT(message(frame(0x81, std::string(20'000, 'x'))), StartsWith("error limit: "));
  EXPECT_THAT(message(frame(0x81, "\xFF\xFE")), StartsWith("error body: "));  // no UTF-8
  EXPECT_THAT(message(frame(0x83, "reserved opcode")), StartsWith("error body: "));
  EXPECT_THAT(message(frame(0xF1, "reserved bits")), StartsWith("error body: "));
}

TEST_F(Streams, CancelAndClose) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    const auto hello = co_await peer.request();
    // Named: GCC 12 destroys the arms of a conditional twice inside a co_await.
    const std::string greeting = hello->find("Upgrade") != hello->npos ? welcome(*hello) : kEventHeader + "\r\n";
    co_await peer.send(greeting);
    co_await peer.until_closed();
  });
  for (const bool socket : {false, true}) {
    auto stream = socket ? socket_of(server) : events_of(server);
    ASSERT_TRUE(stream) << said(stream);
    asio::cancellation_signal signal;
    std::optional<Got> got;
    asio::co_spawn(io_, (*stream)->next(),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, Got result) {
                     EXPECT_FALSE(thrown);
                     got = std::move(result);
                   }));
    asio::post(io_, [&] { signal.emit(asio::cancellation_type::terminal); });
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    io_.restart();
    while (!got && std::chrono::steady_clock::now() < end) io_.run_one_until(end);
    ASSERT_TRUE(got) << socket;
    EXPECT_THAT(text(*got), StartsWith("error cancelled: ")) << socket;
  }
  auto stream = socket_of(server);
  ASSERT_TRUE(stream);
  asio::post(io_, [&] { client().close(); });
  EXPECT_THAT(text(next(**stream)), StartsWith("error cancelled: "));
  EXPECT_THAT(said(socket_of(server)), StartsWith("cancelled: "));
}

// The guard and the policy hold for streams too.
TEST_F(Streams, PrivateAddressesAreRefused) {
  Server server(io_, always(ok("x")));
  Request what = request(ws(server));
  what.policy = nullptr;
  EXPECT_THAT(said(test::run(io_, open_websocket(client(), std::move(what), limits_))), StartsWith("guard: "));
  EXPECT_EQ(server.connections, 0);
}

}  // namespace
}  // namespace earshot::net
