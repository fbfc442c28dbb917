// Servers that mean harm, or are broken beyond it. Each is named for what it does; each has to end in a value, soon.
#include <brotli/encode.h>
#include <zlib.h>

#include "fixture.h"
#include "net/decode.h"

namespace earshot::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string packed(std::string_view plain, int window_bits) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, plain.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}
std::string gzip(std::string_view plain) { return packed(plain, 15 + 16); }

class Hostile : public NetTest {
 protected:
  // What comes of a server that answers any request with these bytes and closes.
  Answer from(const std::string& bytes, Limits limits = {}) {
    Server server(io_, once(bytes));
    Request what = request(server.url());
    what.limits = limits;
    return fetch(std::move(what));
  }
  std::string failed(const std::string& bytes, Limits limits = {}) { return failure(from(bytes, limits)); }
  // What comes of a server that sends `piece` for as long as anybody reads.
  std::string flood(const std::string& head, const std::string& piece, Limits limits = {}) {
    Server server(io_, [&](Peer& peer) -> awaitable<void> {
      co_await peer.request();
      if (!co_await peer.send(head)) co_return;
      while (co_await peer.send(piece)) {
      }
    });
    Request what = request(server.url());
    what.limits = limits;
    return failure(fetch(std::move(what)));
  }
};

TEST_F(Hostile, GarbageInsteadOfHttp) {
  EXPECT_THAT(failed("garbage\r\nHTTP/1.1 200 OK\r\n\r\n"), StartsWith("header: "));
  EXPECT_THAT(failed("\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), StartsWith("header: "));
  EXPECT_THAT(failed(std::string("\0\0\0\x18\x04\0\0\0\0\0", 10)), StartsWith("header: "));  // HTTP/2
  EXPECT_THAT(failed("SSH-2.0-OpenSSH_9.2\r\n"), StartsWith("header: "));
  EXPECT_THAT(failed("HTTP/1.1 20 OK\r\n\r\n"), StartsWith("header: "));
  EXPECT_THAT(failed("HTTP/1.1 2000 OK\r\n\r\n"), StartsWith("header: "));
  EXPECT_THAT(failed("HTTP/9.9 200 OK\r\n\r\n"), StartsWith("header: "));
  for (const char* status : {"000", "020", "099"})
    EXPECT_THAT(failed(std::string("HTTP/1.1 ") + status + " OK\r\n\r\nbody"), StartsWith("header: ")) << status;
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nNo colon here\r\n\r\n"), StartsWith("header: "));
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nName : x\r\n\r\n"), StartsWith("header: "));
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nX: a\x01b\r\n\r\n"), StartsWith("header: "));
  EXPECT_THAT(failed(std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", 27)), StartsWith("header: "));
}

TEST_F(Hostile, ClosedTooEarly) {
  EXPECT_THAT(failed(""), HasSubstr("closed the connection without an answer"));
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nContent-Le"), HasSubstr("in the middle of the header"));
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123456789"),
              HasSubstr("before the end of the body"));
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"),
              HasSubstr("before the end of the body"));
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
              HasSubstr("before the end of the body"));
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"),
              HasSubstr("before the end of the body"));
}

TEST_F(Hostile, ResetInTheBody) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    peer.reset();
  });
  EXPECT_THAT(failure(fetch(server.url())), HasSubstr("connection"));
}

TEST_F(Hostile, ContentLengthThatLies) {
  for (const char* length : {"-1", "abc", "1e3", "0x10", "99999999999999999999", "5, 6", "", "5 5", "+5"})
    EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nContent-Length: " + std::string(length) + "\r\n\r\nhello"),
                StartsWith("header: "))
        << length;
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
              StartsWith("header: "));
  EXPECT_EQ(from("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello")->body, "hello");
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
              StartsWith("header: "));
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
              StartsWith("header: "));
  Limits small;
  small.max_wire_body = 1000;
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", small), StartsWith("limit: "));
}

