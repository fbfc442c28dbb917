#include <charconv>

#include "common/source/date.h"
#include "common/source/url.h"
#include "common/text/html_text.h"
#include "common/text/space.h"
#include "sources/feed/fields.h"
#include "sources/feed/text_field.h"

namespace earshot::feed {
namespace {

using source::Ns;
using source::Tag;
using source::XmlElement;

// One item being read: what needs a choice between rivals is chosen at the end.
class ItemReader {
 public:
  ItemReader(XmlElement element, const Inherited& inherited, const Limits& limits, source::Warnings& warnings,
             Item& item)
      : element_(element),
        inherited_(inherited),
        limits_(limits),
        warnings_(warnings),
        item_(item),
        links_(inherited.base) {}

  void run() {
    item_.clear();
    youtube_ = static_cast<bool>(element_.child(Tag::videoid));
    for (const XmlElement child : element_)
      if (!child.is_text()) take(child, rule_of(child.ns(), child.tag()));
    finish();
  }

 private:
  void take(XmlElement child, Rule rule) {
    switch (rule.field) {
      case Field::id: return take_id(child, rule.rank);
      case Field::title: return offer(title_, rule.rank, child);
      case Field::summary: return offer(summary_, rule.rank, child);
      case Field::content:
        links_.permalink(child.attribute("src"), Links::content_rank, base_of(child, inherited_.base));
        return offer(content_, rule.rank, child);
      case Field::link: return links_.link(child, warnings_);
      case Field::orig_link: return links_.orig_link(child.text(scratch_));
      case Field::author: return people_.add(rule.rank, child);
      case Field::published: return offer_date(published_, rule.rank, child);
      case Field::updated: return offer_date(updated_, rule.rank, child);
      case Field::category: return read_category(child, item_);
      case Field::keywords: return read_keywords(child.text(scratch_), item_);
      case Field::enclosure: return read_enclosure(child, inherited_.base, item_);
      case Field::media: return take_media(child);
      case Field::comments: return take_comments(child);
      case Field::replies: return take_replies(child.text(scratch_));
      case Field::original_enclosure: return take_original(child);
      case Field::language: return language_.offer(rule.rank, std::string(child.text(scratch_)));
      case Field::source: return take_source(child);
      default: return;
    }
  }

  void offer(Best<XmlElement>& best, std::uint8_t rank, XmlElement child) {
    if (best.beats(rank) && says_something(child)) best.offer(rank, child);
  }

  void offer_date(Best<std::int64_t>& best, std::uint8_t rank, XmlElement child) {
    if (!best.beats(rank)) return;
    if (const auto t = read_date(child, warnings_)) best.offer(rank, *t);
  }

  void take_id(XmlElement child, std::uint8_t rank) {
    const std::string_view text = child.text(scratch_);
    if (text.empty()) return;
    const std::string_view base = base_of(child, inherited_.base);
    if (child.tag() == Tag::guid) {
      // RSS 2.0: isPermaLink is true where it is not said; a URL it must be all the same.
      const std::string_view permalink = text::trim(child.attribute("isPermaLink"));
      if (!text::same(permalink, "false"))
        links_.permalink(text, Links::guid_rank, text::same(permalink, "true") ? base : std::string_view{});
    }
    if (child.tag() != Tag::guid) links_.permalink(text, Links::id_rank, {});
    // An Atom id is an IRI; a relative one means what it is relative to.
    const bool relative = family(child.ns()) == Ns::atom && text.find('/') != std::string_view::npos &&
                          text.find(' ') == std::string_view::npos && source::url_scheme(text).empty();
    id_.offer(rank, relative ? source::resolve_url(base, text) : std::string(text));
  }

  // Titles and descriptions inside Media RSS count as the item's own where it has none.
  void take_media(XmlElement child) {
    read_media(child, inherited_.base, youtube_, item_);
    for (const XmlElement inner : child) {
      if (inner.is_text()) continue;
      const Rule rule = rule_of(inner.ns(), inner.tag());
      if (inner.ns() != Ns::media) continue;
      if (rule.field == Field::title) offer(title_, rule.rank, inner);
      if (rule.field == Field::summary) offer(summary_, rule.rank, inner);
      if (rule.field == Field::author) people_.add(rule.rank, inner);
      if (rule.field == Field::media && inner.tag() == Tag::content && child.tag() == Tag::group) {
        for (const XmlElement deep : inner) {
          if (deep.is_text() || deep.ns() != Ns::media) continue;
          if (deep.tag() == Tag::title) offer(title_, rule_of(Ns::media, Tag::title).rank, deep);
          if (deep.tag() == Tag::description) offer(summary_, rule_of(Ns::media, Tag::description).rank, deep);
        }
      }
    }
  }

