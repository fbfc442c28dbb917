// What a source gives: one entry, before anybody asked whether somebody wants it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace earshot {

struct Category {
  std::string term, scheme, label;
};

struct Enclosure {
  std::string url, type;
  std::uint64_t length = 0;  // bytes; 0 is unknown
};

// A count such as likes or replies; absent is unknown, never 0.
struct Number {
  std::string name;
  double value = 0;
};

// Empty strings are absent values. All text is well-formed UTF-8.
struct Item {
  std::string id;   // stable within its source
  std::string url;  // absolute http(s)
  std::string title;
  std::string summary, content;            // sanitised HTML or text
  std::string summary_text, content_text;  // the same as plain text, for matching
  std::string author, language, comments;
  std::optional<Time> published, updated;
  std::vector<Category> categories;
  std::vector<Enclosure> enclosures;
  std::vector<Number> engagement;
};

// What a document says of itself.
struct FeedInfo {
  std::string type, version, title, link, description, language, hub, self;
  std::optional<Time> updated;
  std::uint32_t ttl_s = 0;          // 0: not said
  std::uint32_t skip_hours = 0;     // bit h: leave GMT hour h out
  std::uint32_t skip_days = 0;      // bit d: leave day d out, 0 = Sunday
  std::optional<Time> update_base;  // what is new comes at update_base + n·ttl_s
};

}  // namespace earshot