TEST_F(Hostile, MoreThanContentLengthIsNotTheNextAnswer) {
  Server server(io_, always(ok("hello") + ok("smuggled")));
  EXPECT_EQ(fetch(server.url())->body, "hello");
  const Answer next = fetch(server.url());
  EXPECT_EQ(next->body, "hello");
  EXPECT_FALSE(next->reused);
}

TEST_F(Hostile, ChunksThatAreNone) {
  const auto chunks = [&](const std::string& body) {
    return failed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
  };
  EXPECT_THAT(chunks("xyz\r\nabc\r\n0\r\n\r\n"), StartsWith("body: "));
  EXPECT_THAT(chunks("-3\r\nabc\r\n0\r\n\r\n"), StartsWith("body: "));
  EXPECT_THAT(chunks("3\r\nabcdef\r\n0\r\n\r\n"), StartsWith("body: "));
  EXPECT_THAT(chunks("3\nabc\n0\n\n"), StartsWith("body: "));
  EXPECT_THAT(chunks("FFFFFFFFFFFFFFFFF\r\nabc"), StartsWith("body: "));
  EXPECT_THAT(chunks("FFFFFFFFFFFFFFFF\r\nabc"), StartsWith("limit: "));
  EXPECT_THAT(chunks("0\r\nTrailer: a\x02\r\n\r\n"), StartsWith("body: "));
}

TEST_F(Hostile, HeadersWithoutEnd) {
  EXPECT_THAT(flood("HTTP/1.1 200 OK\r\n", "X-Header: value\r\n"), StartsWith("limit: "));
  EXPECT_THAT(flood("HTTP/1.1 200 OK\r\nX: ", std::string(1000, 'a')), StartsWith("limit: "));
  EXPECT_THAT(flood("HTTP/1.1 200 ", std::string(1000, 'a')), StartsWith("limit: "));
  Limits no_count;
  no_count.max_headers = 1'000'000;
  EXPECT_THAT(flood("HTTP/1.1 200 OK\r\n", "X-Header: value\r\n", no_count),
              HasSubstr("larger than the limit of 65536 bytes"));
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 201; ++i) many += "A: b\r\n";
  EXPECT_THAT(failed(many + "\r\n"), HasSubstr("more than 200 headers"));
}

TEST_F(Hostile, InterimAnswersWithoutEnd) {
  EXPECT_THAT(flood("", "HTTP/1.1 103 Early Hints\r\n\r\n"), HasSubstr("interim (1xx)"));
  EXPECT_THAT(flood("", "HTTP/1.1 103 Early Hints\r\nLink: <" + std::string(8000, 'x') + ">\r\n\r\n"),
              StartsWith("limit: "));
}

TEST_F(Hostile, BodiesWithoutEnd) {
  Limits small;
  small.max_body = small.max_wire_body = 100'000;
  const std::string piece(5000, 'x');
  EXPECT_THAT(flood("HTTP/1.1 200 OK\r\n\r\n", piece, small), StartsWith("limit: "));
  EXPECT_THAT(flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "1000\r\n" + std::string(4096, 'x') + "\r\n", small),
              StartsWith("limit: "));
  EXPECT_THAT(flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", std::string(4096, 'x'), small),
              StartsWith("body: "));
  EXPECT_THAT(flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "Trailer: x\r\n", small),
              testing::AnyOf(StartsWith("limit: "), StartsWith("body: ")));
}

// --- time -----------------------------------------------------------------------------------------------------------

