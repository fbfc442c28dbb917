#include <fmt/format.h>

#include <boost/json/serializer.hpp>
#include <iterator>

#include "core/json/item_json.h"

namespace earshot {
namespace {

// Writes the members of one object and keeps count of the commas. What is empty is left out.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  ~Members() { out_ += '}'; }
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    key(name);
    append_json(out_, value);
  }
  void time(std::string_view name, std::optional<Time> value) {
    if (!value) return;
    key(name);
    fmt::format_to(std::back_inserter(out_), "\"{}\"", rfc3339(*value));
  }
  // Shortest form that reads back the same; whole numbers without a point.
  template <class T>
  void number(std::string_view name, T value) {
    key(name);
    fmt::format_to(std::back_inserter(out_), "{}", value);
  }
  template <class List, class Write>
  void list(std::string_view name, const List& values, Write&& write) {
    if (values.empty()) return;
    key(name);
    out_ += '[';
    bool first = true;
    for (const auto& value : values) {
      if (!first) out_ += ',';
      first = false;
      write(value);
    }
    out_ += ']';
  }
  void key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json(out_, name);
    out_ += ':';
  }

 private:
  std::string& out_;
  bool first_ = true;
};

std::vector<unsigned> bits(std::uint32_t set, unsigned n) {
  std::vector<unsigned> out;
  for (unsigned i = 0; i < n; ++i)
    if (set >> i & 1U) out.push_back(i);
  return out;
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  // Most strings need no escape at all; the serializer writes the others piece by piece.
  boost::json::serializer serializer;
  serializer.reset(boost::json::string_view{text.data(), text.size()});
  char buffer[4096];
  while (!serializer.done()) {
    const auto piece = serializer.read(buffer);
    out.append(piece.data(), piece.size());
  }
}

void append_json(std::string& out, const Item& item, ItemText text) {
  Members o{out};
  o.text("id", item.id);
  o.text("url", item.url);
  o.text("title", item.title);
  o.text("summary", item.summary);
  o.text("content", item.content);
  if (text == ItemText::all) {
    o.text("summary_text", item.summary_text);
    o.text("content_text", item.content_text);
  }
  o.text("author", item.author);
  o.time("published", item.published);
  o.time("updated", item.updated);
  o.list("categories", item.categories,
         [&](const Category& c) { append_json(out, c.term.empty() ? c.label : c.term); });
  o.text("language", item.language);
  o.list("enclosures", item.enclosures, [&](const Enclosure& e) {
    Members m{out};
    m.text("url", e.url);
    m.text("type", e.type);
    if (e.length > 0) m.number("length", e.length);
  });
  o.text("comments", item.comments);
  if (!item.engagement.empty()) {
    o.key("engagement");
    Members m{out};
    for (const Number& n : item.engagement) m.number(n.name, n.value);
  }
}

void append_json(std::string& out, const FeedInfo& feed) {
  Members o{out};
  o.text("type", feed.type);
  o.text("version", feed.version);
  o.text("title", feed.title);
  o.text("link", feed.link);
  o.text("description", feed.description);
  o.text("language", feed.language);
  o.text("hub", feed.hub);
  o.text("self", feed.self);
  if (feed.ttl_s > 0) o.number("ttl_s", feed.ttl_s);
  o.time("update_base", feed.update_base);
  o.time("updated", feed.updated);
  const auto number = [&](unsigned n) { fmt::format_to(std::back_inserter(out), "{}", n); };
  o.list("skip_hours", bits(feed.skip_hours, 24), number);
  o.list("skip_days", bits(feed.skip_days, 7), number);
}

}  // namespace earshot
