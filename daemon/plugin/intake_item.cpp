// What sources give: items, and what a document says of itself.
#include <cmath>

#include "plugin/intake_impl.h"

namespace earshot::host {

std::optional<Item> Intake::item(const earshot_item* from) {
  const auto in = known(from, "item");
  if (!in) return std::nullopt;

  std::optional<Item> taken{std::in_place};
  Item& out = *taken;
  const auto at = [&](std::string_view field) { return Where{"item", field, &out}; };
  // The id and the URL come first: warnings name the item by them.
  out.id = text(in->id, limits_.id, at("id"));
  out.url = http_url(in->url, at("url"));
  if (out.id.empty()) out.id = out.url;
  if (out.id.empty()) {
    if (!broken_) warn("an item without id and URL was left out");
    return std::nullopt;
  }
  out.title = text(in->title, limits_.title, at("title"));
  out.summary = text(in->summary, limits_.content, at("summary"), Cut::markup);
  out.content = text(in->content, limits_.content, at("content"), Cut::markup);
  out.summary_text = text(in->summary_text, limits_.content, at("summary_text"));
  out.content_text = text(in->content_text, limits_.content, at("content_text"));
  out.author = text(in->author, limits_.name, at("author"));
  out.language = text(in->language, limits_.name, at("language"));
  out.comments = http_url(in->comments, at("comments"));
  // A struct that ends before its times has none; zero would be 1970.
  if (in->size >= offsetof(earshot_item, published) + sizeof in->published)
    out.published = time(in->published, at("published"));
  if (in->size >= offsetof(earshot_item, updated) + sizeof in->updated) out.updated = time(in->updated, at("updated"));

  each(in->categories, in->n_categories, limits_.list, at("categories"), [&](const earshot_category& c) {
    Category category{text(c.term, limits_.title, at("category")), text(c.scheme, limits_.url, at("category's scheme")),
                      text(c.label, limits_.title, at("category's label"))};
    if (!category.term.empty() || !category.label.empty()) out.categories.push_back(std::move(category));
  });
  each(in->enclosures, in->n_enclosures, limits_.list, at("enclosures"), [&](const earshot_enclosure& e) {
    Enclosure enclosure{http_url(e.url, at("enclosure")), text(e.type, limits_.name, at("enclosure's type")), e.length};
    if (!enclosure.url.empty()) out.enclosures.push_back(std::move(enclosure));
  });
  each(in->engagement, in->n_engagement, limits_.list, at("engagement"), [&](const earshot_number& n) {
    Number number{text(n.name, limits_.name, at("engagement")), n.value};
    if (number.name.empty() || !std::isfinite(number.value))
      warn(fmt::format("{}: a count without name or finite value was left out", name(at("engagement"))));
    else
      out.engagement.push_back(std::move(number));
  });
  if (broken_) return std::nullopt;
  return taken;
}

std::optional<FeedInfo> Intake::feed(const earshot_feed* from) {
  const auto in = known(from, "feed");
  if (!in) return std::nullopt;

  std::optional<FeedInfo> taken{std::in_place};
  FeedInfo& out = *taken;
  const auto at = [](std::string_view field) { return Where{"feed", field}; };
  out.type = text(in->type, limits_.name, at("type"));
  out.version = text(in->version, limits_.name, at("version"));
  out.title = text(in->title, limits_.title, at("title"));
  out.link = http_url(in->link, at("link"));
  out.description = text(in->description, limits_.content, at("description"), Cut::markup);
  out.language = text(in->language, limits_.name, at("language"));
  out.hub = http_url(in->hub, at("hub"));
  out.self = http_url(in->self, at("self"));
  if (in->size >= offsetof(earshot_feed, updated) + sizeof in->updated) out.updated = time(in->updated, at("updated"));
  out.ttl_s = in->ttl_s;
  out.skip_hours = in->skip_hours & 0xFFFFFFU;  // 24 hours
  out.skip_days = in->skip_days & 0x7FU;
  if (in->size >= offsetof(earshot_feed, update_base) + sizeof in->update_base)
    out.update_base = time(in->update_base, at("update_base"));
  if (broken_) return std::nullopt;
  return taken;
}

}  // namespace earshot::host