TEST_F(Hostile, SlowInEveryStep) {
  Limits hasty;
  hasty.header = hasty.body = Duration{40};
  const auto stall = [&](const std::string& sent, Limits limits) {
    Server server(io_, [&](Peer& peer) -> awaitable<void> {
      co_await peer.request();
      co_await peer.send(sent);
      co_await peer.until_closed();
    });
    Request what = request(server.url());
    what.limits = limits;
    const Answer answer = fetch(std::move(what));
    EXPECT_TRUE(!answer && answer.error().timeout && answer.error().retryable);
    return failure(answer);
  };
  EXPECT_THAT(stall("", hasty), HasSubstr("did not answer within 40ms"));
  EXPECT_THAT(stall("HTTP/1.1 200 OK\r\nX: y\r\n", hasty), StartsWith("header: "));
  EXPECT_THAT(stall("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", hasty),
              HasSubstr("the body did not end within 40ms"));
  Limits whole;
  whole.whole = Duration{40};
  EXPECT_THAT(stall("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", whole), HasSubstr("(fetch.timeout)"));
}

TEST_F(Hostile, NeverTakesTheRequest) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::steady_clock::time_point::max());
    (void)peer;
    co_await never.async_wait(kAwait);
  });
  Request post = request(server.url());
  post.body = std::string(64 << 20, 'x');
  post.limits.send = Duration{40};
  EXPECT_THAT(failure(fetch(std::move(post))), StartsWith("send: "));
}

TEST_F(Hostile, NeverShakesHands) {
  Server silent(io_, [](Peer& peer) -> awaitable<void> { co_await peer.until_closed(); });
  std::string url = silent.url();
  url.insert(4, "s");
  Request what = request(url);
  what.limits.tls = Duration{40};
  EXPECT_THAT(failure(fetch(std::move(what))), HasSubstr("TLS handshake did not end within 40ms"));
}

// A byte now and then defeats limits on silence, not one on the rate.
TEST_F(Hostile, DripsItsBody) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    asio::steady_timer tick(co_await asio::this_coro::executor);
    while (co_await peer.send("x")) {
      tick.expires_after(std::chrono::milliseconds(2));
      co_await tick.async_wait(kAwait);
    }
  });
  Request what = request(server.url());
  what.limits.min_rate = 100'000;
  what.limits.rate_grace = Duration{30};
  const Answer answer = fetch(std::move(what));
  EXPECT_THAT(failure(answer), HasSubstr("too slowly"));
  EXPECT_TRUE(answer.error().timeout);
}

TEST_F(Hostile, DripsItsHeader) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.request();
    co_await peer.send("HTTP/1.1 200 OK\r\n");
    asio::steady_timer tick(co_await asio::this_coro::executor);
    while (co_await peer.send("X")) {
      tick.expires_after(std::chrono::milliseconds(2));
      co_await tick.async_wait(kAwait);
    }
  });
  Request what = request(server.url());
  what.limits.header = Duration{50};
  EXPECT_THAT(failure(fetch(std::move(what))), StartsWith("header: "));
}

// --- content encodings ----------------------------------------------------------------------------------------------

std::string encoded(const std::string& body, const std::string& encoding) {
  return ok(body, "Content-Encoding: " + encoding + "\r\n");
}

