#include "sources/feed/html_page.h"

#include <algorithm>

#include "common/source/url.h"
#include "common/text/entity.h"
#include "common/text/space.h"
#include "common/text/tag_scanner.h"

namespace earshot::feed {
namespace {

constexpr std::size_t most = 10;

bool is_feed_type(std::string_view type) {
  type = text::trim(type.substr(0, type.find(';')));
  for (const std::string_view known :
       {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/rdf",
        "application/json", "text/xml", "application/xml"})
    if (text::same(type, known)) return true;
  return false;
}

// <link rel="alternate" type="application/rss+xml">, and rel="feed" with or without a type.
bool names_feed(std::string_view rel, std::string_view type) {
  bool alternate = false;
  while (!rel.empty()) {
    const std::size_t gap = rel.find_first_of(" \t\n");
    const std::string_view word = rel.substr(0, gap);
    if (text::same(word, "feed")) return true;
    alternate = alternate || text::same(word, "alternate");
    rel.remove_prefix(gap == std::string_view::npos ? rel.size() : gap + 1);
  }
  return alternate && is_feed_type(type);
}

// A link that people click to get the feed, by its last part: /feed/ /rss news.xml
bool looks_like_feed(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  while (url.ends_with('/')) url.remove_suffix(1);
  const std::string last = text::to_lower(url.substr(url.rfind('/') + 1));
  for (const std::string_view ending : {".rss", ".atom", ".rdf", ".xml"})
    if (last.ends_with(ending)) return true;
  return last == "feed" || last == "rss" || last == "atom" || last == "feed.json";
}

}  // namespace

bool is_html_page(std::string_view text) {
  const std::string_view front = text.substr(0, 2048);
  return text::find_same(front, "<html") != std::string_view::npos ||
         text::find_same(front, "<!doctype html") != std::string_view::npos ||
         text::find_same(front, "<head>") != std::string_view::npos ||
         text::find_same(front, "<body") != std::string_view::npos;
}

std::vector<std::string> feeds_of_page(std::string_view html, std::string_view url) {
  std::vector<std::string> found, maybe;
  std::string base(url);
  text::TagScanner scanner(html);
  for (std::size_t i = 0; (i = html.find('<', i)) != std::string_view::npos && found.size() < most;) {
    const text::Tag tag = scanner.at(i);
    if (tag.kind == text::Tag::none) {
      ++i;
      continue;
    }
    i = tag.end_at;
    const bool link = text::same(tag.name, "link"), anchor = text::same(tag.name, "a");
    if (tag.kind != text::Tag::start || (!link && !anchor && !text::same(tag.name, "base"))) continue;
    std::string_view rest = tag.attributes, rel, type, href;
    for (text::Attribute a; text::next_attribute(rest, a);) {
      if (text::same(a.name, "rel")) rel = a.value;
      if (text::same(a.name, "type")) type = a.value;
      if (text::same(a.name, "href")) href = a.value;
    }
    if (href.empty()) continue;
    std::string target = source::resolve_url(base, text::decode_references(href, text::Bare::attribute));
    if (anchor) {
      if (looks_like_feed(target) && maybe.size() < most && std::ranges::find(maybe, target) == maybe.end())
        maybe.push_back(std::move(target));
    } else if (!link) {
      base = std::move(target);
    } else if (names_feed(rel, type) && std::ranges::find(found, target) == found.end()) {
      found.push_back(std::move(target));
    }
  }
  return found.empty() ? maybe : found;
}

std::string html_problem(std::string_view html, std::string_view url) {
  const auto feeds = feeds_of_page(html, url);
  if (feeds.empty()) return "no feed: this is an HTML page, and it names no feed";
  std::string message =
      "no feed: this is an HTML page; it names " + std::string(feeds.size() == 1 ? "this feed: " : "these feeds: ");
  for (std::size_t i = 0; i < feeds.size(); ++i) message.append(i ? " " : "").append(feeds[i]);
  return message;
}

}  // namespace earshot::feed
