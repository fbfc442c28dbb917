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
  for (const std::string_view known : {"application/rss+xml", "application/atom+xml", "application/feed+json",
                                       "application/rdf+xml", "application/json", "text/xml", "application/xml"})
    if (text::same(type, known)) return true;
  return false;
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
  std::vector<std::string> found;
  std::string base(url);
  text::TagScanner scanner(html);
  for (std::size_t i = 0; (i = html.find('<', i)) != std::string_view::npos && found.size() < most;) {
    const text::Tag tag = scanner.at(i);
    if (tag.kind == text::Tag::none) {
      ++i;
      continue;
    }
    i = tag.end_at;
    const bool link = text::same(tag.name, "link");
    if (tag.kind != text::Tag::start || (!link && !text::same(tag.name, "base"))) continue;
    std::string_view rest = tag.attributes, rel, type, href;
    for (text::Attribute a; text::next_attribute(rest, a);) {
      if (text::same(a.name, "rel")) rel = a.value;
      if (text::same(a.name, "type")) type = a.value;
      if (text::same(a.name, "href")) href = a.value;
    }
    if (href.empty()) continue;
    std::string target = source::resolve_url(base, text::decode_references(href, text::Bare::attribute));
    if (!link) {
      base = std::move(target);
    } else if (is_feed_type(type) && text::find_same(rel, "alternate") != std::string_view::npos &&
               std::ranges::find(found, target) == found.end()) {
      found.push_back(std::move(target));
    }
  }
  return found;
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