TEST_F(Hostile, ContentEncodingsAreUndone) {
  std::string plain = "<rss>";
  for (int i = 0; i < 5000; ++i) plain += std::to_string(i);
  std::string br(plain.size() + 1000, '\0');
  std::size_t br_size = br.size();
  ASSERT_TRUE(BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, plain.size(),
                                    reinterpret_cast<const std::uint8_t*>(plain.data()), &br_size,
                                    reinterpret_cast<std::uint8_t*>(br.data())));
  br.resize(br_size);
  EXPECT_EQ(from(encoded(gzip(plain), "gzip"))->body, plain);
  EXPECT_EQ(from(encoded(gzip(plain), "GZIP"))->body, plain);
  EXPECT_EQ(from(encoded(gzip(plain), "x-gzip"))->body, plain);
  EXPECT_EQ(from(encoded(packed(plain, 15), "deflate"))->body, plain);
  EXPECT_EQ(from(encoded(packed(plain, -15), "deflate"))->body, plain);
  EXPECT_EQ(from(encoded(br, "br"))->body, plain);
  EXPECT_EQ(from(encoded(plain, "identity"))->body, plain);
  EXPECT_EQ(from(encoded(gzip(br), "br, gzip"))->body, plain);
  EXPECT_EQ(from(encoded(gzip(gzip(plain)), "gzip,gzip"))->body, plain);
  EXPECT_EQ(from(ok(gzip(br), "Content-Encoding: br\r\nContent-Encoding: gzip\r\n"))->body, plain);
  EXPECT_EQ(from(encoded(gzip(plain) + gzip("more"), "gzip"))->body, plain + "more");   // members
  EXPECT_EQ(from(encoded(gzip(plain) + std::string(100, '\0'), "gzip"))->body, plain);  // padding
  EXPECT_EQ(from(encoded(gzip(plain) + "trailing noise", "gzip"))->body, plain);
  EXPECT_EQ(from(encoded(plain, "gzip"))->body, plain);  // mislabelled
  EXPECT_EQ(from(encoded("", "gzip"))->body, "");
  EXPECT_EQ(from(encoded(gzip(""), "gzip"))->body, "");
  EXPECT_EQ(from(encoded(gzip(plain), "gzip"))->wire_bytes, gzip(plain).size());
  std::string chunked = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char c : gzip("hello")) chunked += std::string("1\r\n") + c + "\r\n";
  EXPECT_EQ(from(chunked + "0\r\n\r\n")->body, "hello");
}

TEST(GzipFile, IsUnpackedAndNothingElse) {
  const auto unpacked = [](std::string body, std::uint64_t most = 1 << 20) -> std::string {
    const auto failure = unpack_gzip_file(body, {.max_body = most});
    return failure ? "failed: " + failure->text : body;
  };
  EXPECT_EQ(unpacked(gzip("<rss/>")), "<rss/>");
  EXPECT_EQ(unpacked("<rss/>"), "<rss/>");
  EXPECT_EQ(unpacked(""), "");
  EXPECT_EQ(unpacked("\x1F\x8B"), "\x1F\x8B");
  EXPECT_THAT(unpacked(gzip("<rss/>").substr(0, 12)), StartsWith("failed: "));
  EXPECT_THAT(unpacked(gzip(std::string(2 << 20, 'x'))), StartsWith("failed: "));
}

TEST_F(Hostile, LargeBodiesAreUnpackedWhileTheyCome) {
  std::string plain;
  std::uint32_t x = 1;
  while (plain.size() < 6 << 20) {
    x = x * 1664525 + 1013904223;
    plain += static_cast<char>('a' + (x >> 24) % 26);
  }
  const std::string body = gzip(plain);
  ASSERT_GT(body.size(), std::size_t{1} << 20);  // beyond what is held back for libdeflate
  EXPECT_EQ(from(encoded(body, "gzip"))->body, plain);
}

TEST_F(Hostile, BrokenContentEncodings) {
  const std::string good = gzip("hello, world, this is some text");
  EXPECT_THAT(failed(encoded(good.substr(0, good.size() - 4), "gzip")), StartsWith("decode: "));
  std::string bad = good;
  bad[good.size() - 6] ^= 1;  // its CRC
  EXPECT_THAT(failed(encoded(bad, "gzip")), StartsWith("decode: "));
  bad = good;
  bad[12] ^= 0x55;
  EXPECT_THAT(failed(encoded(bad, "gzip")), StartsWith("decode: "));
  EXPECT_THAT(failed(encoded("not brotli at all", "br")), StartsWith("decode: "));
  EXPECT_THAT(failed(encoded(packed("hello", 15).substr(0, 6), "deflate")), StartsWith("decode: "));
  EXPECT_THAT(failed(encoded("x", "zstd")), HasSubstr("which was not asked for"));
  EXPECT_THAT(failed(encoded("x", "gzip,gzip,gzip,gzip,gzip,gzip")), HasSubstr("more than 5 times"));
}

