// What sinks share, by itself.
#include <gtest/gtest.h>
#include <openssl/hmac.h>
#include <unicode/brkiter.h>

#include <random>

#include "common/sink/answer.h"
#include "common/sink/card.h"
#include "common/sink/clean.h"
#include "common/sink/escape.h"
#include "common/sink/event.h"
#include "common/sink/layout.h"
#include "common/sink/link.h"
#include "common/sink/unicode.h"
#include "common/text/utf8.h"
#include "support/sinks/driver.h"

namespace earshot::sink {
namespace {

// ICU's own segmentation is the judge of ours; without Indic viramas, where CLDR's root rules join more than UAX #29 of
// Unicode 15.0 does.
std::vector<std::size_t> icu_boundaries(const std::string& text) {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::BreakIterator> it(icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), error));
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
  it->setText(wide);
  std::vector<std::size_t> out;
  for (std::int32_t at = it->next(); at != icu::BreakIterator::DONE; at = it->next()) {
    std::string prefix;
    wide.tempSubString(0, at).toUTF8String(prefix);
    out.push_back(prefix.size());
  }
  return out;
}

std::vector<std::size_t> our_boundaries(const std::string& text) {
  std::vector<std::size_t> out;
  for (std::size_t at = 0; at < text.size();) out.push_back(at = cluster_end(text, at));
  return out;
}

TEST(Unicode, ClustersAreThoseOfIcu) {
  std::mt19937 random(1);
  // clang-format off
  const std::u32string interesting =
      U"a "
      U"\r\n\t\u0301\u200D\u200C\uFE0F\u00A9\u2764👩👧👦🇳🇱🇩🇪🏴\U000E0067\U000E007Fकिหำ각각"
      U"\u1100"
      U"\u1161"
      U"\u11A8"
      U"\u0600"
      U"\u0E33\u20E3🏽\u00AD\u200B";
  // clang-format on
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) text::append_utf8(text, interesting[random() % interesting.size()]);
    ASSERT_EQ(our_boundaries(text), icu_boundaries(text)) << text;
  }
}