  // The page of the comments; where somebody wrote a sentence, it is none.
  void take_comments(XmlElement child) {
    const std::string_view text = child.text(scratch_);
    if (links_.comments.empty() && text.find_first_of(" \n\t") == std::string_view::npos)
      links_.comments = http_url(text, base_of(child, inherited_.base));
  }

  // FeedBurner puts its counter in the enclosure and the publisher's own address beside it.
  void take_original(XmlElement child) {
    if (original_enclosure_.empty())
      original_enclosure_ = http_url(child.text(scratch_), base_of(child, inherited_.base));
  }

  void take_replies(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size() && value >= 0) item_.add_engagement("replies", value);
  }

  // Google News names the paper there; an Atom entry that was taken over brings its feed's authors (RFC 4287 §4.2.1).
  void take_source(XmlElement child) {
    if (family(child.ns()) == Ns::atom) {
      for (const XmlElement inner : child)
        if (!inner.is_text() && inner.tag() == Tag::author) people_.add(20, inner);
      return;
    }
    std::string name;
    to_title({child.text(scratch_), Markup::guess}, name);
    source_ = std::move(name);
  }

  void body(const Best<XmlElement>& best, std::string& out, std::string& out_text) {
    if (!best) return;
    RawText raw = raw_text(*best, scratch_);
    if (raw.text.size() > limits_.text) {
      warnings_.add("a text is too long: the rest was cut off");
      raw.text = raw.text.substr(0, limits_.text);
      while (!raw.text.empty() && (raw.text.back() & 0xC0) == 0x80) raw.text.remove_suffix(1);
      if (!raw.text.empty() && (raw.text.back() & 0x80)) raw.text.remove_suffix(1);
    }
    to_body(raw, raw.base.empty() ? std::string_view(inherited_.base) : raw.base, out, out_text, warnings_);
  }

  void finish() {
    if (title_) {
      RawText raw = raw_text(*title_, scratch_);
      raw.text = raw.text.substr(0, limits_.text);
      to_title(raw, item_.title);
    }
    body(summary_, item_.summary, item_.summary_text);
    body(content_, item_.content, item_.content_text);
    const std::string_view about = text::trim(element_.attribute(Ns::rdf, "about"));
    links_.permalink(about, Links::about_rank, {});
    if (family(element_.ns()) == Ns::none)
      links_.permalink(text::trim(element_.attribute("href")), Links::about_rank,
                       base_of(element_, inherited_.base));  // CDF
    if (family(element_.ns()) == Ns::none)
      if (const auto t = read_date(element_.attribute("lastmod"), warnings_)) updated_.offer(9, *t);  // CDF
    take_replies(links_.replies);
    item_.id = id_ ? *id_ : std::string(about);
    item_.url = std::move(links_.page.empty() ? links_.elsewhere : links_.page);
    item_.comments = std::move(links_.comments);
    for (Enclosure& e : links_.enclosures) item_.add_enclosure(std::move(e));
    if (!original_enclosure_.empty() && !item_.enclosures.empty())
      item_.enclosures.front().url = std::move(original_enclosure_);
    item_.author = people_.joined();
    if (item_.author.empty() && item_.url.find("//news.google.com/") != std::string::npos) item_.author = source_;
    if (item_.author.empty()) item_.author = inherited_.author;
    if (published_) item_.published = *published_;
    if (updated_) item_.updated = *updated_;
    if (!item_.published) item_.published = item_.updated;
    item_.language = language_ ? *language_ : std::string(element_.lang());
    if (item_.language.empty()) item_.language = inherited_.language;
    google();
    item_.complete();
  }

  void google() {
    if (std::string target = unwrap_google(item_.url); !target.empty()) item_.url = std::move(target);
    if (!is_google_alert_id(item_.id)) return;
    drop_bold(item_.summary);
    drop_bold(item_.content);
  }

  XmlElement element_;
  const Inherited& inherited_;
  const Limits& limits_;
  source::Warnings& warnings_;
  Item& item_;
  Links links_;
  People people_;
  Best<XmlElement> title_, summary_, content_;
  Best<std::int64_t> published_, updated_;
  Best<std::string> id_, language_;
  std::string source_, original_enclosure_, scratch_;
  bool youtube_ = false;
};

}  // namespace

std::optional<std::int64_t> read_date(XmlElement element, source::Warnings& warnings) {
  std::string scratch;
  return read_date(element.text(scratch), warnings);
}

std::optional<std::int64_t> read_date(std::string_view text, source::Warnings& warnings) {
  if (text.empty()) return std::nullopt;
  const auto t = source::parse_date(text);
  if (!t) warnings.add("the date '" + std::string(text.substr(0, 60)) + "' cannot be read");
  return t;
}

void read_item(XmlElement element, const Inherited& inherited, const Limits& limits, source::Warnings& warnings,
               Item& item) {
  ItemReader(element, inherited, limits, warnings, item).run();
}

}  // namespace earshot::feed
