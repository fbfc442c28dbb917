// The server against raw sockets: what it says to good and to hostile clients, byte by byte.
#include "web/server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <filesystem>

#include "net/asio/asio.h"
#include "support/net/server.h"
#include "web/site.h"

namespace earshot::web {
namespace {

using boost::asio::awaitable;
using net::kAwait;
using net::tcp;
using testing::HasSubstr;
using testing::StartsWith;

awaitable<Answer> say(std::string text) {
  Answer answer;
  answer.body = std::move(text);
  co_return answer;
}

class WebTest : public testing::Test {
 protected:
  ~WebTest() override {
    server_.reset();
    io_.restart();
    io_.poll();
  }

  void serve(Handler handler, ServerLimits limits = {}) {
    server_ = std::make_unique<Server>(io_.get_executor(), std::move(handler), limits);
    const Status listening = server_->listen({.host = "127.0.0.1"});
    ASSERT_TRUE(listening) << listening.error().message;
  }
  void serve(Access access, Pages pages) { serve(make_site(std::move(access), std::move(pages))); }

  // Sends the bytes, and reads until the server closes.
  template <class Socket>
  awaitable<std::string> talk(Socket socket, std::string bytes) {
    co_await boost::asio::async_write(socket, boost::asio::buffer(bytes), kAwait);
    std::string all;
    co_await boost::asio::async_read(socket, boost::asio::dynamic_buffer(all), kAwait);
    co_return all;
  }
  std::string say_to(std::string bytes) {
    tcp::socket socket(io_);
    socket.connect({boost::asio::ip::address_v4::loopback(), server_->port()});
    return test::run(io_, talk(std::move(socket), std::move(bytes)));
  }
  std::string get(std::string_view path, std::string_view more = "Host: 127.0.0.1\r\n") {
    return say_to(fmt::format("GET {} HTTP/1.1\r\n{}Connection: close\r\n\r\n", path, more));
  }

