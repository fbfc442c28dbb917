// DNS: what is remembered, for how long, and how addresses are raced.
#include "fixture.h"
#include "net/dns_cache.h"
#include "support/net/dns_server.h"

namespace earshot::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::UnorderedElementsAre;
using namespace std::chrono_literals;

const DnsCache::Instant kStart{1000s};

DnsAnswer one(const char* ip) { return {DnsAnswer::Kind::addresses, {*url::parse_ip(ip)}, {}}; }

TEST(DnsCache, KeepsTheTtl) {
  DnsCache cache(1h);
  cache.store("a.example", Family::v4, one("192.0.2.1"), 60s, kStart);
  ASSERT_NE(cache.find("a.example", Family::v4, kStart + 59s), nullptr);
  EXPECT_EQ(cache.find("a.example", Family::v4, kStart + 59s)->ips, one("192.0.2.1").ips);
  EXPECT_EQ(cache.find("a.example", Family::v4, kStart + 60s), nullptr);
  EXPECT_EQ(cache.find("a.example", Family::v6, kStart), nullptr);
  cache.store("zero.example", Family::v4, one("192.0.2.1"), 0s, kStart);
  EXPECT_EQ(cache.find("zero.example", Family::v4, kStart), nullptr);
  cache.store("long.example", Family::v4, one("192.0.2.1"), 48h, kStart);
  EXPECT_NE(cache.find("long.example", Family::v4, kStart + 59min), nullptr);
  EXPECT_EQ(cache.find("long.example", Family::v4, kStart + 61min), nullptr);
}

TEST(DnsCache, ForgetsBadNewsSooner) {
  DnsCache cache(24h);
  cache.store("none.example", Family::v4, {DnsAnswer::Kind::none, {}, "no"}, 24h, kStart);
  EXPECT_NE(cache.find("none.example", Family::v4, kStart + 14min), nullptr);
  EXPECT_EQ(cache.find("none.example", Family::v4, kStart + 15min), nullptr);
  cache.store("bad.example", Family::v4, {DnsAnswer::Kind::failed, {}, "no"}, 24h, kStart);
  EXPECT_NE(cache.find("bad.example", Family::v4, kStart + 4s), nullptr);
  EXPECT_EQ(cache.find("bad.example", Family::v4, kStart + 5s), nullptr);
}

