#include "common/source/vocabulary.h"

#include <array>
#include <cstddef>
#include <string>

#include "common/text/space.h"

namespace earshot::source {
namespace {

constexpr std::string_view names[] = {"",
#define EARSHOT_TAG(name) #name,
                                      EARSHOT_FEED_NAMES(EARSHOT_TAG)
#undef EARSHOT_TAG
};

// A C++ keyword carries an underscore that the element does not.
constexpr std::string_view spelt(std::string_view name) {
  return name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

constexpr std::size_t slots = 512;

// The length and four letters tell the names apart well enough.
constexpr std::size_t hash(std::string_view name) noexcept {
  if (name.empty()) return 0;
  const auto letter = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text::lower(name[i])));
  };
  const std::size_t last = name.size() - 1;
  const std::uint32_t letters = letter(0) | letter(last / 3) << 8 | letter(last / 2) << 16 | letter(last) << 24;
  return ((letters + static_cast<std::uint32_t>(name.size())) * 2654435769u >> 16) % slots;
}

constexpr auto index = [] {
  std::array<std::uint8_t, slots> table{};
  for (std::size_t i = 1; i < std::size(names); ++i) {
    std::size_t at = hash(spelt(names[i]));
    while (table[at]) at = (at + 1) % slots;
    table[at] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

struct Known {
  Ns ns;
  std::string_view uri, prefix;
};

// Without scheme, "www." and a closing '/' or '#': that is where they get misspelt. The prefix is the customary one.
constexpr Known known[] = {
    {Ns::atom, "w3.org/2005/atom", "atom"},
    {Ns::atom, "w3.org/2005/atom/", "a10"},
    {Ns::atom, "purl.org/atom/app", ""},
    {Ns::atom, "example.com/newformat", ""},
    {Ns::atom, "necho", ""},
    {Ns::atom03, "purl.org/atom/ns", ""},
    {Ns::atom03, "purl.org/atom", ""},
    {Ns::none, "backend.userland.com/rss", "rss"},
    {Ns::none, "backend.userland.com/rss2", ""},
    {Ns::none, "blogs.law.harvard.edu/tech/rss", ""},
    {Ns::none, "cyber.law.harvard.edu/rss/rss.html", ""},
    {Ns::none, "purl.org/rss/2.0", ""},
    {Ns::none, "purl.org/net/rss1.1", ""},
    {Ns::rss10, "purl.org/rss/1.0", ""},
    {Ns::rss090, "my.netscape.com/rdf/simple/0.9", ""},
    {Ns::rss090, "channel.netscape.com/rdf/simple/0.9", ""},
    {Ns::rss090, "my.netscape.com/publish/formats/rss-0.9", ""},
    {Ns::rdf, "w3.org/1999/02/22-rdf-syntax-ns", "rdf"},
    {Ns::dc, "purl.org/dc/elements/1.1", "dc"},
    {Ns::dc, "purl.org/dc/elements/1.0", ""},
    {Ns::dcterms, "purl.org/dc/terms", "dcterms"},
    {Ns::content, "purl.org/rss/1.0/modules/content", "content"},
    {Ns::itunes, "itunes.com/dtds/podcast-1.0.dtd", "itunes"},
    {Ns::itunes, "itunes.com/dtds/podcast", ""},
    {Ns::itunes, "example.com/dtds/podcast-1.0.dtd", ""},
    {Ns::media, "search.yahoo.com/mrss", "media"},
    {Ns::media, "tools.search.yahoo.com/mrss", ""},
    {Ns::media, "video.search.yahoo.com/mrss", ""},
    {Ns::media, "rssboard.org/media-rss", ""},
    {Ns::media, "api.flickr.com/yahoo/mrss", ""},
    {Ns::georss, "georss.org/georss", "georss"},
    {Ns::syndication, "purl.org/rss/1.0/modules/syndication", "sy"},
    {Ns::slash, "purl.org/rss/1.0/modules/slash", "slash"},
    {Ns::wfw, "wellformedweb.org/commentapi", "wfw"},
    {Ns::thread, "purl.org/syndication/thread/1.0", "thr"},
    {Ns::feedburner, "rssnamespace.org/feedburner/ext/1.0", "feedburner"},
    {Ns::youtube, "youtube.com/xml/schemas/2015", "yt"},
    {Ns::youtube, "gdata.youtube.com/schemas/2007", ""},
    {Ns::googleplay, "google.com/schemas/play-podcasts/1.0", "googleplay"},
    {Ns::googleplay, "google.com/schemas/play-podcasts/1.0/play-podcasts.xsd", ""},
    {Ns::podcast, "podcastindex.org/namespace/1.0", "podcast"},
    {Ns::podcast, "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", ""},
    {Ns::psc, "podlove.org/simple-chapters", "psc"},
    {Ns::enclosure, "purl.oclc.org/net/rss_2.0/enc", "enc"},
    {Ns::xhtml, "w3.org/1999/xhtml", "xhtml"},
    {Ns::xml, "w3.org/xml/1998/namespace", "xml"},
};

std::string essential(std::string_view uri) {
  std::string s = text::to_lower(text::trim(uri));
  for (const std::string_view front : {"https://", "http://", "www."})
    if (s.starts_with(front)) s.erase(0, front.size());
  while (!s.empty() && (s.back() == '/' || s.back() == '#')) s.pop_back();
  return s;
}

}  // namespace

Tag tag_of(std::string_view local) noexcept {
  for (std::size_t at = hash(local); index[at]; at = (at + 1) % slots)
    if (const std::string_view name = spelt(names[index[at]]); name == local || text::same(name, local))
      return static_cast<Tag>(index[at]);
  return Tag::unknown;
}

Ns namespace_of(std::string_view uri) {
  const std::string key = essential(uri);
  if (key.empty()) return Ns::none;
  for (const Known& k : known)
    if (k.uri == key) return k.ns;
  return Ns::unknown;
}

Ns namespace_by_custom(std::string_view prefix) {
  for (const Known& k : known)
    if (!k.prefix.empty() && text::same(k.prefix, prefix)) return k.ns;
  return text::same(prefix, "geo") ? Ns::georss : Ns::unknown;
}

}  // namespace earshot::source
