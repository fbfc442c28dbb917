// Which element of an item or a feed says what, and who is heard first where several do. The one table behind every XML
// format, the same as in README.md.
#pragma once

#include <cstdint>

#include "common/source/vocabulary.h"

namespace earshot::feed {

enum class Field : std::uint8_t {
  none,
  id,
  title,
  summary,
  content,
  link,  // see links.cpp for who is heard first
  orig_link,
  author,  // see people.cpp
  published,
  updated,
  category,
  keywords,  // categories in one text, parted by commas
  enclosure,
  original_enclosure,
  media,  // Media RSS: see media.cpp
  comments,
  replies,  // a number
  language,
  ttl,
  update_period,
  update_frequency,
  update_base,
  skip_hours,
  skip_days,
  source,  // where an item was taken from
};

struct Rule {
  Field field = Field::none;
  std::uint8_t rank = 0;  // 1 is heard first
};

// RSS 0.90 and 1.0 count as RSS, Atom 0.3 as Atom.
constexpr source::Ns family(source::Ns ns) noexcept {
  using source::Ns;
  return ns == Ns::rss10 || ns == Ns::rss090 ? Ns::none : ns == Ns::atom03 ? Ns::atom : ns;
}

// Of a child of an item, an entry or a feed.
Rule rule_of(source::Ns ns, source::Tag tag) noexcept;

}  // namespace earshot::feed
