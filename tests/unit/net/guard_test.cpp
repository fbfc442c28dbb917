// Who may be talked to, and that the connection goes nowhere else.
#include "net/guard.h"

#include "fixture.h"
#include "support/net/dns_server.h"

namespace earshot::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

bool is_public(const char* text) {
  const auto ip = url::parse_ip(text);
  EXPECT_TRUE(ip) << text;
  return ip && !not_public(*ip);
}

TEST(Guard, KnowsPublicAddresses) {
  for (const char* text :
       {"1.1.1.1",         "9.255.255.255",     "11.0.0.0",       "100.63.255.255",   "100.128.0.0",
        "126.255.255.255", "128.0.0.0",         "169.253.0.1",    "172.15.255.255",   "172.32.0.0",
        "192.0.1.0",       "192.167.0.1",       "198.17.0.1",     "198.20.0.0",       "223.255.255.255",
        "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
        "2400::"})
    EXPECT_TRUE(is_public(text)) << text;
}

TEST(Guard, RefusesAllOthers) {
  for (const char* text :
       {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1",
        "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192",
        "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255",
        // IPv6
        "::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1", "2001:db8::1",
        "3fff::1", "2001:10::1", "5f00::1", "4000::1",
        // IPv4 inside: mapped, compatible, NAT64 (well-known and local), 6to4, Teredo, ISATAP
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1",
        "2001:0:808:808:0:0:80ff:fffe", "2001:0:7f00:1:0:0:f7f7:f7f7", "2606:4700::5efe:10.0.0.1",
        "2606:4700::200:5efe:127.0.0.1"})
    EXPECT_FALSE(is_public(text)) << text;
}

TEST(Guard, FollowsThePolicy) {
  const auto allowed = [](const char* text, const AddressPolicy* policy) {
    return !refused(*url::parse_ip(text), policy);
  };
  AddressPolicy listed;
  listed.allow_private = {*url::parse_network("10.0.0.0/8"), *url::parse_network("fd00::/8")};
  EXPECT_TRUE(allowed("8.8.8.8", &listed));
  EXPECT_TRUE(allowed("10.1.2.3", &listed));
  EXPECT_TRUE(allowed("::ffff:10.1.2.3", &listed));
  EXPECT_TRUE(allowed("fd12::1", &listed));
  EXPECT_FALSE(allowed("192.168.0.1", &listed));
  EXPECT_FALSE(allowed("::ffff:127.0.0.1", &listed));
  EXPECT_FALSE(allowed("10.1.2.3", nullptr));
  AddressPolicy all;
  all.allow_all_private = true;
  EXPECT_TRUE(allowed("127.0.0.1", &all));
  EXPECT_TRUE(allowed("169.254.1.1", &all));
  for (const char* nobody : {"0.0.0.0", "255.255.255.255", "224.0.0.1", "ff02::1", "::", "::ffff:0.0.0.0"})
    EXPECT_FALSE(allowed(nobody, &all)) << nobody;
}

TEST(Guard, KnowsForeignPorts) {
  for (const std::uint16_t port : {22, 25, 53, 587, 6000, 6667, 10080}) EXPECT_TRUE(bad_port(port)) << port;
  for (const std::uint16_t port : {80, 443, 3000, 8000, 8080, 8443}) EXPECT_FALSE(bad_port(port)) << port;
}

// Without a policy that allows it, no byte reaches a server on this machine, in whatever way its address is written.
TEST_F(NetTest, PrivateAddressesAreNotFetched) {
  Server server(io_, always(ok("secret")));
  const std::string port = ":" + std::to_string(server.port()) + "/";
  for (const char* host : {"127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "LOCALHOST.",
                           "x.localhost", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::1]", "0.0.0.0", "[::]"}) {
    Request what = request("http://" + std::string(host) + port);
    what.policy = nullptr;
    const Answer answer = fetch(std::move(what));
    EXPECT_THAT(failure(answer), StartsWith("guard: ")) << host;
    EXPECT_FALSE(answer.error().retryable);
  }
  EXPECT_EQ(server.connections, 0);
  AddressPolicy listed;
  listed.allow_private = {*url::parse_network("127.0.0.0/8")};
  Request what = request(server.url());
  what.policy = &listed;
  EXPECT_EQ(fetch(std::move(what))->body, "secret");
}

TEST_F(NetTest, AKeptConnectionIsNoWayAroundThePolicy) {
  Server server(io_, always(ok("secret")));
  ASSERT_TRUE(fetch(server.url()));
  ASSERT_EQ(client().stats().idle, 1u);
  Request what = request(server.url());
  what.policy = nullptr;
  EXPECT_THAT(failure(fetch(std::move(what))), StartsWith("guard: "));
  EXPECT_EQ(server.requests.size(), 1u);
}

TEST_F(NetTest, RedirectsToPrivateAddressesAreNotFollowed) {
  Server inside(io_, always(ok("secret")), nullptr, "::1");
  Server outside(io_, once("HTTP/1.1 302 Found\r\nLocation: " + inside.url() + "\r\nContent-Length: 0\r\n\r\n"));
  AddressPolicy only_outside;
  only_outside.allow_private = {*url::parse_network("127.0.0.0/8")};
  Request what = request(outside.url());
  what.policy = &only_outside;
  const Answer answer = fetch(std::move(what));
  EXPECT_THAT(failure(answer), StartsWith("guard: "));
  EXPECT_THAT(failure(answer), HasSubstr("loopback"));
  EXPECT_EQ(inside.connections, 0);
}

TEST_F(NetTest, PortsOfOtherProtocolsAreRefused) {
  Request what = request("http://example.com:25/");
  what.policy = nullptr;
  EXPECT_THAT(failure(fetch(std::move(what))), StartsWith("guard: "));
}

// DNS answers first with an allowed address, then with another (rebinding): what was checked is what is connected to.
TEST_F(NetTest, NamesThatRebindReachNothing) {
  test::DnsServer dns(io_);
  options_.dns_servers = dns.address();
  Server inside(io_, always(ok("secret")), nullptr, "127.0.0.1");
  Server allowed(io_, always(ok("public")), nullptr, "127.0.0.2");
  AddressPolicy policy;
  policy.allow_private = {*url::parse_network("127.0.0.2")};
  dns.answers["rebind.test"] = {.v4 = {"127.0.0.2"}, .ttl = 0};
  const auto get = [&] {
    Request what = request("http://rebind.test:" + std::to_string(allowed.port()) + "/");
    what.policy = &policy;
    return fetch(std::move(what));
  };
  EXPECT_EQ(get()->body, "public");
  // The kept connection still leads to the checked address; a new one is checked anew.
  dns.answers["rebind.test"] = {.v4 = {"127.0.0.1"}, .ttl = 0};
  EXPECT_EQ(get()->body, "public");
  client_.reset();
  EXPECT_THAT(failure(get()), StartsWith("guard: "));
  // Of several addresses only the allowed ones are tried.
  dns.answers["rebind.test"] = {.v4 = {"127.0.0.1", "127.0.0.2", "10.0.0.1"}, .ttl = 0};
  client_.reset();
  EXPECT_EQ(get()->body, "public");
  EXPECT_EQ(inside.connections, 0);
}

}  // namespace
}  // namespace earshot::net
