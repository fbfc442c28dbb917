#include "sources/file/json_lines.h"

#include <boost/json.hpp>
#include <string>

#include "common/source/date.h"
#include "common/source/url.h"
#include "common/text/html_text.h"
#include "common/text/space.h"
#include "sources/feed/fields.h"
#include "sources/feed/text_field.h"

namespace earshot::file {
namespace {

namespace json = boost::json;
using feed::Markup;

std::string string_at(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (!v) return {};
  if (const auto* s = v->if_string()) return std::string(text::trim({s->data(), s->size()}));
  return v->is_number() ? json::serialize(*v) : std::string{};
}

double number_of(const json::value& v) {
  if (const auto* i = v.if_int64()) return static_cast<double>(*i);
  if (const auto* u = v.if_uint64()) return static_cast<double>(*u);
  const auto* d = v.if_double();
  return d ? *d : -1;
}

// The names that engagement has in this house; others would never be asked for.
constexpr const char* counts[] = {"likes",     "reposts", "replies", "points", "followers", "score",    "views",
                                  "favorites", "ratings", "shares",  "quotes", "comments",  "downloads"};

class LineReader {
 public:
  LineReader(const feed::Limits& limits, source::Warnings& warnings) : limits_(limits), warnings_(warnings) {}

  // False when it names neither itself nor a page.
  bool read(const json::object& o, feed::Item& item) {
    item.clear();
    item.id = string_at(o, "id");
    item.url = feed::http_url(string_at(o, "url"), {});
    if (item.id.empty() && item.url.empty()) return false;
    feed::to_title({string_at(o, "title"), Markup::plain}, item.title);
    body(o, "summary", item.summary, item.summary_text);
    body(o, "content", item.content, item.content_text);
    item.author = text::plain_text(string_at(o, "author"));
    item.language = string_at(o, "language");
    item.comments = feed::http_url(string_at(o, "comments"), {});
    item.published = date_at(o, "published");
    item.updated = date_at(o, "updated");
    lists(o, item);
    return true;
  }

 private:
  void body(const json::object& o, std::string_view key, std::string& out, std::string& out_text) {
    std::string text = string_at(o, key);
    if (text.size() > limits_.text) {
      warnings_.add("a text is too long: the rest was cut off");
      std::size_t end = limits_.text;
      while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
      text.resize(end);
    }
    feed::to_body({text, Markup::guess}, {}, out, out_text, warnings_);
  }

  std::optional<std::int64_t> date_at(const json::object& o, std::string_view key) {
    const std::string text = string_at(o, key);
    if (text.empty()) return std::nullopt;
    const auto t = source::parse_date(text);
    if (!t) warnings_.add("the date '" + text.substr(0, 60) + "' cannot be read");
    return t;
  }

  static void lists(const json::object& o, feed::Item& item) {
    const auto* v = o.if_contains("categories");
    if (const auto* categories = v ? v->if_array() : nullptr)
      for (const json::value& c : *categories) {
        if (const auto* s = c.if_string()) item.add_category({text::plain_text({s->data(), s->size()}), {}, {}});
        if (const auto* object = c.if_object())
          item.add_category({string_at(*object, "term"), string_at(*object, "scheme"), string_at(*object, "label")});
      }
    v = o.if_contains("enclosures");
    if (const auto* enclosures = v ? v->if_array() : nullptr)
      for (const json::value& e : *enclosures)
        if (const auto* object = e.if_object()) {
          const auto* length = object->if_contains("length");
          const double bytes = length ? number_of(*length) : 0;
          item.add_enclosure({feed::http_url(string_at(*object, "url"), {}), string_at(*object, "type"),
                              bytes > 0 && bytes < 1e15 ? static_cast<std::uint64_t>(bytes) : 0});
        }
    v = o.if_contains("engagement");
    if (const auto* engagement = v ? v->if_object() : nullptr)
      for (const char* name : counts)
        if (const auto* count = engagement->if_contains(name))
          if (const double value = number_of(*count); value >= 0) item.add_engagement(name, value);
  }

  const feed::Limits& limits_;
  source::Warnings& warnings_;
};

json::value parse(std::string_view line) {
  json::error_code ec;
  json::value v = json::parse(line, ec);
  return ec ? json::value{} : v;
}

}  // namespace

bool is_json_lines(std::string_view text) {
  text = text::trim(text.substr(0, 1 << 20));
  if (!text.starts_with('{')) return false;
  const json::value first = parse(text.substr(0, text.find('\n')));
  const auto* o = first.if_object();
  return o && !o->contains("items") && !(o->contains("version") && o->contains("title"));
}

void read_json_lines(std::string_view text, const feed::Limits& limits, feed::Output& output,
                     source::Warnings& warnings) {
  LineReader reader(limits, warnings);
  feed::Item item;
  std::size_t number = 0, count = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text::trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.empty()) continue;
    const json::value v = parse(line);
    const auto* o = v.if_object();
    if (!o || !reader.read(*o, item)) {
      warnings.add("line " + std::to_string(number) + (o ? " has neither id nor url" : " is no JSON object") +
                   " and was left out");
      continue;
    }
    if (count++ >= limits.items) return warnings.add("the file has too many items: the rest was left out");
    if (!output.item(item)) return;
  }
}

}  // namespace earshot::file
