// RSS of every version, Atom, RDF and CDF: which it is, then item by item.
#include "common/source/url.h"
#include "common/source/xml_reader.h"
#include "common/text/space.h"
#include "sources/feed/entities.h"
#include "sources/feed/fields.h"
#include "sources/feed/html_page.h"
#include "sources/feed/reader.h"

namespace earshot::feed {
namespace {

using source::Ns;
using source::Tag;
using source::XmlElement;
using source::XmlTree;

// The element that says what the feed says of itself, and the one that says which format it is.
struct Root {
  XmlElement format, holder;
};

// Found by breadth in the few elements outside items: something may be wrapped around the feed.
Root find_root(XmlElement at, int levels) {
  Root found;
  for (const XmlElement child : at) {
    if (child.is_text()) continue;
    switch (child.tag()) {
      case Tag::rss:
      case Tag::rdf: {
        found.format = child;
        for (const XmlElement inner : child)
          if (!inner.is_text() && inner.tag() == Tag::channel && !found.holder) found.holder = inner;
        if (!found.holder) found.holder = child;
        return found;
      }
      case Tag::feed:
      case Tag::channel: return {child, child};
      default: break;
    }
  }
  for (const XmlElement child : at) {
    if (child.is_text() || levels == 0) continue;
    found = find_root(child, levels - 1);
    if (found.format) return found;
  }
  return {};
}

void name_format(XmlElement format, Feed& feed) {
  const std::string_view version = text::trim(format.attribute("version"));
  switch (format.tag()) {
    case Tag::feed:
      feed.type = "atom";
      feed.version = format.ns() == Ns::atom                         ? "1.0"
                     : format.ns() == Ns::atom03 || version == "0.3" ? "0.3"
                                                                     : std::string(version);
      break;
    case Tag::rdf:
      feed.type = "rdf";
      feed.version.clear();
      for (const XmlElement child : format) {
        if (child.is_text() || !feed.version.empty()) continue;
        if (child.ns() == Ns::rss090) feed.version = "0.90";
        if (child.ns() == Ns::rss10) feed.version = "1.0";
      }
      break;
    case Tag::channel:
      feed.type = format.attribute("href").empty() && format.attribute("base").empty() ? "rss" : "cdf";
      feed.version.clear();
      break;
    default: feed.type = "rss"; feed.version = version == "2" ? "2.0" : std::string(version);
  }
}

class XmlFeed final : public source::XmlItems {
 public:
  XmlFeed(const Document& document, const Limits& limits, Output& output, source::Warnings& warnings)
      : document_(document), limits_(limits), output_(output), warnings_(warnings) {}

  bool item(const XmlTree& tree, XmlElement element) override {
    // What the feed says of itself is read again only when more of it came, as when items stand before it; after some
    // times only when there is twice as much, or fields between all items would cost their square.
    if (known_nodes_ != element.id() && (readings_ < 16 || element.id() / 2 >= known_nodes_)) {
      known_nodes_ = element.id();
      ++readings_;
      inherit(tree);
    }
    if (count_ >= limits_.items) {
      warnings_.add("the feed has too many items: the rest was left out");
      return false;
    }
    ++count_;
    first_ns_ = count_ == 1 ? element.ns() : first_ns_;
    first_tag_ = count_ == 1 ? element.tag() : first_tag_;
    read_item(element, inherited_, limits_, warnings_, item_);
    return output_.item(item_);
  }

  Problem finish(const source::XmlReader& reader, std::string_view text) {
    Root root = find_root(reader.document(), 3);
    Feed feed;
    if (root.format) {
      name_format(root.format, feed);
      if (feed.type == "rdf" && feed.version.empty() && first_ns_ != Ns::none)
        feed.version = first_ns_ == Ns::rss090 ? "0.90" : "1.0";
      read_channel(root.holder, document_.url, warnings_, feed);
    } else if (count_ > 0) {
      feed.type = first_tag_ == Tag::entry ? "atom" : "rss";
      if (first_ns_ == Ns::atom) feed.version = "1.0";
      if (first_ns_ == Ns::atom03) feed.version = "0.3";
    } else {
      return what_it_is(reader, text);
    }
    output_.feed(feed);
    return std::nullopt;
  }

 private:
  void inherit(const XmlTree& tree) {
    const Root root = find_root({tree, 0}, 3);
    if (!root.holder) return;
    Feed feed;
    source::Warnings unheard;  // they are said once, at the end
    read_channel(root.holder, document_.url, unheard, feed);
    inherited_.author = std::move(feed.author);
    inherited_.language = std::move(feed.language);
    inherited_.base = !document_.url.empty() ? std::string(document_.url) : !feed.link.empty() ? feed.link : feed.self;
  }

  // Why there is no feed.
  Problem what_it_is(const source::XmlReader& reader, std::string_view text) const {
    XmlElement first;
    for (const XmlElement child : reader.document())
      if (!child.is_text() && !first) first = child;
    if (first && (first.tag() == Tag::urlset || first.tag() == Tag::sitemapindex))
      return "no feed: this is a sitemap; use a source of type sitemap or page for it";
    if (first && text::same(first.name(), "opml"))
      return "no feed: this is OPML, a list of feeds; `earshot import` reads it";
    if (is_html_page(text)) return html_problem(text, document_.url);
    if (first)
      return "no feed: the document is XML, but its root element is <" + std::string(first.name().substr(0, 60)) + ">";
    return "no feed: the document is neither XML nor JSON Feed";
  }

  const Document& document_;
  const Limits& limits_;
  Output& output_;
  source::Warnings& warnings_;
  Inherited inherited_;
  Item item_;
  std::size_t count_ = 0;
  std::uint32_t known_nodes_ = 0;
  unsigned readings_ = 0;
  Ns first_ns_ = Ns::none;
  Tag first_tag_ = Tag::unknown;
};

}  // namespace

Problem read_xml_feed(std::string& text, const Document& document, const Limits& limits, Output& output,
                      source::Warnings& warnings) {
  source::XmlLimits xml;
  xml.depth = limits.depth;
  const std::string original = is_html_page(text) ? text : std::string{};  // reading decodes it in place
  expand_entities(text, warnings);
  source::XmlReader reader(text, document.url, xml, warnings);
  XmlFeed feed(document, limits, output, warnings);
  reader.read(feed);
  return feed.finish(reader, original);
}

}  // namespace earshot::feed
