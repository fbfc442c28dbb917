#include "common/source/sanitise_rules.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <iterator>

#include "common/source/url.h"
#include "common/text/scan.h"
#include "common/text/space.h"

namespace earshot::source {
namespace {

enum class Kind { text, link, media, srcset, size };

struct Rule {
  std::string_view name;
  Kind kind;
  std::string_view only;  // elements, each between blanks; empty: all
};

// No id or name (they shadow properties of a page's document), no style, no on*.
constexpr Rule rules[] = {
    {"href", Kind::link, " a area "},
    {"src", Kind::media, " img audio video source track "},
    {"alt", Kind::text, " img area "},
    {"title", Kind::text, ""},
    {"class", Kind::text, ""},  // microformats live here
    {"rel", Kind::text, " a area "},
    {"rev", Kind::text, " a "},
    {"lang", Kind::text, ""},
    {"dir", Kind::text, ""},
    {"width", Kind::size, " img video table td th "},
    {"height", Kind::size, " img video table td th "},
    {"srcset", Kind::srcset, " img source "},
    {"sizes", Kind::text, " img source "},
    {"poster", Kind::media, " video "},
    {"cite", Kind::link, " blockquote q del ins "},
    {"datetime", Kind::text, " time del ins "},
    {"hreflang", Kind::text, " a "},
    {"type", Kind::text, " a source ol ul audio video "},
    {"media", Kind::text, " source "},
    {"controls", Kind::text, " audio video "},
    {"colspan", Kind::text, " td th "},
    {"rowspan", Kind::text, " td th "},
    {"headers", Kind::text, " td th "},
    {"scope", Kind::text, " td th "},
    {"abbr", Kind::text, " th td "},
    {"start", Kind::text, " ol "},
    {"reversed", Kind::text, " ol "},
    {"value", Kind::text, " li data "},
    {"span", Kind::text, " col colgroup "},
};

// Names as numbers: none is longer than eight letters.
constexpr std::uint64_t key_of(std::string_view name) noexcept {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < name.size(); ++i)
    key |= static_cast<std::uint64_t>(static_cast<unsigned char>(text::lower(name[i]))) << i * 8;
  return key;
}
static_assert(std::ranges::all_of(rules, [](const Rule& r) { return r.name.size() <= 8; }) && std::size(rules) <= 32);

// The rules by name, and for each the elements it is for, by id.
class RuleTable {
 public:
  RuleTable() {
    std::uint8_t n = 0;
    for (const Rule& rule : rules) {
      std::size_t at = slot(key_of(rule.name));
      while (slots_[at].number) at = (at + 1) % slots_.size();
      slots_[at] = {key_of(rule.name), ++n};
      for (std::string_view names = rule.only; names.size() > 1;) {
        names.remove_prefix(1);
        const std::size_t end = names.find(' ');
        elements_[n - 1u].set(text::Element::of(names.substr(0, end)).id);
        names.remove_prefix(end);
      }
    }
  }
  // Its number in `rules`, or -1.
  int find(std::string_view name) const noexcept {
    if (name.size() > 8) return -1;
    const std::uint64_t key = key_of(name);
    for (std::size_t at = slot(key); slots_[at].number; at = (at + 1) % slots_.size())
      if (slots_[at].key == key) return slots_[at].number - 1;
    return -1;
  }
  bool applies(int rule, const text::Element& element) const {
    return rules[rule].only.empty() || elements_[static_cast<std::size_t>(rule)][element.id];
  }

