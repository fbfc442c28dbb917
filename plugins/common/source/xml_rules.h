// What the reader must know of feeds to mend them: which elements hold others, which hold one value, which are items.
#pragma once

#include <string_view>

#include "common/source/vocabulary.h"

namespace earshot::source {

// RSS, Atom and what has no namespace: where a feed's own elements are.
constexpr bool is_core(Ns ns) noexcept {
  return ns == Ns::none || ns == Ns::atom || ns == Ns::atom03 || ns == Ns::rss10 || ns == Ns::rss090 ||
         ns == Ns::unknown;
}

constexpr bool is_item(Ns ns, Tag tag) noexcept { return (tag == Tag::item || tag == Tag::entry) && is_core(ns); }

// Holds elements alone: blanks between them mean nothing.
constexpr bool is_structure(Ns ns, Tag tag) noexcept {
  switch (tag) {
    case Tag::rss:
    case Tag::rdf:
    case Tag::channel:
    case Tag::feed:
    case Tag::item:
    case Tag::entry:
    case Tag::items:
    case Tag::seq:
    case Tag::textinput:
    case Tag::contributor:
    case Tag::owner:
    case Tag::skiphours:
    case Tag::skipdays:
    case Tag::group:
    case Tag::community: return true;
    case Tag::author:
    case Tag::source: return ns == Ns::atom || ns == Ns::atom03;
    case Tag::image: return is_core(ns);
    case Tag::content: return ns == Ns::media;
    default: return false;
  }
}

// Holds one value and no element, so that the start of the next field is its end.
constexpr bool is_leaf(Ns ns, Tag tag) noexcept {
  switch (tag) {
    case Tag::title:
    case Tag::link:
    case Tag::guid:
    case Tag::pubdate:
    case Tag::description:
    case Tag::category:
    case Tag::comments:
    case Tag::enclosure:
    case Tag::language:
    case Tag::copyright:
    case Tag::generator:
    case Tag::ttl:
    case Tag::lastbuilddate:
    case Tag::managingeditor:
    case Tag::webmaster:
    case Tag::docs:
    case Tag::id:
    case Tag::updated:
    case Tag::published:
    case Tag::issued:
    case Tag::modified:
    case Tag::created: return is_core(ns);
    case Tag::author:
    case Tag::source: return ns == Ns::none || ns == Ns::rss10 || ns == Ns::rss090;
    default: return ns == Ns::dc;
  }
}

// Begins a field of a feed or an item.
constexpr bool begins_field(Ns ns, Tag tag) noexcept {
  switch (tag) {
    case Tag::content:
    case Tag::summary:
    case Tag::author:
    case Tag::image: return is_core(ns);
    case Tag::encoded: return ns == Ns::content;
    default: return is_leaf(ns, tag);
  }
}

// Names that HTML has as well: inside an unclosed field they are its markup.
constexpr bool is_html_too(std::string_view name) noexcept {
  return name == "title" || name == "link" || name == "source" || name == "image" || name == "summary";
}

}  // namespace earshot::source
