#include <gtest/gtest.h>

#include <string>

#include "common/source/encoding.h"
#include "common/source/person.h"
#include "common/source/sanitise.h"
#include "common/source/url.h"

namespace earshot::source {
namespace {

std::string clean(std::string_view html, std::string_view base = "https://a.example/b/") {
  std::string out;
  Warnings warnings;
  std::string text;
  sanitise(html, base, out, text, warnings);
  return out;
}

TEST(Url, IsResolvedAsInRfc3986) {
  const std::string_view base = "http://a/b/c/d;p?q";  // §5.4
  const std::pair<const char*, const char*> rows[] = {{"g:h", "g:h"},
                                                      {"g", "http://a/b/c/g"},
                                                      {"./g", "http://a/b/c/g"},
                                                      {"g/", "http://a/b/c/g/"},
                                                      {"/g", "http://a/g"},
                                                      {"//g", "http://g"},
                                                      {"?y", "http://a/b/c/d;p?y"},
                                                      {"g?y", "http://a/b/c/g?y"},
                                                      {"#s", "http://a/b/c/d;p?q#s"},
                                                      {"", "http://a/b/c/d;p?q"},
                                                      {".", "http://a/b/c/"},
                                                      {"..", "http://a/b/"},
                                                      {"../g", "http://a/b/g"},
                                                      {"../..", "http://a/"},
                                                      {"../../g", "http://a/g"},
                                                      {"../../../g", "http://a/g"},
                                                      {"g.", "http://a/b/c/g."},
                                                      {"./g/.", "http://a/b/c/g/"},
                                                      {"g/../h", "http://a/b/c/h"}};
  for (const auto& [reference, expected] : rows) EXPECT_EQ(resolve_url(base, reference), expected) << reference;
  EXPECT_EQ(resolve_url("http://a.example", "x"), "http://a.example/x");
  EXPECT_EQ(resolve_url("", "/x"), "/x");
  EXPECT_EQ(resolve_url("http://a/", " http://b/c d\n "), "http://b/c%20d");
}

TEST(Url, KnowsWhatMayBeFollowed) {
  EXPECT_TRUE(is_http("HTTPS://a"));
  EXPECT_FALSE(is_http("http://"));
  EXPECT_FALSE(is_http("javascript:alert(1)"));
  EXPECT_EQ(url_host("https://user@Example.COM:8080/x"), "example.com");
  EXPECT_EQ(query_parameter("https://a/?x=1&url=http%3A%2F%2Fb", "url"), "http://b");
}

TEST(Person, NameBeforeAddress) {
  EXPECT_EQ(person_name("jane@acme.example (Jane Doe)"), "Jane Doe");
  EXPECT_EQ(person_name("Jane Doe <jane@acme.example>"), "Jane Doe");
  EXPECT_EQ(person_name("\"Doe, Jane\" <jane@acme.example>"), "Doe, Jane");
  EXPECT_EQ(person_name("Jane Doe (jane@acme.example)"), "Jane Doe");
  EXPECT_EQ(person_name("jane@acme.example"), "jane@acme.example");
  EXPECT_EQ(person_name("mailto:jane@acme.example"), "jane@acme.example");
  EXPECT_EQ(person_name("jane@acme.example ()"), "jane@acme.example");
  EXPECT_EQ(person_name("Jane (the boss) Doe"), "Jane (the boss) Doe");
}

TEST(Sanitise, KeepsWhatIsAllowed) {
  EXPECT_EQ(clean("<p>Hi <a href=\"https://x.example/?a=1&amp;b=2\" title='t'>you</a><br/>&nbsp;&lt;</p>"),
            "<p>Hi <a href=\"https://x.example/?a=1&amp;b=2\" title=\"t\">you</a><br>\u00A0&lt;</p>");
  EXPECT_EQ(clean("<img src=x.png alt=A width=10 onerror=alert(1)>"),
            "<img src=\"https://a.example/b/x.png\" alt=\"A\" width=\"10\">");
  EXPECT_EQ(clean("<ul><li>a<li>b</ul>"), "<ul><li>a</li><li>b</li></ul>");
  EXPECT_EQ(clean("<p>a<p>b<div>c</div>"), "<p>a</p><p>b</p><div>c</div>");
  EXPECT_EQ(clean("<span class=\"vcard\"><a rel=tag href=/t>t</a></span>"),
            "<span class=\"vcard\"><a rel=\"tag\" href=\"https://a.example/t\">t</a></span>");
}

TEST(Sanitise, RemovesWhatIsNot) {
  EXPECT_EQ(clean("a<script>x<b></script>b<style>p{}</style><iframe src=x>y</iframe>c"), "abc");
  EXPECT_EQ(clean("<a href=\"javascript:alert(1)\">x</a>"), "<a>x</a>");
  EXPECT_EQ(clean("<a href=\"jAvA\tscript&colon;alert(1)\">x</a>"), "<a>x</a>");
  EXPECT_EQ(clean("<a href=\" &#1; javascript:alert(1)\">x</a>"),
            "<a href=\"https://a.example/b/\uFFFD%20javascript:alert(1)\">x</a>")
      << "what is no character cannot hide a scheme: it makes the URL a relative one";
  EXPECT_EQ(clean("<a href=\"data:text/html,x\">x</a><img src=\"data:image/png;base64,x\">"), "<a>x</a>");
  EXPECT_EQ(clean("<img src=x width=1 height=1><img src='https://feeds.feedburner.com/~r/a/~4/b'>"), "");
  EXPECT_EQ(clean("<form><input><blink>text</blink></form><p style='x' id=y>z</p>"), "text<p>z</p>");
  EXPECT_EQ(clean("<foo>bar</foo><!-- x --><?php y ?>"), "bar");
  EXPECT_EQ(clean("<svg><a href=x>y</a></svg><object>z</object>"), "");
}

TEST(Sanitise, MisnestedMarkupIsParsedAsHtmlIs) {
  EXPECT_EQ(clean("<b>a<i>b</b>c</i>"), "<b>a<i>b</i></b><i>c</i>");
  EXPECT_EQ(clean("<table>x<tr><td>y</table>"), "x<table><tbody><tr><td>y</td></tr></tbody></table>");
  EXPECT_EQ(clean("<a href=/1>x<a href=/2>y"),
            "<a href=\"https://a.example/1\">x</a><a href=\"https://a.example/2\">y</a>");
}

TEST(Sanitise, SrcsetCandidatesAreResolved) {
  EXPECT_EQ(
      clean("<img srcset='a.png 1x, /b.png 2x, javascript:x 3x' src=c.png>"),
      "<img srcset=\"https://a.example/b/a.png 1x, https://a.example/b.png 2x\" src=\"https://a.example/b/c.png\">");
}

TEST(Sanitise, HostileMarkupTakesLinearTime) {
  for (const char* unit : {"<b>", "<div>", "<p><b>", "<table>", "<a b='", "<b a=1><p>", "<li><b>", "</b>", "<svg>",
                           "&lt", "<x ", "<select>", "<b></p>"}) {
    std::string s;
    while (s.size() < 1'000'000) s += unit;
    clean(s);
  }
}

std::string document(std::string_view bytes, std::string_view type = "") {
  Warnings warnings;
  return to_document(bytes, type, warnings);
}

TEST(Encoding, ClaimsCountInTheirOrder) {
  EXPECT_EQ(document("<?xml version='1.0' encoding='iso-8859-1'?><a>\xE9</a>"),
            "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>");
  EXPECT_EQ(document("<a>\xE9</a>", "text/xml; charset=\"iso-8859-1\""), "<a>é</a>");
  EXPECT_EQ(document("\xEF\xBB\xBF<a>é</a>", "text/xml; charset=iso-8859-1"), "<a>é</a>")
      << "a mark goes before a header";
  EXPECT_EQ(document("<?xml version='1.0' encoding='windows-1251'?><a>\xCF\xF0</a>", ""),
            "<?xml version='1.0' encoding='windows-1251'?><a>Пр</a>");
  EXPECT_EQ(document("<?xml version='1.0' encoding='iso-8859-1'?><a>caf\xC3\xA9</a>"),
            "<?xml version='1.0' encoding='iso-8859-1'?><a>café</a>")
      << "UTF-8 that calls itself something else";
  EXPECT_EQ(document("<?xml version='1.0' encoding='utf-16'?><a>x</a>"),
            "<?xml version='1.0' encoding='utf-16'?><a>x</a>");
}

TEST(Encoding, WideCharactersWithAndWithoutMark) {
  using namespace std::string_view_literals;
  EXPECT_EQ(document("\xFF\xFE<\0a\0>\0"sv), "<a>");
  EXPECT_EQ(document("\xFE\xFF\0<\0a\0>"sv), "<a>");
  EXPECT_EQ(document("<\0a\0>\0\xAC\x20"sv), "<a>€");
  EXPECT_EQ(document("\0<\0a\0>"sv), "<a>");
  EXPECT_EQ(document("\0\0\0<\0\0\0a\0\0\0>"sv), "<a>");
  EXPECT_EQ(document("\xFF\xFE\0\0<\0\0\0a\0\0\0>\0\0\0"sv), "<a>");
}

TEST(Encoding, EastAsianEncodings) {
  EXPECT_EQ(document("<?xml encoding='shift_jis'?><a>\x93\xFA\x96\x7B</a>"), "<?xml encoding='shift_jis'?><a>日本</a>");
  EXPECT_EQ(document("<?xml encoding='gb2312'?><a>\xD6\xD0\xB9\xFA</a>"), "<?xml encoding='gb2312'?><a>中国</a>");
  EXPECT_EQ(document("<?xml encoding='big5'?><a>\xA4\xA4</a>"), "<?xml encoding='big5'?><a>中</a>");
  EXPECT_EQ(document("<?xml encoding='euc-kr'?><a>\xB0\xA1</a>"), "<?xml encoding='euc-kr'?><a>가</a>");
  EXPECT_EQ(document("<?xml encoding='iso-2022-jp'?><a>\x1B$BF|\x1B(B</a>"), "<?xml encoding='iso-2022-jp'?><a>日</a>");
}

TEST(Encoding, DamageIsReplacedAndControlsGo) {
  using namespace std::string_view_literals;
  EXPECT_EQ(document("<a>caf\xC3\xA9 d\xC3\xA9j\xC3\xA0 \xE9t\xC3\xA9</a>"), "<a>café déjà \uFFFDté</a>");
  EXPECT_EQ(document("<a>x\0y\x01z\r\nw\rv</a>"sv), "<a>xyz\nw\nv</a>");
  EXPECT_EQ(document("<a>\x93quoted\x94 it\x92s</a>"), "<a>“quoted” it’s</a>");
}

}  // namespace
}  // namespace earshot::source
