#include "feeds.h"

#include <fmt/format.h>

namespace earshot::bench {
namespace {

constexpr std::uint32_t kItems = 20, kBytes = 52'000;

const char* const kWords[] = {"heard",  "of",     "a",      "bank",   "that",  "answers", "quickly", "when",   "people",
                              "ask",    "outage", "refund", "market", "river", "weather", "council", "school", "garden",
                              "bridge", "light",  "paper",  "engine", "train", "museum",  "winter",  "summer"};

}  // namespace

std::string make_feed(std::uint32_t feed, std::uint32_t edition, std::uint32_t fresh) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>Feed {0}</title>"
      "<link>http://site{0}.example/</link><description>Benchmark</description>",
      feed);
  const std::uint32_t newest = kItems + edition * fresh;
  for (std::uint32_t i = 0; i < kItems; ++i) {
    const std::uint32_t number = newest - i;
    // Of the item alone: where it stands among the others must not make it look edited.
    std::uint32_t random = feed * 2654435761U + number * 40503U + 12345;
    const std::size_t until = out.size() + kBytes / kItems - 45;
    out += fmt::format(
        "<item><guid isPermaLink=\"false\">tag:{0},{1}</guid><title>Item {1} of feed {0}</title>"
        "<link>http://site{0}.example/news/{1}</link><pubDate>Wed, 18 Nov 2026 {2:02}:{3:02}:00 GMT</pubDate>"
        "<description>&lt;p&gt;",
        feed, number, number / 60 % 12, number % 60);
    while (out.size() < until) {
      random = random * 1664525 + 1013904223;
      out += kWords[(random >> 16) % std::size(kWords)];
      if (random >> 27 == 0) out += fmt::format(" {}", random % 100'000);
      out += random >> 28 == 1 ? ".&lt;/p&gt;&lt;p&gt;" : " ";
    }
    out += "&lt;/p&gt;</description></item>";
  }
  return out + "</channel></rss>";
}

}  // namespace earshot::bench
