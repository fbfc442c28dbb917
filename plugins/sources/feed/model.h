// What every format is made into: one feed, one item at a time. Strings are used again for the next item.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace earshot::feed {

struct Category {
  std::string term, scheme, label;
};

struct Enclosure {
  std::string url, type;
  std::uint64_t length = 0;  // bytes; 0: not known
};

struct Engagement {
  const char* name;  // replies likes views …
  double value;
};

struct Item {
  std::string id, url, title;
  std::string summary, content;            // sanitised HTML or text
  std::string summary_text, content_text;  // the same for matching
  std::string author, language, comments;
  std::optional<std::int64_t> published, updated;  // ms since the epoch
  std::vector<Category> categories;
  std::vector<Enclosure> enclosures;
  std::vector<Engagement> engagement;

  void clear();
  // Lists without what is there already.
  void add_category(Category category);
  void add_enclosure(Enclosure enclosure);
  void add_engagement(const char* name, double value);
  // One plugin.h needs: an id of its own where there is neither id nor URL.
  void complete();
};

struct Feed {
  std::string type, version, title, link, description, language, hub, self, author;
  std::optional<std::int64_t> updated, update_base;
  std::uint32_t ttl_s = 0, skip_hours = 0, skip_days = 0;
};

}  // namespace earshot::feed
