#include "sources/feed/emit.h"

namespace earshot::feed {
namespace {

earshot_str given(std::string_view s) { return s.empty() ? earshot_str{nullptr, 0} : plugin::str(s); }

}  // namespace

bool Emitter::item(const Item& item) {
  categories_.clear();
  enclosures_.clear();
  engagement_.clear();
  for (const Category& c : item.categories) categories_.push_back({given(c.term), given(c.scheme), given(c.label)});
  for (const Enclosure& e : item.enclosures) enclosures_.push_back({given(e.url), given(e.type), e.length});
  for (const Engagement& e : item.engagement) engagement_.push_back({given(e.name), e.value});
  auto to = plugin::sized<earshot_item>();
  to.id = given(item.id);
  to.url = given(item.url);
  to.title = given(item.title);
  to.summary = given(item.summary);
  to.content = given(item.content);
  to.summary_text = given(item.summary_text);
  to.content_text = given(item.content_text);
  to.author = given(item.author);
  to.language = given(item.language);
  to.comments = given(item.comments);
  to.published = item.published.value_or(EARSHOT_NO_TIME);
  to.updated = item.updated.value_or(EARSHOT_NO_TIME);
  to.categories = categories_.data();
  to.n_categories = categories_.size();
  to.enclosures = enclosures_.data();
  to.n_enclosures = enclosures_.size();
  to.engagement = engagement_.data();
  to.n_engagement = engagement_.size();
  return out_.item(to);
}

void Emitter::feed(const Feed& feed) {
  auto to = plugin::sized<earshot_feed>();
  to.type = given(feed.type);
  to.version = given(feed.version);
  to.title = given(feed.title);
  to.link = given(feed.link);
  to.description = given(feed.description);
  to.language = given(feed.language);
  to.hub = given(hub.empty() ? feed.hub : hub);
  to.self = given(self.empty() ? feed.self : self);
  to.updated = feed.updated.value_or(EARSHOT_NO_TIME);
  to.ttl_s = feed.ttl_s;
  to.skip_hours = feed.skip_hours;
  to.skip_days = feed.skip_days;
  to.update_base = feed.update_base.value_or(EARSHOT_NO_TIME);
  out_.feed(to);
}

}  // namespace earshot::feed
