// The quick way of sanitising beside the HTML parser, over random fragments: where the quick way answers at all, an
// HTML parser must see the same in its answer as in the parser's own, and the plain text beside it must be what a
// reader of the answer sees.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "common/source/sanitise.h"
#include "common/text/elements.h"
#include "common/text/html_text.h"
#include "common/text/tag_scanner.h"
#include "common/text/utf8.h"

namespace earshot::source {
namespace {

constexpr std::string_view base = "https://a.example/b/";

constexpr std::string_view pieces[] = {
    // Texts
    "word", "two words", " ", "\n", "  \t", "&", "<", ">", "\"", "'", "&amp;", "&lt;", "&gt;", "&nbsp;", "&quot;",
    "&copy", "&copy;", "&#8217;", "&#x1F600;", "&#769;", "&NewLine;", "&amp;lt;", "&bogus;", "&#0;", "é", "e\u0301",
    "\u00A0", "\u2009", "“q”", "\u3000", "😀", "a < b", "<3", "<!", "<?x?>", "<!-- c -->", "<!-->", "<!--",
    // Blocks
    "<p>", "</p>", "<P CLASS=x>", "<div>", "</div>", "<h2>", "</h2>", "<h3>", "</h3>", "<blockquote>", "</blockquote>",
    "<ul>", "</ul>", "<ol start=3>", "</ol>", "<li>", "</li>", "<dl>", "</dl>", "<dt>", "<dd>", "</dd>", "<hr>",
    "<pre>", "</pre>", "<figure>", "</figure>", "<figcaption>", "</figcaption>", "<article>", "</article>", "<details>",
    "<summary>", "</summary>", "</details>", "<center>", "</center>", "<address>", "</address>",
    // Marks
    "<b>", "</b>", "<i>", "</i>", "<em>", "</em>", "<strong>", "</strong>", "<span class='h-card'>", "</span>",
    "<a href='/x'>", "<a href=\"https://c.example/?a=1&amp;b=2\" title=\"t &quot; &lt;\">", "</a>", "<br>", "<br/>",
    "</br>", "<code>", "</code>", "<font color=red>", "</font>", "<nobr>", "<q cite=u>", "</q>", "<wbr>", "<u>", "</u>",
    // Media
    "<img src=x.png alt='a > b'>", "<img src=x width=1 height=1>", "<img>", "<IMG SRC='y' onerror=\"z()\"/>",
    "<picture>", "</picture>", "<source srcset='a 1x, b 2x'>", "<video src=v controls>", "</video>",
    // Tables
    "<table>", "</table>", "<tbody>", "</tbody>", "<thead>", "<tr>", "</tr>", "<td>", "<td colspan=2>", "</td>", "<th>",
    "</th>", "<caption>", "</caption>", "<colgroup>", "<col span=2>",
    // What goes
    "<script>", "</script>", "<script>a<b>&lt;</script>", "<style>p{}</style>", "<iframe src=x>y</iframe>", "<svg>",
    "</svg>", "<form>", "</form>", "<input>", "<select>", "<title>t</title>", "<textarea>", "</textarea>", "<noscript>",
    "</noscript>", "<template>", "<object>", "</object>", "<ruby>", "<rt>", "<blink>", "<html>", "<body>", "</body>",
    "<head>", "<link>", "<meta>", "<button>", "</button>", "<option>", "<center/>", "<p/>", "<b x=\"", "<a b='c'd>",
    "<p =x>"};

std::string parsed(std::string_view html) {
  std::string out;
  EXPECT_TRUE(sanitise_with_gumbo(html, base, out)) << html;
  return out;
}

// What is left open at the end (a quote, a comment) the quick way reads as text where a parser drops the rest, so that
// a slip of the pen costs no article; that difference is meant, and closing everything leaves it out.
void check(std::string html) {
  html += "\"'>-->";
  // So is "</3", which a parser takes for a comment. And gumbo takes any name it does not know for any other.
  text::TagScanner scanner(html);
  for (std::size_t at = 0; (at = html.find("</", at)) != std::string::npos; at += 2) {
    const text::Tag tag = scanner.at(at);
    if (tag.kind != text::Tag::end || !text::Element::of(tag.name).is(text::Element::known)) return;
  }
  std::string quick, text;
  if (!sanitise_quickly(html, base, quick, text)) return;
  ASSERT_EQ(text, text::html_to_text(quick)) << html;
  ASSERT_EQ(parsed(quick), parsed(parsed(html))) << "html: " << html << "\nquick: " << quick;
}

TEST(SanitiseWays, AgreeOnRandomFragments) {
  std::mt19937 random(20261126);
  for (int round = 0; round < 60'000; ++round) {
    std::string html;
    for (auto n = 1 + random() % 10; n > 0; --n) html += pieces[random() % std::size(pieces)];
    check(html);
    if (HasFatalFailure()) return;
  }
}

// Mostly well nested, as feeds are, so that the quick way answers most of the time; then damaged here and there.
TEST(SanitiseWays, AgreeOnDamagedArticles) {
  std::mt19937 random(7);
  const std::string article =
      "<p>One &amp; two <b>bold <i>both</i></b> &#8217; <a href=\"/x?y=1&amp;z=2\">link</a></p>\n"
      "<h2>Head</h2><ul><li>a</li><li>b <em>c</em></li></ul><blockquote><p>q</p></blockquote>"
      "<table><tr><th>h</th></tr><tr><td>d</td><td>e<br></td></tr></table>"
      "<figure><img src=\"i.png\" alt=\"“x”\"><figcaption>cap</figcaption></figure><dl><dt>t<dd>d</dl><pre>x\n y</pre>";
  for (int round = 0; round < 20'000; ++round) {
    std::string html = article;
    for (auto n = random() % 4; n > 0; --n) {
      const std::size_t at = random() % html.size();
      if (random() % 3 == 0)
        html.erase(at, 1 + random() % 12);
      else
        html.insert(at, pieces[random() % std::size(pieces)]);
    }
    check(text::to_utf8(html));
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace earshot::source
