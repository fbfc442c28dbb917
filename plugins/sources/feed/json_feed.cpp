// JSON Feed 1.0 and 1.1 (jsonfeed.org), with what real ones get wrong: trailing commas, numbers for strings, one thing
// where a list belongs, a body cut off.
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "common/source/date.h"
#include "common/source/url.h"
#include "common/text/html_text.h"
#include "common/text/space.h"
#include "sources/feed/fields.h"
#include "sources/feed/json_text.h"
#include "sources/feed/text_field.h"

namespace earshot::feed {
namespace {

namespace json = boost::json;

// Text of a string, or of a number or truth value where a string belongs.
std::string string_of(const json::value* v) {
  if (!v) return {};
  if (const auto* s = v->if_string()) return std::string(text::trim({s->data(), s->size()}));
  if (v->is_int64() || v->is_uint64()) return json::serialize(*v);
  if (const auto* d = v->if_double()) {
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), *d).ptr};
  }
  return {};
}

std::string string_at(const json::object& o, std::string_view key) { return string_of(o.if_contains(key)); }

// The elements of an array, or the one value that stands where one belongs.
template <class Take>
void each(const json::value* v, Take take) {
  if (!v || v->is_null()) return;
  if (const auto* list = v->if_array()) {
    for (const json::value& element : *list) take(element);
  } else {
    take(*v);
  }
}

std::string authors(const json::object& o) {
  People people;
  const auto add = [&](const json::value& v) {
    if (const auto* person = v.if_object()) {
      std::string name = string_at(*person, "name");
      if (name.empty()) name = string_at(*person, "url");
      people.add_name(1, text::plain_text(name));
    } else {
      people.add_name(1, text::plain_text(string_of(&v)));
    }
  };
  each(o.if_contains("authors"), add);
  if (people.joined().empty()) each(o.if_contains("author"), add);
  return people.joined();
}

std::optional<std::int64_t> date_at(const json::object& o, std::string_view key, source::Warnings& warnings) {
  const std::string text = string_at(o, key);
  if (text.empty()) return std::nullopt;
  const auto t = source::parse_date(text);
  if (!t) warnings.add("the date '" + text.substr(0, 60) + "' cannot be read");
  return t;
}

class JsonItem {
 public:
  JsonItem(const Inherited& inherited, const Limits& limits, source::Warnings& warnings)
      : inherited_(inherited), limits_(limits), warnings_(warnings) {}

  void read(const json::object& o, Item& item) {
    item.clear();
    item.id = string_at(o, "id");
    item.url = http_url(string_at(o, "url"), inherited_.base);
    if (item.url.empty()) item.url = http_url(string_at(o, "external_url"), inherited_.base);
    if (item.url.empty()) item.url = http_url(item.id, {});
    if (std::string target = unwrap_google(item.url); !target.empty()) item.url = std::move(target);
    to_title({limited(string_at(o, "title")), Markup::guess}, item.title);
    to_body({limited(string_at(o, "summary")), Markup::guess}, inherited_.base, item.summary, item.summary_text,
            warnings_);
    if (const std::string html = string_at(o, "content_html"); !html.empty()) {
      to_body({limited(html), Markup::html}, inherited_.base, item.content, item.content_text, warnings_);
    } else {
      to_body({limited(string_at(o, "content_text")), Markup::plain}, inherited_.base, item.content, item.content_text,
              warnings_);
    }
    item.published = date_at(o, "date_published", warnings_);
    item.updated = date_at(o, "date_modified", warnings_);
    if (!item.published) item.published = item.updated;
    item.author = authors(o);
    if (item.author.empty()) item.author = inherited_.author;
    item.language = string_at(o, "language");
    if (item.language.empty()) item.language = inherited_.language;
    each(o.if_contains("tags"), [&](const json::value& v) {
      item.add_category({text::plain_text(string_of(&v)), {}, {}});
    });
    each(o.if_contains("attachments"), [&](const json::value& v) {
      const auto* a = v.if_object();
      if (!a) return;
      Enclosure e{http_url(string_at(*a, "url"), inherited_.base), string_at(*a, "mime_type"), 0};
      const std::string size = string_at(*a, "size_in_bytes");
      std::from_chars(size.data(), size.data() + size.size(), e.length);
      item.add_enclosure(std::move(e));
    });
    item.complete();
  }

 private:
  std::string_view limited(const std::string& s) {
    kept_ = s;
    if (kept_.size() > limits_.text) {
      warnings_.add("a text is too long: the rest was cut off");
      std::size_t end = limits_.text;
      while (end > 0 && (kept_[end] & 0xC0) == 0x80) --end;
      kept_.resize(end);
    }
    return kept_;
  }

  const Inherited& inherited_;
  const Limits& limits_;
  source::Warnings& warnings_;
  std::string kept_;
};

}  // namespace

Problem read_json_feed(std::string_view text, const Document& document, const Limits& limits, Output& output,
                       source::Warnings& warnings, std::string& next_url) {
  json::monotonic_resource memory(text.size() + 4096);
  std::string error;
  const json::value root = parse_json(text, &memory, warnings, error);
  const auto* o = root.if_object();
  if (!o)
    return error.empty() ? "no feed: the JSON is no object"
                         : "no feed: the document looks like JSON, but cannot be parsed: " + error;
  const std::string version = string_at(*o, "version");
  const auto* items = o->if_contains("items");
  const std::size_t named = text::find_same(version, "jsonfeed.org/version/");
  if (named == std::string::npos) {
    if (!items || !items->is_array())
      return "no feed: the document is JSON, but no JSON Feed: it has no version of jsonfeed.org";
    warnings.add("the JSON Feed does not say its version");
  }
  Feed feed;
  feed.type = "json";
  if (named != std::string::npos) feed.version = version.substr(named + 21);
  while (feed.version.ends_with('/')) feed.version.pop_back();
  if (feed.version == "1") feed.version = "1.0";
  const std::string_view base = document.url;
  feed.title = text::plain_text(string_at(*o, "title"));
  feed.self = http_url(string_at(*o, "feed_url"), base);
  feed.link = http_url(string_at(*o, "home_page_url"), base.empty() ? std::string_view(feed.self) : base);
  feed.description = text::plain_text(string_at(*o, "description"), true);
  feed.language = string_at(*o, "language");
  each(o->if_contains("hubs"), [&](const json::value& v) {
    const auto* hub = v.if_object();
    if (hub && feed.hub.empty()) feed.hub = http_url(string_at(*hub, "url"), base);
  });
  const Inherited inherited{authors(*o), feed.language,
                            !base.empty()        ? std::string(base)
                            : !feed.link.empty() ? feed.link
                                                 : feed.self};
  next_url = http_url(string_at(*o, "next_url"), inherited.base);
  JsonItem reader(inherited, limits, warnings);
  Item item;
  std::size_t count = 0;
  bool more = true;
  each(items, [&](const json::value& v) {
    const auto* entry = v.if_object();
    if (!entry || !more) return;
    if (count++ >= limits.items) {
      warnings.add("the feed has too many items: the rest was left out");
      more = false;
      return;
    }
    reader.read(*entry, item);
    more = output.item(item);
  });
  output.feed(feed);
  return std::nullopt;
}

}  // namespace earshot::feed
