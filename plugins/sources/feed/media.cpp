#include <charconv>

#include "common/text/html_text.h"
#include "common/text/space.h"
#include "sources/feed/fields.h"
#include "sources/feed/text_field.h"

namespace earshot::feed {
namespace {

using source::Ns;
using source::Tag;
using source::XmlElement;

std::uint64_t whole_number(std::string_view s) {
  s = text::trim(s);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  return error == std::errc{} && end == s.data() + s.size() ? value : 0;
}

void add_count(XmlElement element, std::string_view attribute, const char* name, Item& item) {
  const std::string_view text = text::trim(element.attribute(attribute));
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= 0) item.add_engagement(name, value);
}

// Media RSS 1.5.1, "media:community".
void read_community(XmlElement community, bool youtube, Item& item) {
  for (const XmlElement e : community) {
    if (e.is_text()) continue;
    if (e.tag() == Tag::statistics) {
      add_count(e, "views", "views", item);
      add_count(e, "favorites", "favorites", item);
    }
    // On YouTube the count of ratings is that of thumbs up.
    if (e.tag() == Tag::starrating) add_count(e, "count", youtube ? "likes" : "ratings", item);
  }
}

void read_media_content(XmlElement element, std::string_view base, Item& item) {
  Enclosure e;
  e.url = http_url(element.attribute(Ns::media, "url"), base_of(element, base));
  e.type = std::string(text::trim(element.attribute(Ns::media, "type")));
  if (e.type.empty()) e.type = std::string(text::trim(element.attribute(Ns::media, "medium")));
  e.length = whole_number(element.attribute(Ns::media, "fileSize"));
  item.add_enclosure(std::move(e));
}

}  // namespace

void read_media(XmlElement element, std::string_view base, bool youtube, Item& item) {
  if (element.tag() == Tag::community) return read_community(element, youtube, item);
  if (element.tag() == Tag::content) read_media_content(element, base, item);
  for (const XmlElement e : element) {
    if (e.is_text() || e.ns() != Ns::media) continue;
    switch (e.tag()) {
      case Tag::content: read_media(e, base, youtube, item); break;
      case Tag::community: read_community(e, youtube, item); break;
      case Tag::category: read_category(e, item); break;
      case Tag::keywords: {
        std::string scratch;
        read_keywords(e.text(scratch), item);
        break;
      }
      default: break;
    }
  }
}

void read_enclosure(XmlElement element, std::string_view base, Item& item) {
  std::string scratch;
  std::string_view url = element.attribute("url");
  if (url.empty()) url = element.attribute("href");
  if (url.empty()) url = element.attribute(Ns::rdf, "resource");
  if (url.empty()) url = element.attribute(Ns::enclosure, "url");
  if (url.empty())
    if (const XmlElement inner = element.child(Tag::source))
      url = inner.attribute("uri");  // podcast:alternateEnclosure
  Enclosure e;
  if (url.empty() && element.has_children_elements()) {  // written as elements
    std::string type;
    if (const XmlElement inner = element.child(Tag::url)) url = inner.text(scratch);
    if (const XmlElement inner = element.child(Tag::type)) e.type = std::string(inner.text(type));
  } else if (url.empty()) {
    url = element.text(scratch);
  }
  e.url = http_url(url, base_of(element, base));
  if (e.type.empty()) e.type = std::string(text::trim(element.attribute(Ns::enclosure, "type")));
  e.length = whole_number(element.attribute(Ns::enclosure, "length"));
  item.add_enclosure(std::move(e));
}

void read_category(XmlElement element, Item& item) {
  std::string scratch;
  Category c;
  std::string_view term = element.attribute("term");
  if (term.empty() && element.ns() == Ns::itunes) term = element.attribute("text");
  if (term.empty() && element.ns() == Ns::googleplay) term = element.attribute("text");
  if (term.empty()) {
    for (const XmlElement child : element)
      if (child.is_text()) scratch.append(child.characters());
    term = text::trim(scratch);
  }
  to_title({term, Markup::guess}, c.term);
  std::string_view scheme = element.attribute("scheme");
  if (scheme.empty()) scheme = element.attribute("domain");
  c.scheme = std::string(text::trim(scheme));
  to_title({element.attribute("label"), Markup::guess}, c.label);
  item.add_category(std::move(c));
  for (const XmlElement child : element)
    if (!child.is_text() && child.is(element.ns(), Tag::category)) read_category(child, item);
}

void read_keywords(std::string_view words, Item& item) {
  while (!words.empty()) {
    const std::size_t comma = words.find(',');
    Category c;
    to_title({text::trim(words.substr(0, comma)), Markup::guess}, c.term);
    item.add_category(std::move(c));
    if (comma == std::string_view::npos) return;
    words.remove_prefix(comma + 1);
  }
}

}  // namespace earshot::feed