 private:
  static std::size_t slot(std::uint64_t key) noexcept { return key * 0x9E3779B97F4A7C15u >> 57; }
  struct Slot {
    std::uint64_t key = 0;
    std::uint8_t number = 0;  // counted from 1; 0: free
  };
  std::array<Slot, 128> slots_{};
  std::array<std::bitset<256>, std::size(rules)> elements_{};
};

const RuleTable& rule_table() {
  static const RuleTable table;
  return table;
}

// Pictures that count readers: what feed services put under every item.
bool is_tracker(std::string_view url) {
  static constexpr std::string_view beacons[] = {
      "feeds.feedburner.com/~r/",
      "feedproxy.google.com/~r/",
      "feeds.wordpress.com/1.0/",
      "stats.wordpress.com/",
      "pixel.wp.com/",
      "pixel.quantserve.com/",
      ".doubleclick.net/",
      "google-analytics.com/",
      "feedsportal.com/",
      "rss.buysellads.com/",
      "feedads.g.doubleclick.net/",
      "b.scorecardresearch.com/",
      "pixel.facebook.com/",
      "facebook.com/tr?",
      "api.flattr.com/",
      "counter.theconversation.",
      "feeds.feedblitz.com/~/i/",
      "da.feedsportal.com/",
  };
  std::array<char, 200> lower;
  const std::size_t size = std::min(url.size(), lower.size());
  std::transform(url.begin(), url.begin() + static_cast<std::ptrdiff_t>(size), lower.begin(), text::lower);
  const std::string_view front(lower.data(), size);
  return std::ranges::any_of(beacons, [&](std::string_view b) { return front.find(b) != std::string_view::npos; });
}

void append_value(std::string& out, std::string_view value) {
  for (std::size_t at; (at = text::find_any<'&', '<', '>', '"'>(value)) != value.size();) {
    out.append(value.substr(0, at));
    const char c = value[at];
    out.append(c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&quot;");
    value.remove_prefix(at + 1);
  }
  out.append(value);
}

}  // namespace

std::string safe_url(std::string_view value, std::string_view base, bool media) {
  std::string url = resolve_url(base, value);
  if (url.starts_with("https:") || url.starts_with("http:")) return url;
  const std::string scheme = url_scheme(url);
  if (scheme.empty()) return url.find(':') < url.find_first_of("/?#") ? std::string{} : url;
  if (scheme == "http" || scheme == "https") return url;
  if (media) return {};
  for (const std::string_view other : {"mailto", "tel", "sms", "ftp", "xmpp", "irc", "ircs", "magnet", "news", "nntp",
                                       "geo", "sip", "sips", "matrix", "webcal", "callto", "gopher", "bitcoin", "feed"})
    if (scheme == other) return url;
  return {};
}

void append_escaped_text(std::string& out, std::string_view s) {
  for (std::size_t at; (at = text::find_any<'&', '<', '>'>(s)) != s.size();) {
    out.append(s.substr(0, at));
    out.append(s[at] == '&' ? "&amp;" : s[at] == '<' ? "&lt;" : "&gt;");
    s.remove_prefix(at + 1);
  }
  out.append(s);
}

void TagWriter::begin(const text::Element& element) {
  element_ = element;
  start_ = out_.size();
  has_source_ = tracker_ = false;
  small_ = 0;
  seen_ = 0;
  out_.push_back('<');
  out_.append(element.name);
}

void TagWriter::attribute(std::string_view name, std::string_view value) {
  const RuleTable& table = rule_table();
  const int number = table.find(name);
  if (number < 0 || (seen_ >> number & 1) || !table.applies(number, element_)) return;
  seen_ |= 1u << number;
  const Rule& rule = rules[number];
  switch (rule.kind) {
    case Kind::text: return add(rule.name, value);
    case Kind::size:
      if (text::trim(value) == "0" || text::trim(value) == "1" || text::trim(value) == "1px") ++small_;
      return add(rule.name, value);
    case Kind::srcset: return add_srcset(rule.name, value);
    case Kind::link:
    case Kind::media: {
      const std::string url = safe_url(value, base_, rule.kind == Kind::media);
      if (url.empty() && !(rule.name == "href" && text::trim(value).empty())) return;
      if (rule.name == "src") has_source_ = !url.empty();
      if (rule.name == "src" && element_.name == "img") tracker_ = is_tracker(url);
      return add(rule.name, url);
    }
  }
}

void TagWriter::add(std::string_view name, std::string_view value) {
  out_.push_back(' ');
  out_.append(name).append("=\"", 2);
  append_value(out_, value);
  out_.push_back('"');
}

// Candidates "url 2x, url 480w" (HTML §4.8.4.2.1); a comma inside a URL is not followed by a blank.
void TagWriter::add_srcset(std::string_view name, std::string_view value) {
  std::string kept;
  while (!(value = text::trim(value)).empty()) {
    const std::size_t gap = value.find_first_of(" \t\n\r\f");
    std::string_view url = value.substr(0, gap);
    std::string_view rest = gap == std::string_view::npos ? std::string_view{} : text::trim(value.substr(gap));
    std::string_view descriptor;
    if (url.ends_with(',')) {
      while (url.ends_with(',')) url.remove_suffix(1);
    } else {
      const std::size_t comma = rest.find(',');
      descriptor = text::trim(rest.substr(0, comma));
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
    if (const std::string safe = safe_url(url, base_, true); !safe.empty()) {
      if (!kept.empty()) kept.append(", ");
      kept.append(safe);
      if (!descriptor.empty()) kept.append(" ").append(descriptor);
    }
    value = rest;
  }
  if (kept.empty()) return;
  has_source_ = true;
  add(name, kept);
}

bool TagWriter::finish() {
  if (element_.name == "img" && (tracker_ || small_ >= 2 || !has_source_)) {
    out_.resize(start_);
    return false;
  }
  out_.push_back('>');
  return true;
}

}  // namespace earshot::source
