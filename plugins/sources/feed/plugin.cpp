// The source `feed`: one conditional GET a round, and JSON Feed's further pages.
#include <boost/json.hpp>
#include <earshot/plugin.hpp>

#include "common/source/url.h"
#include "common/text/space.h"
#include "embedded.h"
#include "sources/feed/emit.h"
#include "sources/feed/reader.h"

namespace earshot::feed {
namespace {

constexpr std::string_view accept =
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, "
    "text/xml;q=0.8, application/json;q=0.7, */*;q=0.5";

struct Settings {
  std::string url;
  Limits limits;
  std::uint64_t pages = 1;
};

Settings settings_of(std::string_view text) {
  const auto o = boost::json::parse(text).as_object();
  const auto number = [&](std::string_view key, std::uint64_t otherwise) {
    const auto* v = o.if_contains(key);
    return v ? v->to_number<std::uint64_t>() : otherwise;
  };
  Settings s;
  s.url = std::string(o.at("url").as_string());
  s.limits.items = number("max_items", s.limits.items);
  s.limits.depth = number("max_depth", s.limits.depth);
  s.limits.text = number("max_text", s.limits.text);
  s.pages = number("max_pages", s.pages);
  return s;
}

// What a Link header says of hub and self (RFC 8288): <url>; rel="hub", <url>; rel=self
void read_link_header(std::string_view value, std::string_view base, Emitter& emitter) {
  for (std::size_t at; (at = value.find('<')) != std::string_view::npos;) {
    const std::size_t end = value.find('>', at);
    if (end == std::string_view::npos) return;
    const std::string url = source::resolve_url(base, value.substr(at + 1, end - at - 1));
    value.remove_prefix(end + 1);
    const std::string_view parameters = value.substr(0, value.find('<'));
    const std::size_t rel = text::find_same(parameters, "rel=");
    if (rel == std::string_view::npos || !source::is_http(url)) continue;
    std::string_view word = parameters.substr(rel + 4);
    if (word.starts_with('"')) {
      word.remove_prefix(1);
      word = word.substr(0, word.find('"'));
    } else {
      word = word.substr(0, word.find_first_of(" ;,"));
    }
    if (text::same(word, "hub") && emitter.hub.empty()) emitter.hub = url;
    if (text::same(word, "self") && emitter.self.empty()) emitter.self = url;
  }
}

std::string status_sentence(std::uint32_t status) {
  const std::string number = std::to_string(status);
  switch (status) {
    case 401:
    case 403: return "the server refuses the feed: HTTP status " + number;
    case 404: return "there is no feed at this URL: HTTP status 404";
    case 410: return "the feed is gone for good: HTTP status 410";
    case 429: return "the server asks for fewer requests: HTTP status 429";
    default: return "the server answered with HTTP status " + number;
  }
}

class FeedSource final : public plugin::Source {
 public:
  explicit FeedSource(Settings settings) : settings_(std::move(settings)) {}

  static std::unique_ptr<plugin::Source> create(const plugin::Config& config, plugin::Failure&) {
    return std::make_unique<FeedSource>(settings_of(config.settings));
  }

  void begin(const plugin::Call&, plugin::SourceOut& out, plugin::Failure&) override {
    // A-IM: a server that knows RFC 3229 with feeds sends only the entries that are new since the ETag (226).
    out.request({"GET",
                 settings_.url,
                 {{"Accept", std::string(accept)}, {"A-IM", "feed"}},
                 {},
                 EARSHOT_REQUEST_CONDITIONAL,
                 1});
  }

  void response(const plugin::Call&, const plugin::Response& response, plugin::SourceOut& out,
                plugin::Failure& failure) override {
    if (response.status < 200 || response.status > 299) return failure(status_sentence(response.status));
    Emitter emitter(out);
    for (const earshot_pair& h : response.headers)
      if (text::same(plugin::view(h.name), "link")) read_link_header(plugin::view(h.value), response.url, emitter);
    source::Warnings warnings;
    std::string next_url;
    const Document document{response.body, response.url, response.header("content-type").value_or("")};
    if (auto problem = read_feed(document, settings_.limits, emitter, warnings, next_url))
      return failure(std::move(*problem));
    for (const std::string& w : warnings.all()) out.warning(w);
    // The tag counts the pages; a page that names itself as the next one is the last.
    if (!next_url.empty() && next_url != response.url && response.tag < settings_.pages)
      out.request({"GET", next_url, {{"Accept", std::string(accept)}}, {}, 0, response.tag + 1});
  }

 private:
  Settings settings_;
};

constexpr plugin::Info info{"feed", "1.0.0", "RSS, Atom, RDF and JSON feeds, Google Alerts among them",
                            embedded::schema, embedded::sample};

}  // namespace
}  // namespace earshot::feed

EARSHOT_SOURCE_PLUGIN(earshot::feed::info, earshot::feed::FeedSource::create)