TEST(DnsCache, DoesNotGrowWithoutEnd) {
  DnsCache cache(1h, 100);
  for (int i = 0; i < 10'000; ++i) cache.store(std::to_string(i), Family::v4, one("192.0.2.1"), 1h, kStart);
  EXPECT_LE(cache.size(), 200u);
  EXPECT_NE(cache.find("9999", Family::v4, kStart), nullptr);
}

TEST(NegativeTtl, SurvivesDamage) {
  std::vector<unsigned char> message = {0, 0,    0x81, 0x83, 0, 1, 0, 0, 0, 1, 0, 0, 1,  'a', 0, 0, 1, 0,
                                        1, 0xC0, 0x0C, 0,    6, 0, 1, 0, 0, 1, 0, 0, 22, 0,   0, 0, 0, 0,
                                        1, 0,    0,    0,    2, 0, 0, 0, 3, 0, 0, 0, 4,  0,   0, 0, 30};
  EXPECT_EQ(negative_ttl(message), 30s);  // the lesser of 256 and 30
  for (std::size_t n = 0; n < message.size(); ++n) EXPECT_EQ(negative_ttl(std::span(message).first(n)), 0s) << n;
  message[7] = 0xFF;  // claims answers that are not there
  EXPECT_EQ(negative_ttl(message), 0s);
}

class Dns : public NetTest {
 protected:
  Dns() { options_.dns_servers = dns_.address(); }
  Answer get(const std::string& host) { return fetch("http://" + host + ":" + std::to_string(server_.port()) + "/"); }

  test::DnsServer dns_{io_};
  Server server_{io_, always(ok("x", "Connection: close\r\n"))};
  int server_of_two_ = 0;  // answers given by SubdomainsShareTheirHostsConnections
};

TEST_F(Dns, AsksBothFamiliesOnceAndRemembers) {
  dns_.answers["feed.test"] = {.v4 = {"127.0.0.1"}};
  EXPECT_TRUE(get("feed.test"));
  EXPECT_TRUE(get("feed.test"));
  EXPECT_TRUE(get("FEED.test"));
  EXPECT_THAT(dns_.questions, UnorderedElementsAre("feed.test A", "feed.test AAAA"));
  EXPECT_EQ(client().stats().dns_queries, 2u);
}

TEST_F(Dns, DoesNotRememberWhatHasNoTtl) {
  dns_.answers["feed.test"] = {.v4 = {"127.0.0.1"}, .ttl = 0, .soa = 60};
  EXPECT_TRUE(get("feed.test"));
  EXPECT_TRUE(get("feed.test"));
  EXPECT_EQ(std::ranges::count(dns_.questions, "feed.test A"), 2);
  EXPECT_EQ(std::ranges::count(dns_.questions, "feed.test AAAA"), 1);
}

TEST_F(Dns, RemembersThatNamesDoNotExist) {
  dns_.answers["gone.test"] = {.rcode = 3, .soa = 300};
  const Answer answer = get("gone.test");
  EXPECT_THAT(failure(answer), StartsWith("dns: "));
  EXPECT_THAT(failure(answer), HasSubstr("gone.test cannot be found: the name does not exist"));
  EXPECT_TRUE(answer.error().retryable);
  const std::size_t asked = dns_.questions.size();
  EXPECT_THAT(failure(get("gone.test")), StartsWith("dns: "));
  EXPECT_EQ(dns_.questions.size(), asked);
}

TEST_F(Dns, ManyFetchesShareOneQuestion) {
  dns_.answers["feed.test"] = {.v4 = {"127.0.0.1"}, .ttl = 0};
  options_.per_host = 50;
  int done = 0;
  for (int i = 0; i < 20; ++i)
    asio::co_spawn(
        io_, client().fetch(request("http://feed.test:" + std::to_string(server_.port()) + "/" + std::to_string(i))),
        [&](std::exception_ptr, Answer answer) {
          EXPECT_TRUE(answer) << failure(answer);
          ++done;
        });
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (done < 20 && std::chrono::steady_clock::now() < end) io_.run_one_until(end);
  EXPECT_EQ(done, 20);
  EXPECT_EQ(std::ranges::count(dns_.questions, "feed.test A"), 1);
}

// Two names of one owner, at two addresses.
TEST_F(Dns, SubdomainsShareTheirHostsConnections) {
  dns_.answers["a.site.test"] = {.v4 = {"127.0.0.1"}};
  dns_.answers["b.site.test"] = {.v4 = {"127.0.0.2"}};
  options_.per_host = 1;
  int in_use = 0, most = 0;
  const Server::Script waits = [&](Peer& peer) -> awaitable<void> {
    while (co_await peer.request()) {
      most = std::max(most, ++in_use);
      // The second answer is given when nobody waits any more; the first, when the other fetch has been made to wait.
      while (server_of_two_ == 0 && client().stats().waiting == 0) co_await asio::post(io_, asio::use_awaitable);
      ++server_of_two_;
      --in_use;
      co_await peer.send(ok("x"));
    }
  };
  Server first(io_, waits), second(io_, waits, nullptr, "127.0.0.2");
  int done = 0;
  for (const std::string& url : {first.url("/", "a.site.test"), second.url("/", "b.site.test")})
    asio::co_spawn(io_, client().fetch(request(url)), [&](std::exception_ptr, Answer answer) {
      EXPECT_TRUE(answer) << failure(answer);
      ++done;
    });
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (done < 2 && std::chrono::steady_clock::now() < end) io_.run_one_until(end);
  EXPECT_EQ(done, 2);
  EXPECT_EQ(most, 1);
}

TEST_F(Dns, SilentServersEndInTime) {
  dns_.answers["slow.test"] = {.silent = true};
  Request what = request("http://slow.test/");
  what.limits.resolve = Duration{40};
  const Answer answer = fetch(std::move(what));
  EXPECT_THAT(failure(answer), HasSubstr("DNS gave no answer within 40ms"));
  EXPECT_TRUE(answer.error().timeout);
}

TEST_F(Dns, FailingServersAreSaidSo) {
  dns_.answers["broken.test"] = {.rcode = 2};
  EXPECT_THAT(failure(get("broken.test")), StartsWith("dns: "));
}

// RFC 8305 §3: IPv4 does not wait for an AAAA answer that never comes.
TEST_F(Dns, GoesOnWithoutIpv6) {
  dns_.answers["half.test"] = {.v4 = {"127.0.0.1"}, .silent_v6 = true};
  const Answer answer = get("half.test");
  ASSERT_TRUE(answer) << failure(answer);
  EXPECT_LT(answer->timings.whole, 2s);
}

// RFC 8305 §5: a dead IPv6 address costs no more than a moment.
TEST_F(Dns, TriesTheOtherAddresses) {
  dns_.answers["both.test"] = {.v4 = {"127.0.0.1"}, .v6 = {"::1"}};  // nobody listens at [::1]
  const Answer answer = get("both.test");
  ASSERT_TRUE(answer) << failure(answer);
  EXPECT_EQ(server_.connections, 1);
  dns_.answers["dead.test"] = {.v4 = {"127.0.0.3", "127.0.0.4"}, .v6 = {"::1"}};
  EXPECT_THAT(failure(get("dead.test")), StartsWith("connect: "));
}

TEST_F(Dns, PrefersIpv6) {
  Server six(io_, always(ok("six")), nullptr, "::1");
  asio::ip::tcp::acceptor four(io_, {asio::ip::make_address("127.0.0.1"), six.port()});
  dns_.answers["both.test"] = {.v4 = {"127.0.0.1"}, .v6 = {"::1"}};
  EXPECT_EQ(fetch("http://both.test:" + std::to_string(six.port()) + "/")->body, "six");
}

TEST_F(Dns, NobodyAnswersAtAll) {
  asio::ip::udp::socket closed(io_, asio::ip::udp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
  options_.dns_servers = "127.0.0.1:" + std::to_string(closed.local_endpoint().port());
  closed.close();
  Request what = request("http://feed.test/");
  what.limits.resolve = Duration{200};  // c-ares asks several times before it gives up
  EXPECT_THAT(failure(fetch(std::move(what))), StartsWith("dns: "));
}

TEST_F(Dns, WrongServersAreSaidSo) {
  options_.dns_servers = "not an address";
  EXPECT_THAT(failure(get("feed.test")), HasSubstr("not an address"));
}

}  // namespace
}  // namespace earshot::net
