// The children of an item or a feed, read field by field.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/source/warnings.h"
#include "common/source/xml_tree.h"
#include "sources/feed/model.h"
#include "sources/feed/precedence.h"
#include "sources/feed/reader.h"

namespace earshot::feed {

// The best of several rivals so far: the lowest rank, of equals the first.
template <class T>
class Best {
 public:
  bool beats(std::uint8_t rank) const { return rank < rank_; }
  void offer(std::uint8_t rank, T value) {
    if (!beats(rank)) return;
    rank_ = rank;
    value_ = std::move(value);
  }
  explicit operator bool() const { return rank_ != none; }
  const T& operator*() const { return value_; }

 private:
  static constexpr std::uint8_t none = 255;
  std::uint8_t rank_ = none;
  T value_{};
};

// ---- links.cpp
// Gathers the links of an item or feed and chooses the one for people.
class Links {
 public:
  explicit Links(std::string_view base) : base_(base) {}

  void link(source::XmlElement element, source::Warnings& warnings);
  void orig_link(std::string_view text) { offer(1, text, base_); }
  // A guid that says or by default means that it is a permalink, an out-of-line content, an rdf:about.
  void permalink(std::string_view text, std::uint8_t rank, std::string_view base) { offer(rank, text, base); }

  // Better than no page for an item: what it is about or where it was found, else its own document.
  std::string elsewhere;
  std::string page, self, hub, comments, replies;  // replies: how many, as it was written
  std::string relative_page;                       // as it was written, where nothing says what it is relative to
  std::vector<Enclosure> enclosures;
  static constexpr std::uint8_t guid_rank = 5, content_rank = 6, about_rank = 7, id_rank = 8;

 private:
  void offer(std::uint8_t rank, std::string_view text, std::string_view base);
  void remember_elsewhere(std::string_view rel, std::string_view href, std::string_view base);

  std::string_view base_;
  std::uint8_t rank_ = 255;
  bool about_ = false;
};

// The URL of an attribute or text against the element's xml:base; empty when it is no absolute http(s) URL then.
std::string http_url(std::string_view text, std::string_view base);
// An element's base; `fallback` where neither it nor the document has one.
std::string_view base_of(source::XmlElement element, std::string_view fallback);

// ---- people.cpp
// Names of authors by rank; a name is heard before a bare mail address.
class People {
 public:
  void add(std::uint8_t rank, source::XmlElement element);
  void add_name(std::uint8_t rank, std::string name);
  std::string joined() const;

 private:
  std::uint8_t rank_ = 255;
  std::vector<std::string> names_;
};

// ---- media.cpp
// Media RSS (media:group, content, description, community, player …) into an item.
void read_media(source::XmlElement element, std::string_view base, bool youtube, Item& item);
void read_enclosure(source::XmlElement element, std::string_view base, Item& item);
void read_category(source::XmlElement element, Item& item);
void read_keywords(std::string_view text, Item& item);

// ---- google.cpp
// The target of a link that leads through google.com/url or (old ones) news.google.com/rss/articles; empty when it is
// none.
std::string unwrap_google(std::string_view url);
bool is_google_alert_id(std::string_view id);
// Takes out the <b> around what the alert was about.
void drop_bold(std::string& html);

// A date in an element's text; a warning when there is one that cannot be read.
std::optional<std::int64_t> read_date(source::XmlElement element, source::Warnings& warnings);
std::optional<std::int64_t> read_date(std::string_view text, source::Warnings& warnings);

// What a feed says before its items and they lack.
struct Inherited {
  std::string author, language, base;
};

// ---- item.cpp and channel.cpp
void read_item(source::XmlElement element, const Inherited& inherited, const Limits& limits, source::Warnings& warnings,
               Item& item);
// `holder` is channel or feed; called again it reads what came since.
void read_channel(source::XmlElement holder, std::string_view url, source::Warnings& warnings, Feed& feed);

}  // namespace earshot::feed
