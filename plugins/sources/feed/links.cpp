#include "common/source/url.h"
#include "common/text/space.h"
#include "sources/feed/fields.h"

namespace earshot::feed {
namespace {

using source::Ns;
using source::XmlElement;

// Registered relations may be written as URIs (RFC 4287 §4.2.7.2).
std::string_view relation(XmlElement element) {
  std::string_view rel = text::trim(element.attribute("rel"));
  for (const std::string_view front :
       {"http://www.iana.org/assignments/relation/", "http://www.iana.org/assignments/link-relations/"})
    if (rel.starts_with(front)) rel.remove_prefix(front.size());
  return rel;
}

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t gap = words.find(' ');
    if (text::same(words.substr(0, gap), word)) return true;
    if (gap == std::string_view::npos) return false;
    words.remove_prefix(gap + 1);
  }
  return false;
}

}  // namespace

std::string http_url(std::string_view text, std::string_view base) {
  if (text.empty()) return {};
  std::string url = source::resolve_url(base, text);
  if (!source::is_http(url)) url.clear();
  return url;
}

std::string_view base_of(XmlElement element, std::string_view fallback) {
  return element.base().empty() ? fallback : element.base();
}

void Links::offer(std::uint8_t rank, std::string_view text, std::string_view base) {
  if (rank >= rank_) return;
  std::string url = http_url(text, base);
  if (url.empty()) {
    if (relative_page.empty() && source::url_scheme(text).empty()) relative_page = std::string(text);
    return;
  }
  rank_ = rank;
  page = std::move(url);
}

void Links::link(XmlElement element, source::Warnings& warnings) {
  const std::string_view base = base_of(element, base_);
  const std::string_view href = text::trim(element.attribute("href"));
  if (href.empty()) {
    std::string scratch;
    const std::string_view text = element.text(scratch);
    if (text.empty()) return;
    if (rank_ > 2 && http_url(text, base).empty()) warnings.add("a link is no http or https URL and was left out");
    return offer(2, text, base);
  }
  const std::string_view rel = relation(element);
  const std::string_view type = text::trim(element.attribute("type"));
  if (rel.empty() || has_word(rel, "alternate")) {
    const bool page_type =
        type.empty() || text::starts_with(type, "text/html") || text::starts_with(type, "application/xhtml");
    return offer(page_type ? 3 : 4, href, base);
  }
  remember_elsewhere(rel, href, base);
  if (has_word(rel, "enclosure")) {
    Enclosure e;
    e.url = http_url(href, base);
    e.type = std::string(type);
    const std::string_view length = text::trim(element.attribute("length"));
    for (const char c : length) {
      if (!text::is_digit(c) || e.length > (std::uint64_t{1} << 59)) {
        e.length = 0;
        break;
      }
      e.length = e.length * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (!e.url.empty() && enclosures.size() < 100) enclosures.push_back(std::move(e));
  } else if (has_word(rel, "self")) {
    if (self.empty()) self = http_url(href, base);
  } else if (has_word(rel, "hub")) {
    if (hub.empty()) hub = http_url(href, base);
  } else if (has_word(rel, "replies")) {
    if (replies.empty()) replies = text::trim(element.attribute(Ns::thread, "count"));
    if (comments.empty() && (type.empty() || text::starts_with(type, "text/html"))) comments = http_url(href, base);
  }
}

void Links::remember_elsewhere(std::string_view rel, std::string_view href, std::string_view base) {
  const bool about = has_word(rel, "related") || has_word(rel, "via");
  if (about ? !about_ : elsewhere.empty() && has_word(rel, "self")) {
    elsewhere = http_url(href, base);
    about_ = about && !elsewhere.empty();
  }
}

}  // namespace earshot::feed