TEST(Unicode, TruncatesByTheUnitBetweenClusters) {
  EXPECT_EQ(truncate("abcdef", 6, Unit::bytes), "abcdef");
  EXPECT_EQ(truncate("abcdef", 5, Unit::utf16), "abcd…");
  EXPECT_EQ(truncate("abcdef", 5, Unit::bytes), "ab…");
  EXPECT_EQ(truncate("😀😀😀", 5, Unit::utf16), "😀😀…");
  EXPECT_EQ(truncate("😀😀😀", 4, Unit::utf16), "😀…") << "never half a pair";
  EXPECT_EQ(truncate("e\u0301e\u0301e\u0301", 4, Unit::code_points), "e\u0301…") << "never without its accent";
  EXPECT_EQ(truncate("👩‍👩‍👧‍👦 x", 2, Unit::graphemes), "👩‍👩‍👧‍👦…");
  EXPECT_EQ(truncate("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 10, Unit::bytes), "…");
  EXPECT_EQ(truncate("abc", 0, Unit::bytes), "");
  EXPECT_EQ(truncate("abc", 2, Unit::bytes), "ab");
}

TEST(Unicode, CountsInEveryUnit) {
  const std::string text = "é😀e\u0301";
  EXPECT_EQ(length(text, Unit::bytes), 9u);
  EXPECT_EQ(length(text, Unit::utf16), 5u);
  EXPECT_EQ(length(text, Unit::code_points), 4u);
  EXPECT_EQ(length(text, Unit::graphemes), 3u);
}

TEST(Clean, TakesOutWhatDrivesTerminalsAndHides) {
  EXPECT_EQ(clean_line("\x1b[31mred\x1b[0m \x1b]0;title\x07tail"), "red tail");
  EXPECT_EQ(clean_line("a\x1b]8;;https://evil.example\x1b\\b"), "ab");
  EXPECT_EQ(clean_line("a\u202Eb\u2066c\u200Ed\uFEFFe\u00ADf\u200Bg"), "abcdefg");
  EXPECT_EQ(clean_line("  a \r\n\t b\u00A0\u3000c  "), "a b c");
  EXPECT_EQ(clean_line("a\xffz"), "a\uFFFDz");
  EXPECT_EQ(clean_line("Z\u0301\u0301\u0301\u0301\u0301\u0301x"), "Z\u0301\u0301\u0301\u0301x");
  EXPECT_EQ(clean_line("👩‍👩‍👧‍👦 🏴\U000E0067\U000E0062\U000E007F ❤️"),
            "👩‍👩‍👧‍👦 🏴\U000E0067\U000E0062\U000E007F ❤️")
      << "emoji stay whole";
  EXPECT_EQ(clean_line("نص عربي עברית"), "نص عربي עברית");
  EXPECT_EQ(clean_lines("a\n\n\n\nb\r\nc\n"), (std::vector<std::string>{"a", "", "b", "c"}));
}

TEST(Clean, KeepsHitsWhereTheyStood) {
  const std::vector<earshot_span> hits{{5, 9}};
  const Spans spans = clean_spans("a  \x1b[Bbank! x", hits);
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[1].text, "ban") << "bytes 6 to 8 of the input";
  EXPECT_TRUE(spans[1].bold);
  const std::vector<earshot_span> nonsense{{9, 3}, {0, 4000000000u}, {4000000000u, 5}};
  EXPECT_EQ(clean_spans("abc", nonsense).size(), 1u);
}

TEST(Link, OnlyHttpAndWithoutTraps) {
  EXPECT_EQ(safe_link("https://example.com/a?b=c&d#e"), "https://example.com/a?b=c&d#e");
  EXPECT_EQ(safe_link("HTTPS://EXAMPLE.com/A"), "https://example.com/A");
  EXPECT_EQ(safe_link("https://e.com/<a>|\"b c(d)[e]*"), "https://e.com/%3Ca%3E%7C%22b%20c%28d%29%5Be%5D%2A");
  EXPECT_EQ(safe_link("https://bank.example@evil.example/"), "https://evil.example/");
  EXPECT_EQ(safe_link("https://evil.example\\@bank.example/"), "https://evil.example%5C@bank.example/");
  EXPECT_EQ(safe_link("https://bücher.example/ü"), "https://xn--bcher-kva.example/%C3%BC");
  EXPECT_EQ(safe_link("https://[2001:db8::1]:8443/x"), "https://[2001:db8::1]:8443/x");
  for (const char* bad : {"", "javascript:alert(1)", "ftp://x/", "https://", "https:///x", "https://a b/",
                          "https://:80/", "//x", "data:,x", "https://a<b/"})
    EXPECT_EQ(safe_link(bad), "") << bad;
  EXPECT_EQ(safe_link("https://x.example/" + std::string(3000, 'a')), "");
}

TEST(Link, ShowsTheHostThatIsReallyMeant) {
  EXPECT_EQ(shown_host("https://www.Example.com/x"), "example.com");
  EXPECT_EQ(shown_host("https://bank.example@evil.example/"), "evil.example");
  EXPECT_EQ(shown_host("https://аррӏе.com/"), "xn--80ak6aa92e.com");
}

TEST(Link, AddsQueriesAndPathsWithoutTouchingTheRest) {
  EXPECT_EQ(with_query("https://h/x?sig=a%2Fb", "wait", "true"), "https://h/x?sig=a%2Fb&wait=true");
  EXPECT_EQ(with_query("https://h/x", "q", "a b"), "https://h/x?q=a%20b");
  EXPECT_EQ(with_path("https://h/base//", "/api"), "https://h/base/api");
  EXPECT_EQ(basic_auth("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617, 2
}

TEST(Event, WritesTimes) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(1795551000007), "2026-11-24T20:10:00.007Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(INT64_MIN), "");
  EXPECT_EQ(rfc3339(INT64_MAX), "");
}

TEST(Layout, CutsNeitherEscapesNorLinksNorClusters) {
  const Syntax html{Unit::bytes, escape::html,
                    [](std::string_view t, std::string& o) { o.append("<b>").append(t).append("</b>"); },
                    [](std::string_view t, std::string_view u, std::string& o) {
                      o.append("[").append(t).append("](").append(u).append(")");
                    }};
  const Spans spans{{"a&b", true, {}}, {" c<d ", false, {}}, {"👩‍👧", false, "https://e.example"}};
  const std::string whole = render(spans, html);
  EXPECT_EQ(whole, "<b>a&amp;b</b> c&lt;d [👩‍👧](https://e.example)");
  std::size_t last = 0;
  for (std::size_t limit = 0; limit <= whole.size(); ++limit) {
    const std::string cut = render(fit(spans, limit, html), html);
    EXPECT_LE(cut.size(), limit);
    EXPECT_GE(cut.size() + 30, last) << "more room never gives much less";
    last = cut.size();
    for (const char* half : {"&…", "&a…", "&amp…", "&l…", "&lt…", "<b…", "<…"})
      EXPECT_EQ(cut.find(half), std::string::npos) << cut;
    EXPECT_EQ(cut.find("<b>") == std::string::npos, cut.find("</b>") == std::string::npos) << cut;
    EXPECT_EQ(cut.find("](") == std::string::npos, cut.find("e.example)") == std::string::npos) << cut;
  }
  EXPECT_EQ(render(fit(spans, whole.size(), html), html), whole);
}

TEST(Secrets, RedactWholeUrlsAndTheirParts) {
  Secrets s;
  s.add_url("https://hooks.example/services/T0/B0/abcdefghijkl?sig=0123456789");
  EXPECT_EQ(s.redact("x https://hooks.example/services/T0/B0/abcdefghijkl?sig=0123456789 y"), "x [secret] y");
  EXPECT_EQ(s.redact("POST /services/T0/B0/abcdefghijkl?sig=0123456789"), "POST [secret]");
  EXPECT_EQ(s.redact("token abcdefghijkl, sig 0123456789"), "token [secret], sig [secret]");
  EXPECT_EQ(s.redact("hooks.example"), "hooks.example");
}

}  // namespace
}  // namespace earshot::sink

