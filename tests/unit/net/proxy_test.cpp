#include "net/proxy.h"

#include <cstdlib>

#include "fixture.h"

namespace earshot::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

bool bypass(const char* entry, const char* url) { return bypasses(entry, *url::parse(url)); }

TEST(Proxy, NoProxyInAllItsForms) {
  EXPECT_TRUE(bypass("*", "http://a.example/"));
  for (const char* entry : {"example.com", ".example.com", "*.example.com", " EXAMPLE.com ", "example.com:80"}) {
    EXPECT_TRUE(bypass(entry, "http://example.com/")) << entry;
    EXPECT_TRUE(bypass(entry, "http://www.example.com/")) << entry;
    EXPECT_FALSE(bypass(entry, "http://notexample.com/")) << entry;
    EXPECT_FALSE(bypass(entry, "http://example.com.evil/")) << entry;
  }
  EXPECT_FALSE(bypass("example.com:8080", "http://example.com/"));
  EXPECT_TRUE(bypass("example.com:8080", "http://example.com:8080/"));
  EXPECT_TRUE(bypass("192.0.2.1", "http://192.0.2.1/"));
  EXPECT_TRUE(bypass("192.0.2.1:81", "http://192.0.2.1:81/"));
  EXPECT_FALSE(bypass("192.0.2.1:82", "http://192.0.2.1:81/"));
  EXPECT_TRUE(bypass("192.0.2.0/24", "http://192.0.2.77/"));
  EXPECT_FALSE(bypass("192.0.2.0/24", "http://192.0.3.1/"));
  EXPECT_TRUE(bypass("2001:db8::/32", "http://[2001:db8::1]/"));
  EXPECT_TRUE(bypass("[2001:db8::1]:80", "http://[2001:db8::1]/"));
  EXPECT_FALSE(bypass("2.1", "http://192.0.2.1/"));
  EXPECT_FALSE(bypass("", "http://a.example/"));
}

TEST(Proxy, ReadsTheEnvironment) {
  const char* const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                               "all_proxy",  "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
  const auto with = [&](std::vector<std::pair<const char*, const char*>> set) {
    for (const char* name : names) unsetenv(name);
    for (const auto& [name, value] : set) setenv(name, value, 1);
    auto settings = proxy_from_environment();
    for (const char* name : names) unsetenv(name);
    return settings;
  };
  EXPECT_EQ(with({})->http, "");
  const auto both = with({{"http_proxy", "http://low:1/"},
                          {"HTTP_PROXY", "http://up:1/"},
                          {"HTTPS_PROXY", "up:2"},
                          {"NO_PROXY", "a, .b ,,c:80"}});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->http, "http://low:1/");
  EXPECT_EQ(both->https, "up:2");
  EXPECT_THAT(both->no_proxy, ElementsAre("a", ".b", "c:80"));
  const auto all = with({{"all_proxy", "http://all:3"}, {"https_proxy", "http://s:4"}});
  EXPECT_EQ(all->http, "http://all:3");
  EXPECT_EQ(all->https, "http://s:4");
  const auto bad = with({{"https_proxy", "socks5://me:pw@x:1"}});
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, HasSubstr("https_proxy"));
  EXPECT_THAT(bad.error().message, testing::Not(HasSubstr("pw")));
}

