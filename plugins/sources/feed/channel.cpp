#include <array>
#include <charconv>
#include <cmath>

#include "common/text/html_text.h"
#include "common/text/space.h"
#include "sources/feed/fields.h"
#include "sources/feed/text_field.h"

namespace earshot::feed {
namespace {

using source::Ns;
using source::Tag;
using source::XmlElement;

std::optional<double> number(std::string_view s) {
  s = text::trim(s);
  double value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc{} || end != s.data() + s.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// RSS 1.0 module Syndication: so many times in a period.
double period_s(std::string_view name) {
  if (text::same(name, "hourly")) return 3600;
  if (text::same(name, "weekly")) return 7 * 86400.0;
  if (text::same(name, "monthly")) return 30 * 86400.0;
  if (text::same(name, "yearly")) return 365 * 86400.0;
  return 86400;
}

std::uint32_t seconds(double s) { return s >= 1 && s <= 366 * 86400.0 ? static_cast<std::uint32_t>(s) : 0; }

std::uint32_t hours(XmlElement element) {
  std::uint32_t mask = 0;
  std::string scratch;
  for (const XmlElement child : element)
    if (!child.is_text())
      if (const auto h = number(child.text(scratch)); h && *h >= 0 && *h <= 24)
        mask |= 1u << (static_cast<unsigned>(*h) % 24);
  return mask;
}

std::uint32_t days(XmlElement element) {
  static constexpr std::array<std::string_view, 7> names = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  std::uint32_t mask = 0;
  std::string scratch;
  for (const XmlElement child : element)
    if (!child.is_text())
      for (std::size_t d = 0; d < names.size(); ++d)
        if (text::starts_with(child.text(scratch), names[d])) mask |= 1u << d;
  return mask;
}

}  // namespace

void read_channel(XmlElement holder, std::string_view url, source::Warnings& warnings, Feed& feed) {
  Best<XmlElement> title, description;
  Best<std::string> language;
  Best<std::int64_t> updated, published;
  Links links(url);
  People people;
  std::string scratch, period;
  double ttl_s = 0, frequency = 1;
  std::optional<std::int64_t> base;
  for (const XmlElement child : holder) {
    if (child.is_text()) continue;
    const Rule rule = rule_of(child.ns(), child.tag());
    switch (rule.field) {
      case Field::title:
        if (title.beats(rule.rank) && says_something(child)) title.offer(rule.rank, child);
        break;
      case Field::summary:
        if (description.beats(rule.rank) && says_something(child)) description.offer(rule.rank, child);
        break;
      case Field::link: links.link(child, warnings); break;
      case Field::author: people.add(rule.rank, child); break;
      case Field::language:
        if (std::string said(child.text(scratch)); !said.empty()) language.offer(rule.rank, std::move(said));
        break;
      case Field::updated:
        if (const auto t = read_date(child, warnings)) updated.offer(rule.rank, *t);
        break;
      case Field::published:
        if (const auto t = read_date(child, warnings)) published.offer(rule.rank, *t);
        break;
      case Field::ttl:
        if (const auto minutes = number(child.text(scratch))) ttl_s = *minutes * 60;
        break;
      case Field::update_period: period = std::string(child.text(scratch)); break;
      case Field::update_frequency:
        if (const auto n = number(child.text(scratch)); n && *n >= 1) frequency = *n;
        break;
      case Field::update_base: base = read_date(child, warnings); break;
      case Field::skip_hours: feed.skip_hours = hours(child); break;
      case Field::skip_days: feed.skip_days = days(child); break;
      default: break;
    }
  }
  if (title) to_title(raw_text(*title, scratch), feed.title);
  if (description) {
    std::string html;
    const RawText raw = raw_text(*description, scratch);
    to_body(raw, raw.base.empty() ? url : raw.base, html, feed.description, warnings);
  }
  if (family(holder.ns()) == Ns::none && holder.tag() == Tag::channel) {  // CDF
    links.permalink(text::trim(holder.attribute("href")), Links::about_rank, base_of(holder, url));
    if (const auto t = read_date(holder.attribute("lastmod"), warnings)) updated.offer(9, *t);
  }
  feed.link = std::move(links.page);
  feed.self = std::move(links.self);
  if (feed.link.empty()) feed.link = http_url(links.relative_page, feed.self);
  feed.hub = std::move(links.hub);
  feed.author = people.joined();
  feed.language = language ? *language : std::string(holder.lang());
  feed.updated.reset();
  if (published) feed.updated = *published;
  if (updated) feed.updated = *updated;
  feed.ttl_s = seconds(ttl_s);
  feed.update_base.reset();
  if (feed.ttl_s == 0 && !period.empty()) {
    const double each = period_s(period) / frequency;
    feed.ttl_s = seconds(each);
    if (feed.ttl_s == each) feed.update_base = base;  // parts of a second would add up to hours over the years
  }
}

}  // namespace earshot::feed
