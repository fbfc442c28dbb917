#include "sources/feed/model.h"

#include <algorithm>
#include <array>
#include <charconv>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace earshot::feed {
namespace {

constexpr std::size_t most_categories = 200, most_enclosures = 100;

}  // namespace

void Item::clear() {
  for (std::string* s :
       {&id, &url, &title, &summary, &content, &summary_text, &content_text, &author, &language, &comments})
    s->clear();
  published.reset();
  updated.reset();
  categories.clear();
  enclosures.clear();
  engagement.clear();
}

void Item::add_category(Category category) {
  if (category.term.empty()) category.term = category.label;
  if (category.term.empty() || categories.size() >= most_categories) return;
  const auto same = [&](const Category& c) { return c.term == category.term; };
  if (std::ranges::none_of(categories, same)) categories.push_back(std::move(category));
}

void Item::add_enclosure(Enclosure enclosure) {
  if (enclosure.url.empty() || enclosures.size() >= most_enclosures) return;
  for (Enclosure& e : enclosures)
    if (e.url == enclosure.url) {  // a second description of the same file may know more
      if (e.type.empty()) e.type = std::move(enclosure.type);
      if (e.length == 0) e.length = enclosure.length;
      return;
    }
  enclosures.push_back(std::move(enclosure));
}

void Item::add_engagement(const char* name, double value) {
  const auto same = [&](const Engagement& e) { return std::string_view(e.name) == name; };
  if (std::ranges::none_of(engagement, same)) engagement.push_back({name, value});
}

void Item::complete() {
  if (!id.empty() || !url.empty()) return;
  std::array<char, 20> date{};
  if (published) std::to_chars(date.data(), date.data() + date.size(), *published);
  std::string all = title + '\n' + summary + '\n' + content + '\n';
  for (const Enclosure& e : enclosures) all += e.url;
  all.append(date.data());
  constexpr std::string_view hex = "0123456789abcdef";
  id = "urn:earshot:item:";
  for (XXH64_hash_t h = XXH3_64bits(all.data(), all.size()), i = 0; i < 16; ++i, h <<= 4) id.push_back(hex[h >> 60]);
}

}  // namespace earshot::feed
