// TLS servers to be believed, and those that are not.
#include "fixture.h"

namespace earshot::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Tls_ : public NetTest {
 protected:
  std::string failed(const test::CertificateSettings& settings, std::string_view host = {}) {
    Server server(io_, always(ok("secret")), authority_.server(settings));
    const std::string text = failure(fetch(server.url("/", host)));
    EXPECT_TRUE(server.requests.empty());
    return text;
  }
};

TEST_F(Tls_, GoodCertificatesAreBelieved) {
  Server server(io_, always(ok("hello")), authority_.server());
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const Answer answer = fetch(server.url("/", host));
    ASSERT_TRUE(answer) << failure(answer);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_TRUE(fetch(server.url("/2", host))->reused);
  }
  test::CertificateSettings wild;
  wild.names = {"*.feeds.localhost"};
  Server wildcard(io_, always(ok("hello")), authority_.server(wild));
  EXPECT_TRUE(fetch(wildcard.url("/", "a.feeds.localhost")));
  EXPECT_THAT(failure(fetch(wildcard.url("/", "feeds.localhost"))), StartsWith("tls: "));
}

TEST_F(Tls_, BadCertificatesAreNot) {
  test::CertificateSettings expired;
  expired.valid_from = -7200;
  expired.valid_until = -3600;
  EXPECT_THAT(failed(expired), HasSubstr("certificate has expired"));
  test::CertificateSettings future;
  future.valid_from = 3600;
  future.valid_until = 7200;
  EXPECT_THAT(failed(future), HasSubstr("not yet valid"));
  test::CertificateSettings other;
  other.names = {"other.example"};
  other.addresses = {"192.0.2.1"};
  EXPECT_THAT(failed(other, "localhost"), HasSubstr("for other names than localhost"));
  EXPECT_THAT(failed(other, "127.0.0.1"), HasSubstr("for other names than 127.0.0.1"));
  test::CertificateSettings self;
  self.self_signed = true;
  EXPECT_THAT(failed(self), HasSubstr("self-signed"));
  const test::Authority stranger;
  Server server(io_, always(ok("secret")), stranger.server());
  EXPECT_THAT(failure(fetch(server.url())), HasSubstr("not to be trusted"));
}

TEST_F(Tls_, OldProtocolsAreRefused) {
  const auto old = authority_.server();
  SSL_CTX_set_security_level(old.get(), 0);
  SSL_CTX_set_min_proto_version(old.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
  Server server(io_, always(ok("secret")), old);
  EXPECT_THAT(failure(fetch(server.url())), StartsWith("tls: "));
  const auto fine = authority_.server();
  SSL_CTX_set_max_proto_version(fine.get(), TLS1_2_VERSION);
  Server newer(io_, always(ok("x")), fine);
  EXPECT_TRUE(fetch(newer.url()));
}

TEST_F(Tls_, NoTlsAtAll) {
  Server plain(io_, [](Peer& peer) -> awaitable<void> {
    std::array<char, 4096> hello;
    co_await peer.read_some(asio::buffer(hello));
    co_await peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  std::string url = plain.url();
  url.insert(4, "s");
  EXPECT_THAT(failure(fetch(url)), HasSubstr("does not speak TLS"));
}

TEST_F(Tls_, SessionsAreResumed) {
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    const auto context = authority_.server();
    SSL_CTX_set_max_proto_version(context.get(), version);
    Server server(io_, once(ok("x", "Connection: close\r\n")), context);
    EXPECT_FALSE(fetch(server.url())->tls_resumed);
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(fetch(server.url())->tls_resumed) << version << " " << i;
    // Another name has sessions of its own.
    EXPECT_FALSE(fetch(server.url("/", "localhost"))->tls_resumed);
  }
  EXPECT_EQ(client().stats().tls_resumed, 10u);
}

TEST_F(Tls_, SilentDowngradesAreRefused) {
  Server plain(io_, always(ok("x")));
  Server server(io_, always("HTTP/1.1 301 Moved\r\nLocation: " + plain.url() + "\r\nContent-Length: 0\r\n\r\n"),
                authority_.server());
  EXPECT_THAT(failure(fetch(server.url())), HasSubstr("redirects from https to http://127.0.0.1"));
  EXPECT_EQ(plain.connections, 0);
  Server up(io_, always("HTTP/1.1 301 Moved\r\nLocation: " + server.url("/x") + "\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_THAT(failure(fetch(up.url())), HasSubstr("redirects from https"));  // up is fine, down again is not
}

// Without a close_notify an attacker on the way could have cut the body.
TEST_F(Tls_, CutBodiesAreNotWhole) {
  Server cut(io_, once("HTTP/1.1 200 OK\r\n\r\nhalf of it"), authority_.server());
  EXPECT_THAT(failure(fetch(cut.url())), HasSubstr("cut the connection"));
  Server whole(
      io_,
      [](Peer& peer) -> awaitable<void> {
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\n\r\nall of it");
        co_await peer.shut_down();
      },
      authority_.server());
  const Answer answer = fetch(whole.url());
  ASSERT_TRUE(answer) << failure(answer);
  EXPECT_EQ(answer->body, "all of it");
  Server counted(io_, once(ok("counted")), authority_.server());
  EXPECT_EQ(fetch(counted.url())->body, "counted");
}

TEST_F(Tls_, UnreadableRootsAreSaidSo) {
  options_.ca_file = "/nonexistent/ca.pem";
  Server server(io_, always(ok("x")), authority_.server());
  EXPECT_THAT(failure(fetch(server.url())), HasSubstr("/nonexistent/ca.pem"));
}

}  // namespace
}  // namespace earshot::net
