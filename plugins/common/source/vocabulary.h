// The names that feeds are written with: namespaces by their URI (usual misspellings included) and element names, as
// small numbers that a switch can tell apart. Names are told apart without regard to ASCII case, as feeds get it wrong.
#pragma once

#include <cstdint>
#include <string_view>

namespace earshot::source {

enum class Ns : std::uint8_t {
  none,     // no namespace, and RSS 2.0 written with one of its inofficial ones
  unknown,  // one that nobody here knows
  atom,     // Atom 1.0 and its drafts
  atom03,
  rss10,
  rss090,
  rdf,
  dc,
  dcterms,
  content,
  itunes,
  media,
  georss,
  syndication,
  slash,
  wfw,
  thread,  // RFC 4685
  feedburner,
  youtube,
  googleplay,
  podcast,
  psc,
  enclosure,  // mod_enclosure of RSS 1.0
  xhtml,
  xml,
  count_
};

// From a namespace URI; the empty one is Ns::none.
Ns namespace_of(std::string_view uri);
// From a prefix that nobody declared: what it means wherever it is declared. Ns::unknown when it means nothing in
// general.
Ns namespace_by_custom(std::string_view prefix);

// clang-format off
#define EARSHOT_FEED_NAMES(X)                                                                                      \
    X(abstract) X(alternateenclosure) X(author) X(base64) X(block) X(body) X(category) X(channel) X(channelid)     \
    X(cloud) X(comments) X(commentrss) X(community) X(complete) X(content) X(contributor) X(copyright)             \
    X(created) X(creator) X(credit) X(date) X(datetaken) X(day) X(description) X(div) X(docs) X(duration)          \
    X(email) X(enclosure) X(encoded) X(entry) X(explicit_) X(expirationdate) X(feed) X(fullitem) X(generator)      \
    X(group) X(guid) X(height) X(homepage) X(hour) X(html) X(icon) X(id) X(image) X(info) X(issued) X(item)        \
    X(items) X(keywords) X(language) X(lastbuilddate) X(lastpubdate) X(li) X(link) X(logo) X(logourl)              \
    X(managingeditor) X(modified) X(name) X(origenclosurelink) X(origlink) X(owner) X(person) X(player)            \
    X(pubdate) X(published) X(publisher) X(rating) X(rdf) X(rights) X(rss) X(self) X(seq) X(sitemapindex)          \
    X(skipdays) X(skiphours) X(source) X(starrating) X(statistics) X(subject) X(subtitle) X(summary) X(tagline)    \
    X(tags) X(text) X(textinput) X(thumbnail) X(title) X(total) X(ttl) X(type) X(updated) X(updatebase)            \
    X(updatefrequency) X(updateperiod) X(uri) X(url) X(urlset) X(valid) X(value) X(videoid) X(webmaster)           \
    X(width)
// clang-format on

enum class Tag : std::uint8_t {
  unknown,
#define EARSHOT_TAG(name) name,
  EARSHOT_FEED_NAMES(EARSHOT_TAG)
#undef EARSHOT_TAG
      count_
};

// From a local name in whatever case.
Tag tag_of(std::string_view local) noexcept;

}  // namespace earshot::source
