#include "bench/feed/corpus.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace earshot::bench {
namespace {

class Maker {
 public:
  Maker(Shape shape, unsigned seed) : shape_(shape), state_(seed * 2654435761u + 1) {}

  std::string rss(std::size_t items) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
        "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\" "
        "xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\" "
        "xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\">\n<channel>\n"
        "\t<title>Acme Weekly</title>\n\t<atom:link href=\"https://acme.example/feed/\" rel=\"self\" "
        "type=\"application/rss+xml\" />\n"
        "\t<link>https://acme.example</link>\n\t<description>All that happens at "
        "Acme</description>\n\t<language>en-US</language>\n";
    for (std::size_t i = 0; i < items; ++i) {
      const std::string url = "https://acme.example/2026/11/" + std::to_string(next() % 100000) + "/" + slug();
      out += "\t<item>\n\t\t<title>" + words(8) + "</title>\n\t\t<link>" + url + "</link>\n\t\t<dc:creator><![CDATA[" +
             words(2) + "]]></dc:creator>\n\t\t<pubDate>Mon, 23 Nov 2026 " + two(next() % 24) + ":" + two(next() % 60) +
             ":00 +0000</pubDate>\n" + "\t\t<category><![CDATA[" + words(1) +
             "]]></category>\n\t\t<category><![CDATA[" + words(1) + "]]></category>\n" +
             "\t\t<guid isPermaLink=\"false\">https://acme.example/?p=" + std::to_string(next() % 1000000) +
             "</guid>\n" + "\t\t<description>" + (shape_ == Shape::plain ? words(40) : escaped(html(1))) +
             "</description>\n";
      out += "\t\t<content:encoded><![CDATA[" + (shape_ == Shape::plain ? words(250) : html(5)) +
             "]]></content:encoded>\n";
      out += "\t\t<slash:comments>" + std::to_string(next() % 50) + "</slash:comments>\n\t</item>\n";
    }
    return out + "</channel>\n</rss>\n";
  }

  std::string atom(std::size_t items) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n  "
        "<title>Acme Notes</title>\n"
        "  <link rel=\"self\" href=\"https://notes.acme.example/atom.xml\"/>\n  <link "
        "href=\"https://notes.acme.example/\"/>\n"
        "  <id>https://notes.acme.example/</id>\n  <updated>2026-11-23T10:00:00Z</updated>\n  "
        "<author><name>Acme</name></author>\n";
    for (std::size_t i = 0; i < items; ++i) {
      const std::string id = std::to_string(next() % 1000000);
      out += "  <entry>\n    <title>" + words(9) + "</title>\n    <link href=\"https://notes.acme.example/" + slug() +
             "\"/>\n    <id>tag:acme.example,2026:" + id + "</id>\n    <published>2026-11-" + two(1 + next() % 28) +
             "T08:00:00Z</published>\n    <updated>2026-11-23T09:00:00Z</updated>\n" + "    <category term=\"" +
             words(1) + "\"/>\n";
      if (shape_ == Shape::plain) {
        out += "    <content>" + words(220) + "</content>\n";
      } else if (i % 2) {
        out += "    <content type=\"html\">" + escaped(html(4)) + "</content>\n";
      } else {
        out += "    <content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">" + paragraphs(4) +
               "</div></content>\n";
      }
      out += "  </entry>\n";
    }
    return out + "</feed>\n";
  }

 private:
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::uint32_t>(state_ >> 33);
  }
  static std::string two(std::uint32_t n) { return {static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)}; }

  std::string words(std::size_t n) {
    static constexpr std::array<std::string_view, 40> all = {
        "the",  "bank",     "of",      "Acme",     "said", "on",      "Monday",  "that",     "customers", "can",
        "open", "an",       "account", "within",   "five", "minutes", "without", "paper",    "and",       "a",
        "new",  "app",      "for",     "business", "is",   "coming",  "later",   "this",     "year",      "to",
        "all",  "European", "markets", "Zürich",   "café", "naïve",   "it’s",    "“quoted”", "growth",    "quarter"};
    std::string out;
    for (std::size_t i = 0; i < n; ++i) {
      if (i) out += i % 12 == 11 ? ". " : " ";
      out += all[next() % all.size()];
    }
    return out;
  }
  std::string slug() { return "story-" + std::to_string(next() % 100000) + "-about-accounts/"; }

  static std::string escaped(std::string_view s) {
    std::string out;
    for (const char c : s) {
      if (c == '<')
        out += "&lt;";
      else if (c == '>')
        out += "&gt;";
      else if (c == '&')
        out += "&amp;";
      else if (c == '"')
        out += "&quot;";
      else
        out += c;
    }
    return out;
  }

  std::string paragraphs(std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i)
      out += "<p>" + words(35) + " <a href=\"https://acme.example/" + slug() + "\">" + words(3) + "</a> " + words(12) +
             "</p>\n";
    return out;
  }

  std::string html(std::size_t n) {
    if (shape_ == Shape::clean) return paragraphs(n);
    std::string out;
    for (std::size_t i = 0; i < n; ++i) {
      switch (next() % 5) {
        case 0:
          out +=
              "<figure class=\"wp-block-image size-large\" id=\"f1\"><img loading=\"lazy\" decoding=\"async\" "
              "width=\"1024\" height=\"683\" src=\"/wp/" +
              slug() + "a.jpg\" alt=\"" + words(4) +
              "\" srcset=\"/wp/a-300.jpg 300w, /wp/a-1024.jpg 1024w\" sizes=\"(max-width: 1024px) 100vw, 1024px\" "
              "/><figcaption>" +
              words(8) + "</figcaption></figure>\n";
          break;
        case 1:
          out += "<h2 class=\"wp-block-heading\" style=\"color:#333\">" + words(5) + "</h2>\n<ul><li>" + words(6) +
                 "</li><li>" + words(7) + " &#8211; " + words(3) + "</li></ul>\n";
          break;
        default:
          out += "<p class=\"has-text-align-left\" style=\"margin:0\">" + words(40) + " <a href=\"/" + slug() +
                 "\" target=\"_blank\" rel=\"noopener\" onclick=\"track()\">" + words(3) + "</a>&nbsp;<strong>" +
                 words(3) + "</strong> " + words(15) + " &amp; more&#8230;</p>\n";
      }
    }
    if (next() % 20 == 0)
      out += "<p><b>" + words(4) + "<i>" + words(2) + "</b>" + words(3) + "</i><div>" + words(5) + "</div></p>";
    if (next() % 4 == 0) out += "<script>window.x = 1 < 2;</script>";
    out += "<img src=\"https://feeds.feedburner.com/~r/acme/~4/x\" height=\"1\" width=\"1\" alt=\"\"/>";
    return out;
  }

  Shape shape_;
  std::uint64_t state_;
};

}  // namespace

std::string make_feed(Shape shape, std::size_t items, unsigned seed) {
  Maker maker(shape, seed);
  return seed % 3 == 2 ? maker.atom(items) : maker.rss(items);
}

std::vector<std::string> make_corpus(Shape shape, std::size_t bytes) {
  std::vector<std::string> all;
  for (std::size_t size = 0, i = 0; size < bytes; size += all.back().size(), ++i)
    all.push_back(make_feed(shape, 5 + i * 37 % 146, static_cast<unsigned>(i)));
  return all;
}

}  // namespace earshot::bench