  boost::asio::io_context io_{1};
  std::unique_ptr<Server> server_;
};

Handler echo(std::uint64_t most = 100) {
  return {.body_limit = [most](const Request&) { return most; },
          .answer = [](Request r) { return say(fmt::format("{} {}?{} [{}]", r.method, r.path, r.query, r.body)); }};
}

Pages pages() {
  Pages pages;
  pages.health = [](Request) { return say("well"); };
  pages.metrics = [](Request) { return say("numbers"); };
  pages.hub = [](Request request) { return say("hub " + request.path + " " + request.body); };
  return pages;
}

TEST_F(WebTest, AnswersAndKeepsTheConnection) {
  serve(echo());
  const std::string both = say_to(
      "GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n"
      "POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
  EXPECT_THAT(both, HasSubstr("GET /a?b=1 []"));
  EXPECT_THAT(both, HasSubstr("POST /c? [hi]"));
  EXPECT_THAT(both, HasSubstr("X-Content-Type-Options: nosniff"));
  EXPECT_THAT(both, HasSubstr("Cache-Control: no-store"));
}

TEST_F(WebTest, HeadHasNoBody) {
  serve(echo());
  const std::string answer = say_to("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
  EXPECT_THAT(answer, HasSubstr("Content-Length: 11"));
}

TEST_F(WebTest, RefusesWhatIsTooLarge) {
  serve(echo(10));
  EXPECT_THAT(say_to("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n"), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(say_to("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "b\r\n01234567890\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(say_to("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"), StartsWith("HTTP/1.1 431"));
}

TEST_F(WebTest, SaysWhatIsNoHttp) {
  serve(echo());
  EXPECT_THAT(say_to("\x16\x03\x01 hello\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(say_to("GET / HTTP/1.1\r\nbad header\r\n\r\n"), StartsWith("HTTP/1.1 400"));
}

TEST_F(WebTest, ASilentClientIsClosed) {
  serve(echo(), {.head_in = std::chrono::milliseconds{20}});
  EXPECT_EQ(say_to("GET / HT"), "");
}

TEST_F(WebTest, FurtherConnectionsWaitForRoom) {
  serve(echo(), {.connections = 1, .head_in = std::chrono::milliseconds{50}});
  tcp::socket idle(io_);
  idle.connect({boost::asio::ip::address_v4::loopback(), server_->port()});
  EXPECT_THAT(get("/a"), HasSubstr("GET /a?"));  // once the idle one was closed
}

TEST_F(WebTest, AFaultOfThePageIsA500) {
  serve({.body_limit = [](const Request&) { return std::uint64_t{0}; },
         .answer = [](Request) -> awaitable<Answer> { throw std::runtime_error("secret detail"); }});
  const std::string answer = get("/");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(answer, testing::Not(HasSubstr("secret")));
}

TEST_F(WebTest, ListensAtAUnixSocketAndReplacesAnAbandonedOne) {
  const auto path = std::filesystem::temp_directory_path() / fmt::format("earshot-web-{}.sock", getpid());
  using local = boost::asio::local::stream_protocol;
  {
    local::acceptor abandoned(io_, local::endpoint(path.string()));  // its file stays behind
  }
  server_ = std::make_unique<Server>(io_.get_executor(), echo());
  ASSERT_TRUE(server_->listen({.path = path.string()}));
  EXPECT_EQ(std::filesystem::status(path).permissions() & std::filesystem::perms::others_all,
            std::filesystem::perms::none);
  Server second(io_.get_executor(), echo());
  const Status taken = second.listen({.path = path.string()});
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("is taken by another process"));
  local::socket socket(io_);
  socket.connect(local::endpoint(path.string()));
  EXPECT_THAT(test::run(io_, talk(std::move(socket), "GET /u HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")),
              HasSubstr("GET /u?"));
  server_->close();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(WebTest, APortThatIsTakenIsAnErrorInWords) {
  serve(echo());
  Server second(io_.get_executor(), echo());
  const Status taken = second.listen({.host = "127.0.0.1", .port = server_->port()});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message, fmt::format("127.0.0.1:{} is taken by another process", server_->port()));
}

TEST_F(WebTest, HealthIsForEverybodyMetricsForThisMachine) {
  serve({}, pages());
  EXPECT_THAT(get("/healthz", "Host: earshot.example.com\r\n"), HasSubstr("well"));
  EXPECT_THAT(get("/metrics"), HasSubstr("numbers"));
  EXPECT_THAT(get("/metrics", "Host: localhost:7373\r\n"), HasSubstr("numbers"));
  EXPECT_THAT(get("/metrics", "Host: [::1]:7373\r\n"), HasSubstr("numbers"));
  EXPECT_THAT(get("/metrics", "Host: earshot.example.com\r\n"), StartsWith("HTTP/1.1 403"));
}

TEST_F(WebTest, MetricsTakeTheTokenAndNothingElse) {
  serve({.token = "0123456789abcdef"}, pages());
  const std::string no = get("/metrics");
  EXPECT_THAT(no, StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(no, HasSubstr("WWW-Authenticate: Bearer"));
  EXPECT_THAT(get("/metrics", "Authorization: Bearer 0123456789abcdeX\r\n"), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(get("/metrics", "Authorization: Bearer 0123456789abcdef\r\n"), HasSubstr("numbers"));
}

TEST_F(WebTest, PathsOfThePublicUrlStandBeforeOursOrNot) {
  serve({.public_url = "https://tools.example.com/earshot/"}, pages());
  EXPECT_THAT(get("/earshot/healthz"), HasSubstr("well"));
  EXPECT_THAT(get("/healthz"), HasSubstr("well"));
  EXPECT_THAT(get("/earshothealthz"), StartsWith("HTTP/1.1 404"));
}

TEST_F(WebTest, OnlyTheMethodsOfAPage) {
  serve({}, pages());
  const std::string no = say_to("POST /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(no, StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(no, HasSubstr("Allow: GET, HEAD"));
  EXPECT_THAT(say_to("POST /websub/k3y HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"),
              HasSubstr("hub k3y abc"));
  EXPECT_THAT(get("/nothing"), StartsWith("HTTP/1.1 404"));
}

}  // namespace
}  // namespace earshot::web