TEST_F(Hostile, DecompressionBombs) {
  const std::string zeros(40 << 20, '\0');
  const std::string bomb = gzip(zeros);
  EXPECT_THAT(failed(encoded(bomb, "gzip")), StartsWith("limit: "));
  EXPECT_THAT(failed(encoded(packed(zeros, 15), "deflate")), StartsWith("limit: "));
  EXPECT_THAT(failed(encoded(gzip(bomb), "gzip, gzip")), StartsWith("limit: "));
  // Its trailer says it is small.
  std::string liar = bomb;
  liar.replace(liar.size() - 4, 4, std::string("\x10\0\0\0", 4));
  EXPECT_THAT(failed(encoded(liar, "gzip")), StartsWith("limit: "));
  // A generous size limit leaves the ratio.
  Limits large;
  large.max_body = 1u << 30;
  EXPECT_THAT(failed(encoded(bomb, "gzip"), large), HasSubstr("decompression bomb"));
  std::string br(1000, '\0');
  std::size_t size = br.size();
  ASSERT_TRUE(BrotliEncoderCompress(9, 22, BROTLI_MODE_GENERIC, zeros.size(),
                                    reinterpret_cast<const std::uint8_t*>(zeros.data()), &size,
                                    reinterpret_cast<std::uint8_t*>(br.data())));
  br.resize(size);
  EXPECT_THAT(failed(encoded(br, "br")), StartsWith("limit: "));
}

// --- what is asked of us
// ----------------------------------------------------------------------------------------------

TEST_F(Hostile, RequestsThatWouldSmuggle) {
  Server server(io_, always(ok("x")));
  for (const Header& header : std::vector<Header>{{"X", "a\r\nEvil: 1"},
                                                  {"X\r\nEvil", "1"},
                                                  {"X", std::string("a\0b", 3)},
                                                  {"X", "a\nb"},
                                                  {"", "x"},
                                                  {"X Y", "z"},
                                                  {"Host", "evil"},
                                                  {"content-length", "0"},
                                                  {"Transfer-Encoding", "chunked"},
                                                  {"Connection", "close"},
                                                  {"Proxy-Authorization", "x"},
                                                  {"Upgrade", "h2c"}}) {
    Request what = request(server.url());
    what.headers.push_back(header);
    EXPECT_THAT(failure(fetch(std::move(what))), StartsWith("url: ")) << header.name;
  }
  Request method = request(server.url());
  method.method = "GET / HTTP/1.1\r\nX: y\r\n\r\nGET";
  EXPECT_THAT(failure(fetch(std::move(method))), StartsWith("url: "));
  Request validator = request(server.url());
  validator.validators.etag = "\"a\"\r\nEvil: 1";
  EXPECT_THAT(failure(fetch(std::move(validator))), StartsWith("url: "));
  EXPECT_THAT(failure(fetch(server.url("/a\r\nEvil: 1"))), StartsWith("url: "));
  EXPECT_THAT(failure(fetch("ftp://example.com/")), StartsWith("url: "));
  EXPECT_THAT(failure(fetch("ws://example.com/")), StartsWith("url: "));
  EXPECT_EQ(server.connections, 0);
}

TEST_F(Hostile, ErrorsTellNoSecrets) {
  Server server(io_, once("garbage garbage"));
  std::string url = server.url("/services/T0001/AbCdEfGhIjKlMnOpQrStUvWx?token=topsecret");
  url.insert(7, "me:password@");
  const std::string text = failure(fetch(url));
  for (const char* secret : {"password", "topsecret", "EfGhIjKl"}) EXPECT_THAT(text, testing::Not(HasSubstr(secret)));
  EXPECT_THAT(text, HasSubstr("http://127.0.0.1:"));
}

}  // namespace
}  // namespace earshot::net
