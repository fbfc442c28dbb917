#include "bench/feed/worst_case.h"

namespace earshot::bench {
namespace {

constexpr std::string_view item = "<rss><channel><item><description>";
constexpr std::string_view title = "<rss><channel><item><title>";
constexpr std::string_view html =
    "<rss><channel><item><c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'><![CDATA[";
constexpr std::string_view html_end = "]]></c:encoded></item></channel></rss>";
constexpr std::string_view json = R"({"version":"https://jsonfeed.org/version/1.1","title":"T","items":[)";

}  // namespace

const std::vector<Hostile>& hostile_shapes() {
  static const std::vector<Hostile> all = {
      // XML
      {"open tags", item, "<a>", ""},
      {"end tags", item, "</a>", ""},
      {"unclosed attribute", item, "<a b='", ""},
      {"unclosed comment", item, "<!--", ""},
      {"unclosed CDATA", item, "<![CDATA[", ""},
      {"CDATA ends", item, "]]>", ""},
      {"CDATA in CDATA", item, "<![CDATA[<![CDATA[]]>", ""},
      {"unclosed doctype", "", "<!DOCTYPE a [", ""},
      {"doctype quotes", "<!DOCTYPE a [", "\"'", ""},
      {"processing instruction", item, "<?a", ""},
      {"bare ampersands", item, "&", ""},
      {"bad references", item, "&nosuchname;", ""},
      {"escaped twice", item, "&amp;lt;b&amp;gt;", ""},
      {"bad bytes", item, "\xC3", ""},
      {"controls", item, "\x01", ""},
      {"items in items", item, "<item>", ""},
      {"titles", "<rss><channel>", "<title>", ""},
      {"empty items", "<rss><channel>", "<item/>", ""},
      {"items and channel fields", "<rss><channel>",
       "<category>a</category><item><link>http://a.example/</link></item>", ""},
      {"namespaces", item, "<a xmlns:x='y'>", ""},
      {"new namespaces", item, "<x:a xmlns:x='http://a.example/'/>", ""},
      {"xml:base", item, "<a xml:base='b/'>", ""},
      {"attributes", "<rss><channel><item a='", "' b='", ""},
      {"categories", "<rss><channel><item>", "<category>a</category>", ""},
      {"comma words", "<rss><channel><item><keywords>", "a,", ""},
      {"links", "<rss><channel><item>", "<link>http://a.example/b</link>", ""},
      {"dates", "<rss><channel><item>", "<pubDate>Mon, 99 Nov</pubDate>", ""},
      {"a long date", "<rss><channel><item><pubDate>", "1 Jan ", ""},
      {"a long guid", "<rss><channel><item><guid>", "/../", ""},
      // HTML inside
      {"title tags", title, "&lt;b&gt;", ""},
      {"tables", html, "<table>", html_end},
      {"bold paragraphs", html, "<b><p>", html_end},
      {"bold list items", html, "<li><b>", html_end},
      {"unclosed HTML attribute", html, "<a b=\"", html_end},
      {"HTML end tags", html, "</p>", html_end},
      {"formatting ends", html, "<b></p>", html_end},
      {"links in links", html, "<a href=b>", html_end},
      {"HTML comments", html, "<!--", html_end},
      {"scripts", html, "<script>", html_end},
      {"unclosed scripts", html, "<script></", html_end},
      {"style ends", html, "<style></styl", html_end},
      {"divs", html, "<div>", html_end},
      {"HTML references", html, "&amp", html_end},
      {"blanks", html, " \xC2\xA0", html_end},
      {"combining marks", html, "\xCC\x81", html_end},
      {"one tag", html, "<a ", html_end},
      {"srcset", "<rss><channel><item><description>&lt;img srcset='", "a, ", "'&gt;"},
      // JSON
      {"JSON depth", json, "[", ""},
      {"JSON items", json, "{},", ""},
      {"JSON trailing commas", json, R"({"id":"1",},)", ""},
      {"JSON open string", json, "\"", ""},
  };
  return all;
}

std::string hostile_document(const Hostile& shape, std::size_t size) {
  std::string s(shape.before);
  s.reserve(size + shape.unit.size() + shape.after.size());
  while (s.size() < size) s += shape.unit;
  return s += shape.after;
}

}  // namespace earshot::bench