namespace earshot::test {
namespace {

// HMAC over what Standard Webhooks says is signed, computed here from the raw key; the examples of its reference
// libraries (secret, id, timestamp and body of their test suites) are the judge.
TEST(Webhook, SignsAsTheReferenceLibrariesDo) {
  SinkUnderTest sink("webhook");
  ASSERT_EQ(sink.create(R"({"url":"https://h.example/","secret":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                           "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]})"),
            "");
  TestAlert alert;
  alert.delivery_id = "msg-p5jXN8AQM9LWM0D4loKWxJek";
  const Posted posted = sink.request(alert, 1614265330999);
  EXPECT_EQ(posted.header("webhook-id"), alert.delivery_id);
  EXPECT_EQ(posted.header("webhook-timestamp"), "1614265330");
  const std::string signed_bytes = alert.delivery_id + ".1614265330." + posted.body;
  std::string expected;
  for (const std::string key :
       {"\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4\x3c\x3f\x08\x2c\xf6\x48\xa3\x62\xda\x2d\xa4\xb0",
        "\x0b\x61\x55\xb0\x14\x08\x86\xbb\x1c\x0a\x19\x50\x20\xc5\x7e\x6f\x9b\x12\x62\xca\x68\x6f\xba\x03"}) {
    unsigned char mac[32];
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), 24, reinterpret_cast<const unsigned char*>(signed_bytes.data()), signed_bytes.size(),
         mac, &size);
    unsigned char base64[64];
    EVP_EncodeBlock(base64, mac, 32);
    expected += (expected.empty() ? "v1," : " v1,") + std::string(reinterpret_cast<char*>(base64));
  }
  EXPECT_EQ(posted.header("webhook-signature"), expected);
}

}  // namespace
}  // namespace earshot::test