TEST_F(NetTest, PlainRequestsGoThroughTheProxyInAbsoluteForm) {
  Server proxy(io_, always(ok("by proxy")));
  options_.proxy.http = "http://me:pw@127.0.0.1:" + std::to_string(proxy.port());
  for (const char* url : {"http://a.example/x?y=1", "http://b.example:8080/"}) {
    const Answer answer = fetch(url);
    ASSERT_TRUE(answer) << failure(answer);
    EXPECT_EQ(answer->body, "by proxy");
  }
  EXPECT_TRUE(proxy.requests[0].starts_with("GET http://a.example/x?y=1 HTTP/1.1\r\nHost: a.example\r\n"));
  EXPECT_TRUE(proxy.requests[1].starts_with("GET http://b.example:8080/ HTTP/1.1\r\nHost: b.example:8080\r\n"));
  EXPECT_EQ(header_of(proxy.requests[0], "Proxy-Authorization"), "Basic bWU6cHc=");
  EXPECT_EQ(proxy.connections, 1);
  // Addresses in the URL are still judged, and this machine is never behind the proxy.
  Request inside = request("http://10.0.0.1/");
  inside.policy = nullptr;
  EXPECT_THAT(failure(fetch(std::move(inside))), StartsWith("guard: "));
  Server direct(io_, always(ok("direct")));
  EXPECT_EQ(fetch(direct.url("/", "localhost"))->body, "direct");
  options_.proxy.no_proxy = {"nowhere.invalid"};
  client_.reset();
  EXPECT_THAT(failure(fetch("http://nowhere.invalid/")), testing::Not(HasSubstr("no error")));
}

TEST_F(NetTest, SecureRequestsAreTunnelled) {
  Server target(io_, always(ok("end to end")), authority_.server({.names = {"target.example"}, .addresses = {}}));
  // A proxy that connects every tunnel to the target.
  Server proxy(io_, [&](Peer& peer) -> awaitable<void> {
    if (!co_await peer.request()) co_return;
    tcp::socket onward(io_);
    co_await onward.async_connect({asio::ip::make_address("127.0.0.1"), target.port()}, kAwait);
    co_await peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
    const auto back = [](tcp::socket& from, Peer& to) -> awaitable<void> {
      std::array<char, 4096> bytes;
      while (true) {
        const auto [error, count] = co_await from.async_read_some(asio::buffer(bytes), kAwait);
        if (error || !co_await to.send(std::string(bytes.data(), count))) co_return;
      }
    };
    bool back_done = false;
    asio::steady_timer done(io_, std::chrono::steady_clock::time_point::max());
    asio::co_spawn(io_, back(onward, peer), [&](std::exception_ptr) {
      back_done = true;
      done.cancel();
    });
    std::array<char, 4096> bytes;
    while (const std::size_t count = co_await peer.read_some(asio::buffer(bytes)))
      co_await asio::async_write(onward, asio::buffer(bytes.data(), count), kAwait);
    onward.close();
    if (!back_done) co_await done.async_wait(kAwait);
  });
  options_.proxy.https = "127.0.0.1:" + std::to_string(proxy.port());
  const Answer answer = fetch("https://target.example/feed");
  ASSERT_TRUE(answer) << failure(answer);
  EXPECT_EQ(answer->body, "end to end");
  EXPECT_TRUE(proxy.requests[0].starts_with("CONNECT target.example:443 HTTP/1.1\r\nHost: target.example:443\r\n"));
  EXPECT_TRUE(target.requests[0].starts_with("GET /feed HTTP/1.1\r\nHost: target.example\r\n"));
  EXPECT_TRUE(fetch("https://target.example/feed")->reused);
  client_.reset();
}

TEST_F(NetTest, ProxiesThatRefuse) {
  const auto failed = [&](const std::string& answer) {
    Server proxy(io_, once(answer));
    options_.proxy.https = "127.0.0.1:" + std::to_string(proxy.port());
    client_.reset();
    const std::string text = failure(fetch("https://a.example/"));
    EXPECT_THAT(text, StartsWith("connect: "));
    return text;
  };
  EXPECT_THAT(failed("HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n"), HasSubstr("user name and password"));
  EXPECT_THAT(failed("HTTP/1.1 502 Bad\r\n\r\n"), HasSubstr("status 502"));
  EXPECT_THAT(failed("garbage\r\n\r\n"), HasSubstr("does not answer in HTTP"));
  EXPECT_THAT(failed(""), HasSubstr("ended the connection"));
  EXPECT_THAT(failed("HTTP/1.1 200 OK\r\n\r\nsmuggled"), HasSubstr("would not connect"));
  options_.proxy.https = "socks5://127.0.0.1:1";
  client_.reset();
  EXPECT_THAT(failure(fetch("https://a.example/")), HasSubstr("proxy"));
}

}  // namespace
}  // namespace earshot::net
