#include <gtest/gtest.h>

#include "common/text/base64.h"
#include "common/text/elements.h"
#include "common/text/entity.h"
#include "common/text/html_text.h"
#include "common/text/nfc.h"
#include "common/text/space.h"
#include "common/text/utf8.h"

namespace earshot::text {
namespace {

TEST(Utf8, IllFormedBytesBecomeReplacementCharacters) {
  EXPECT_EQ(to_utf8("a\xFF\xE2\x82z"), "a\uFFFD\uFFFDz");
  EXPECT_EQ(to_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate is three ill-formed parts";
  EXPECT_EQ(to_utf8("plain \U0001F600 text"), "plain \U0001F600 text");
  EXPECT_EQ(valid_prefix("twenty ASCII letters \xC0\xAF"), 21u);
}

TEST(Utf8, CodePointsRoundTrip) {
  for (const char32_t c : {U'a', U'é', U'€', U'\U0001F600', U'\U0010FFFF'}) {
    std::string s;
    append_utf8(s, c);
    EXPECT_EQ(decode_utf8(s, 0).value, c);
    EXPECT_EQ(decode_utf8(s, 0).length, s.size());
  }
  std::string s;
  append_utf8(s, 0xD800);
  EXPECT_EQ(s, replacement);
}

TEST(Nfc, ComposesAndLeavesComposedAlone) {
  std::string s = "Cafe\u0301";
  EXPECT_FALSE(is_nfc(s));
  to_nfc(s);
  EXPECT_EQ(s, "Café");
  EXPECT_TRUE(is_nfc(s));
}

TEST(Space, FoldsEveryKindOfBlank) {
  EXPECT_EQ(fold_space(" a\t\r\n b\u00A0\u2003c\u3000"), "a b c");
  EXPECT_EQ(trim_all("\u00A0 x \u3000"), "x");
  EXPECT_EQ(find_same("Hello World", "WORLD"), 6u);
}

TEST(Entity, ReadsNamesAndNumbers) {
  EXPECT_EQ(decode_references("&amp;&lt;&nbsp;&eacute;&#8217;&#x1F600;&hellip;"), "&<\u00A0é’\U0001F600…");
  EXPECT_EQ(decode_references("&#150;&#146;"), "–’") << "numbers of windows-1252";
  EXPECT_EQ(decode_references("&#0;&#xD800;&#99999999999;"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decode_references("AT&T & &unknown; &copy 2026"), "AT&T & &unknown; © 2026");
  EXPECT_EQ(decode_references("?a=1&copy=2&amp;b", Bare::attribute), "?a=1&copy=2&b");
  EXPECT_EQ(decode_references("&copy 1", Bare::never), "&copy 1");
}

TEST(Html, BlocksAreLinesAndBlanksFold) {
  EXPECT_EQ(html_to_text("<p>One  <b>two</b>\n three</p><p>Four<br>five</p>"), "One two three\nFour\nfive");
  EXPECT_EQ(html_to_text("<table><tr><td>a<td>b</table>"), "a b");
  EXPECT_EQ(html_to_text("a<script>if (a<b) x()</script>b<style>p{}</style>c"), "abc");
  EXPECT_EQ(html_to_text("&lt;b&gt; &amp;amp;&nbsp;x"), "<b> &amp; x");
  EXPECT_EQ(html_to_text("x < y, I <3 you, a <b"), "x < y, I <3 you, a <b");
  EXPECT_EQ(html_to_text("<a title=\"a > b\" href='x'>link</a><!-- <p> -->!"), "link!");
  EXPECT_EQ(html_to_text("Cafe&#769;"), "Café") << "a reference may complete a character";
  EXPECT_EQ(html_to_line("<h1>One</h1><h2>Two</h2>"), "One Two");
  EXPECT_EQ(html_to_text("this text is longer than sixteen bytes  and has two blanks "),
            "this text is longer than sixteen bytes and has two blanks");
}

TEST(Html, UnclosedMarkupIsRead) {
  EXPECT_EQ(html_to_text("<a href=\"x>text</a> more"), "text more");
  EXPECT_EQ(html_to_text("before<!-- never closed"), "before");
  EXPECT_EQ(html_to_text("x<script>never closed"), "x");
  EXPECT_EQ(html_to_text("<"), "<");
  EXPECT_EQ(html_to_text("</"), "</");
}

TEST(Html, IsToldFromText) {
  EXPECT_TRUE(looks_like_html("a <b>c</b>"));
  EXPECT_TRUE(looks_like_html("AT&amp;T"));
  EXPECT_TRUE(looks_like_html("<BR/>"));
  EXPECT_FALSE(looks_like_html("AT&T"));
  EXPECT_FALSE(looks_like_html("1 < 2 > 0"));
  EXPECT_FALSE(looks_like_html("vector<int> and <foo@example.com>"));
}

TEST(Html, HostileTextTakesLinearTime) {
  for (const char* unit :
       {"<", "<a ", "<a \"", "<a b=\"", "<!--", "&", "</", "<script>", "</script", "<a b='\"", "&#", "<a>"}) {
    std::string s;
    while (s.size() < 2'000'000) s += unit;
    html_to_text(s);
    looks_like_html(s);
  }
}

TEST(Element, KnowsItsName) {
  EXPECT_TRUE(Element::of("BLOCKQUOTE").is(Element::block));
  EXPECT_EQ(Element::of("Td").name, "td");
  EXPECT_FALSE(Element::of("foo").is(Element::known));
  EXPECT_EQ(Element::of("b").id, Element::of("B").id);
}

TEST(Base64, TakesBothAlphabetsAndPassesOverTheRest) {
  EXPECT_EQ(from_base64("PGI+aGk8L2I+"), "<b>hi</b>");
  EXPECT_EQ(from_base64("PGI-aGk8L2I-"), "<b>hi</b>");
  EXPECT_EQ(from_base64(" PGI+\n aGk8 L2I+== "), "<b>hi</b>");
  EXPECT_EQ(from_base64("_-4="), "\xff\xee");
  EXPECT_EQ(from_base64("YWI"), "ab");
  EXPECT_EQ(from_base64("Y"), "");
  EXPECT_EQ(from_base64(""), "");
}

// RFC 4648, section 10.
TEST(Base64, IsWrittenInLinesWithoutEnd) {
  for (const auto& [plain, coded] : {std::pair<std::string_view, std::string_view>{"", ""},
                                     {"f", "Zg=="},
                                     {"fo", "Zm8="},
                                     {"foo", "Zm9v"},
                                     {"foobar", "Zm9vYmFy"},
                                     {std::string_view("\xFB\xFF\0", 3), "+/8A"}})
    EXPECT_EQ(to_base64(plain), coded);
  const std::string all(10'000, '\xA5');
  EXPECT_EQ(from_base64(to_base64(all)), all);
  EXPECT_EQ(to_base64(all).find('\n'), std::string::npos);
}

}  // namespace
}  // namespace earshot::text
