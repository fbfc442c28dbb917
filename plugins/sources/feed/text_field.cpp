#include "sources/feed/text_field.h"

#include <algorithm>
#include <array>
#include <vector>

#include "common/source/sanitise.h"
#include "common/text/base64.h"
#include "common/text/elements.h"
#include "common/text/entity.h"
#include "common/text/html_text.h"
#include "common/text/nfc.h"
#include "common/text/scan.h"
#include "common/text/space.h"
#include "common/text/tag_scanner.h"
#include "common/text/utf8.h"
#include "sources/feed/precedence.h"

namespace earshot::feed {
namespace {

using source::Ns;
using source::Tag;
using source::XmlElement;

bool is_html_type(std::string_view type) {
  return text::same(type, "html") || text::same(type, "text/html") || text::same(type, "xhtml") ||
         text::same(type, "application/xhtml+xml") || text::same(type, "text/x-html");
}

bool is_text_type(std::string_view type) {
  return type.empty() || text::same(type, "text") || text::starts_with(type, "text/");
}

// Atom's xhtml stands in one div that is no part of it (RFC 4287 §3.1.1.3).
XmlElement without_div(XmlElement element) {
  XmlElement only;
  for (const XmlElement child : element) {
    if (child.is_text()) {
      if (!text::trim(child.characters()).empty()) return element;
      continue;
    }
    if (only || child.tag() != Tag::div) return element;
    only = child;
  }
  return only ? only : element;
}

RawText markup_of(XmlElement element, std::string& scratch) {
  scratch.clear();
  const XmlElement inside = without_div(element);
  inside.append_html(scratch);
  return {text::trim(scratch), Markup::html, inside.base()};
}

// Packed text that says only that it is bytes, as Atom 0.3 had it: text if it is UTF-8 without control characters.
RawText packed_text(XmlElement element, std::string& scratch) {
  std::string packed;
  scratch = text::from_base64(element.text(packed));
  const bool text = text::is_utf8(scratch) && std::ranges::none_of(scratch, [](char c) {
                      return static_cast<unsigned char>(c) < 0x20 && !text::is_space(c);
                    });
  return text ? RawText{text::trim(scratch), Markup::guess} : RawText{};
}

// Of several forms of the same (Atom 0.3 §4.13.1): HTML before others, else the last one.
XmlElement best_alternative(XmlElement element) {
  XmlElement best;
  for (const XmlElement child : element) {
    if (child.is_text() || child.tag() != Tag::content) continue;
    if (!best || !is_html_type(text::trim(best.attribute("type")))) best = child;
  }
  return best;
}

RawText atom_text(XmlElement element, std::string& scratch) {
  const std::string_view type = text::trim(element.attribute("type"));
  if (text::starts_with(type, "multipart/"))
    if (const XmlElement best = best_alternative(element)) return atom_text(best, scratch);
  if (text::same(type, "application/octet-stream") && !element.has_children_elements())
    return packed_text(element, scratch);
  const bool inside = element.has_children_elements();
  const std::string_view mode = element.ns() == Ns::atom03 ? element.attribute("mode") : std::string_view{};
  if (text::same(mode, "base64") ||
      (element.tag() == Tag::content && !type.empty() && !is_html_type(type) && !is_text_type(type) &&
       type.find("xml") == std::string_view::npos && type.find('/') != std::string_view::npos)) {
    // Bytes of some other type are no text (RFC 4287 §4.1.3.3); Atom 0.3 may pack text that way.
    if (!is_html_type(type) && !is_text_type(type)) return {};
    std::string packed;
    scratch = text::to_utf8(text::from_base64(element.text(packed)));
    return {text::trim(scratch), is_html_type(type) ? Markup::html : Markup::plain};
  }
  if (inside) return markup_of(element, scratch);
  return {element.text(scratch), is_html_type(type) ? Markup::html : Markup::plain};
}

// A whole text that is markup escaped once too often: "&lt;p&gt;…&lt;/p&gt;" where HTML was meant.
bool doubly_escaped(std::string_view s) {
  if (!s.starts_with("&lt;") || !s.ends_with("&gt;") || s.find('<') != std::string_view::npos) return false;
  const std::string once = text::decode_references(s);
  text::TagScanner scanner(once);
  const text::Tag first = scanner.at(0);
  if (first.kind != text::Tag::start || !text::Element::of(first.name).is(text::Element::allowed)) return false;
  const std::size_t last = once.rfind('<');
  const text::Tag end = scanner.at(last);
  return last > 0 && (end.kind == text::Tag::end || text::Element::of(end.name).is(text::Element::empty));
}

// A title that shows a tag ("The <script> element") is told from one that uses it ("A <b>bold</b> claim").
bool is_marked_up(std::string_view s) {
  text::TagScanner scanner(s);
  std::string ignored;
  std::vector<std::string_view> shown;
  for (std::size_t at = 0; (at = text::find_any<'<', '&'>(s, at)) != s.size(); ++at) {
    if (s[at] == '&') {
      if (text::decode_reference(s.substr(at), ignored, text::Bare::never).length) return true;
      continue;
    }
    const text::Tag tag = scanner.at(at);
    if (tag.kind != text::Tag::start && tag.kind != text::Tag::end) continue;
    const text::Element element = text::Element::of(tag.name);
    if (!element.is(text::Element::inline_mark) &&
        !(element.is(text::Element::block) && element.is(text::Element::allowed)))
      continue;
    if (tag.kind == text::Tag::end || element.is(text::Element::empty)) return true;
    // "Use of <b>" shows a tag: one that is used ends somewhere. Each name is looked for once.
    if (std::ranges::find(shown, element.name) != shown.end()) continue;
    if (text::find_same(s, "</" + std::string(element.name), at) != std::string_view::npos) return true;
    shown.push_back(element.name);
  }
  return false;
}

bool has_markup(std::string_view s) { return text::find_any<'<', '&'>(s) != s.size(); }

}  // namespace

namespace {

RawText raw(XmlElement element, std::string& scratch) {
  const Ns ns = family(element.ns());
  if (ns == Ns::atom) return atom_text(element, scratch);
  if (ns == Ns::xhtml || element.has_children_elements()) return markup_of(element, scratch);
  const std::string_view text = element.text(scratch);
  if (ns == Ns::media && text::same(element.attribute("type"), "plain")) return {text, Markup::plain};
  if (ns == Ns::content || (ns == Ns::media && text::same(element.attribute("type"), "html")))
    return {text, Markup::html};
  return {text, Markup::guess};
}

}  // namespace

RawText raw_text(XmlElement element, std::string& scratch) {
  RawText text = raw(element, scratch);
  if (text.base.empty()) text.base = element.base();
  return text;
}

void to_title(RawText raw, std::string& out) {
  out.clear();
  if (raw.markup == Markup::plain || !has_markup(raw.text) ||
      (raw.markup == Markup::guess && !is_marked_up(raw.text))) {
    text::plain_text(raw.text, false, out);
  } else if (raw.markup == Markup::guess && doubly_escaped(raw.text)) {
    text::html_to_line(text::decode_references(raw.text), out);
  } else {
    text::html_to_line(raw.text, out);
  }
}

void to_body(RawText raw, std::string_view base, std::string& out, std::string& out_text, source::Warnings& warnings) {
  out.clear();
  out_text.clear();
  if (raw.text.empty()) return;
  const bool html = has_markup(raw.text) &&
                    (raw.markup == Markup::html || (raw.markup == Markup::guess && text::looks_like_html(raw.text)));
  if (!html) {
    source::escape_text(raw.text, out);
    return text::plain_text(raw.text, true, out_text);
  }
  if (raw.markup == Markup::guess && doubly_escaped(raw.text)) {
    source::sanitise(text::decode_references(raw.text), base, out, out_text, warnings);
  } else {
    source::sanitise(raw.text, base, out, out_text, warnings);
  }
  while (!out.empty() && text::is_space(out.back())) out.pop_back();
}

bool says_something(XmlElement element) {
  for (const XmlElement child : element) {
    if (!child.is_text() || !text::trim(child.characters()).empty()) return true;
  }
  return false;
}

}  // namespace earshot::feed
