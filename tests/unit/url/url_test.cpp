#include "core/url/url.h"

#include <gtest/gtest.h>

namespace earshot::url {
namespace {

std::string reading(std::string_view text) {
  const auto url = parse(text);
  return url ? url->str() : "error: " + url.error().message;
}

// Expected values follow the WHATWG URL Standard; most can be tried in any browser with `new URL(text).href`.
TEST(Url, KeepsWhatIsLegalAsItWasGiven) {
  for (const char* text : {
           "http://example.com/",
           "https://example.com/feed.xml?a=1&b=%20&c=%7e#top",
           "http://example.com/A%2fB/~x/;p=1",
           "http://example.com/a|b[c]?d|e[]=f",
           "http://example.com//double//slash",
           "http://example.com/?",
           "http://example.com/?#",
           "http://user:pa%3Ass@example.com:8080/x",
           "http://under_score.example.com/",
           "http://[2001:db8::1]:8080/",
           "wss://example.com/stream",
           "http://example.com./",
           "http://a--b.example/",
           "http://example.com/a'b(c)*!$&,;=@:d",
       })
    EXPECT_EQ(reading(text), text);
}

TEST(Url, IsLenientToPeople) {
  EXPECT_EQ(reading("  HTTP://EXAMPLE.com  "), "http://example.com/");
  EXPECT_EQ(reading("https://example.com:443/x"), "https://example.com/x");
  EXPECT_EQ(reading("http://example.com:080/x"), "http://example.com/x");
  EXPECT_EQ(reading("http://example.com:/x"), "http://example.com/x");
  EXPECT_EQ(reading("http:\\\\example.com\\a\\b"), "http://example.com/a/b");
  EXPECT_EQ(reading("http:/example.com/a"), "http://example.com/a");
  EXPECT_EQ(reading("http://example.com/a b/\"c\"<d>?e f\"<>'"),
            "http://example.com/a%20b/%22c%22%3Cd%3E?e%20f%22%3C%3E%27");
  EXPECT_EQ(reading("http://example.com/./a/../b/%2e%2E/c/."), "http://example.com/c/");
  EXPECT_EQ(reading("http://example.com/../../x"), "http://example.com/x");
  EXPECT_EQ(reading("http://example.com?q"), "http://example.com/?q");
  EXPECT_EQ(reading("http://example.com#f"), "http://example.com/#f");
  EXPECT_EQ(reading("http://a@b@example.com/"), "http://a%40b@example.com/");
  EXPECT_EQ(reading("http://example.com/100%/x"), "http://example.com/100%/x");
}

TEST(Url, TakesUnicode) {
  EXPECT_EQ(reading("http://bücher.example/straße?ü=é#ñ"),
            "http://xn--bcher-kva.example/stra%C3%9Fe?%C3%BC=%C3%A9#%C3%B1");
  EXPECT_EQ(reading("http://FAß.example/"),
            "http://xn--fa-hia.example/");  // non-transitional: ß is a letter of its own
  EXPECT_EQ(reading("http://例え。テスト/"), "http://xn--r8jz45g.xn--zckzah/");
  EXPECT_EQ(reading("http://ex%61mple.com/"), "http://example.com/");
  for (const char* no_punycode : {"http://xn--a/", "http://xN--a/", "http://x.%78N--a/"})
    EXPECT_TRUE(reading(no_punycode).starts_with("error")) << no_punycode;
  EXPECT_TRUE(reading("http://％４１.com/").starts_with("error"));  // a full-width percent sign escapes nothing
  EXPECT_TRUE(reading("http://a\xFF.example/").starts_with("error"));
}

// The forms with which guards are fooled all become the address that a connection would go to.
TEST(Url, ReadsEveryFormOfIpv4) {
  for (const char* text :
       {"http://127.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://0177.0.0.1/", "http://2130706433/",
        "http://0x7F000001/", "http://127.0.0.1./", "http://%31%32%37.0.0.1/", "http://１２７.0.0.1/"}) {
    const auto url = parse(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->host, "127.0.0.1") << text;
    EXPECT_EQ(url->ip, Ip::v4(0x7F000001)) << text;
  }
  EXPECT_EQ(parse("http://[::ffff:127.0.0.1]/")->host, "::ffff:127.0.0.1");
  EXPECT_TRUE(parse("http://[0:0::1]/")->ip->v6);
  for (const char* text : {"http://256.0.0.1/", "http://1.2.3.4.5/", "http://4294967296/", "http://1.2.3.08/",
                           "http://foo.1/", "http://[::1/", "http://[127.0.0.1]/", "http://::1/"})
    EXPECT_TRUE(reading(text).starts_with("error")) << text << " " << reading(text);
}

TEST(Url, RefusesAttacks) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {""sv,
                                      "example.com"sv,
                                      "ftp://example.com/"sv,
                                      "file:///etc/passwd"sv,
                                      "javascript:alert(1)"sv,
                                      "http://"sv,
                                      "http:///"sv,
                                      "http://exa\rmple.com/"sv,
                                      "http://example.com/a\r\nHost: evil"sv,
                                      "http://example.com/\0"sv,
                                      "http://example.com/\tx"sv,
                                      "http://example.com:0/"sv,
                                      "http://example.com:65536/"sv,
                                      "http://example.com:8o/"sv,
                                      "http://example.com:-1/"sv,
                                      "http://exa mple.com/"sv,
                                      "http://exa<mple.com/"sv,
                                      "http://a..b/"sv,
                                      "http://.a/"sv,
                                      "http://a%00b/"sv,
                                      "http://a%2Fb/"sv,
                                      "http://a%0d%0ab/"sv,
                                      "http://user@/"sv})
    EXPECT_TRUE(reading(text).starts_with("error")) << text;
  EXPECT_FALSE(parse("http://example.com/" + std::string(70'000, 'a')));
  EXPECT_FALSE(parse("http://" + std::string(64, 'a') + ".example/"));
}

TEST(Url, ErrorsShowNoCredentials) {
  EXPECT_EQ(reading("http://me:secret@exa mple/").find("secret"), std::string::npos);
}

TEST(Url, ResolvesReferences) {
  const auto base = parse("http://user@example.com:8080/a/b/c?q=1#f");
  ASSERT_TRUE(base);
  const auto to = [&](std::string_view reference) {
    const auto url = resolve(*base, reference);
    return url ? url->str() : "error: " + url.error().message;
  };
  // RFC 3986 §5.4, over http.
  EXPECT_EQ(to("g"), "http://user@example.com:8080/a/b/g");
  EXPECT_EQ(to("./g/"), "http://user@example.com:8080/a/b/g/");
  EXPECT_EQ(to("/g"), "http://user@example.com:8080/g");
  EXPECT_EQ(to("?y"), "http://user@example.com:8080/a/b/c?y");
  EXPECT_EQ(to("g?y#s"), "http://user@example.com:8080/a/b/g?y#s");
  EXPECT_EQ(to("#s"), "http://user@example.com:8080/a/b/c?q=1#s");
  EXPECT_EQ(to(""), "http://user@example.com:8080/a/b/c?q=1");
  EXPECT_EQ(to("."), "http://user@example.com:8080/a/b/");
  EXPECT_EQ(to(".."), "http://user@example.com:8080/a/");
  EXPECT_EQ(to("../../../g"), "http://user@example.com:8080/g");
  EXPECT_EQ(to("g;x=1/../y"), "http://user@example.com:8080/a/b/y");
  EXPECT_EQ(to("//other.example"), "http://other.example/");  // credentials stay behind
  EXPECT_EQ(to("\\\\other.example\\x"), "http://other.example/x");
  EXPECT_EQ(to("https://other.example/x"), "https://other.example/x");
  EXPECT_EQ(to("http:g"), "http://user@example.com:8080/a/b/g");
  EXPECT_EQ(to("https:g"), "https://g/");
  EXPECT_EQ(to("  g h  "), "http://user@example.com:8080/a/b/g%20h");
  EXPECT_EQ(to("a:b"), "error: the scheme \"a\" is not one of http, https, ws, wss");
  EXPECT_TRUE(to("mailto:me@example.com").starts_with("error"));
  EXPECT_TRUE(to("/a\r\nb").starts_with("error"));
}

TEST(Url, TellsOriginsApart) {
  const auto same = [](const char* a, const char* b) { return same_origin(*parse(a), *parse(b)); };
  EXPECT_TRUE(same("http://a.example/x", "http://A.example:80/y"));
  EXPECT_FALSE(same("http://a.example/", "https://a.example/"));
  EXPECT_FALSE(same("http://a.example/", "http://a.example:8080/"));
  EXPECT_FALSE(same("http://a.example/", "http://b.example/"));
}

TEST(Redact, KeepsSecretsOutOfLogs) {
  EXPECT_EQ(redact("https://me:pw@example.com/feed.xml"), "https://example.com/feed.xml");
  EXPECT_EQ(redact("https://example.com/feed?user=1&key=abc#frag"), "https://example.com/feed?user=…&key=…");
  EXPECT_EQ(redact("https://example.com/feed?c0ffee"), "https://example.com/feed?…");
  EXPECT_EQ(redact("https://hooks.slack.com/services/T01234567/B01234567/AbCdEfGhIjKlMnOpQrStUvWx"),
            "https://hooks.slack.com/services/T01234567/B01234567/AbCd…");
  EXPECT_EQ(redact("https://api.telegram.org/bot123456789:AAE-x_yZ0123456789abcdefghijklmnopq/sendMessage"),
            "https://api.telegram.org/bot1…/sendMessage");
  EXPECT_EQ(redact("https://mattermost.example/hooks/xzq5kbwbnpdiiyj8mqsotq1noc"),
            "https://mattermost.example/hooks/xzq5…");
  EXPECT_EQ(redact("https://blog.example/2026/11/how-we-hear-what-is-said-about-us.html"),
            "https://blog.example/2026/11/how-we-hear-what-is-said-about-us.html");
  EXPECT_EQ(redact("ftp://me:pw@host/x"), "ftp:…");
  EXPECT_EQ(redact("not a url: secret"), "…");
}

TEST(PercentEncode, LeavesOnlyWhatMeansNothingAnywhere) {
  EXPECT_EQ(percent_encode("aZ09-_.~"), "aZ09-_.~");
  EXPECT_EQ(percent_encode("https://x/?a=b c&d+e;é%"), "https%3A%2F%2Fx%2F%3Fa%3Db%20c%26d%2Be%3B%C3%A9%25");
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(every)), every);
  const std::string encoded = percent_encode(every);
  EXPECT_EQ(encoded.size(), 256U + 2 * (256 - 66));
}

TEST(Below, StandsOneSlashBetween) {
  EXPECT_EQ(below("https://x.example", "a/1"), "https://x.example/a/1");
  EXPECT_EQ(below("https://x.example/e//", "a/1"), "https://x.example/e/a/1");
}

}  // namespace
}  // namespace earshot::url
