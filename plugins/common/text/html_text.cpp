#include "common/text/html_text.h"

#include <algorithm>
#include <cstddef>

#include "common/text/elements.h"
#include "common/text/entity.h"
#include "common/text/scan.h"
#include "common/text/tag_scanner.h"
#include "common/text/text_writer.h"

namespace earshot::text {
namespace {

// Handles the tag at html[at]; returns where the text goes on.
std::size_t take_tag(TagScanner& scanner, std::size_t at, TextWriter& writer) {
  const Tag tag = scanner.at(at);
  if (tag.kind == Tag::none) {
    writer.put("<");
    return at + 1;
  }
  if (tag.kind == Tag::comment) return tag.end_at;
  const Element element = Element::of(tag.name);
  writer.tag(element);
  if (tag.kind != Tag::start || !element.is(Element::removed) || !element.is(Element::raw)) return tag.end_at;
  const std::size_t end = scanner.raw_end(element.name, tag.end_at);
  const Tag closing = scanner.at(end);
  return std::max(end, closing.end_at);
}

}  // namespace

void html_to_text(std::string_view html, std::string& out) {
  TextWriter writer(out);
  TagScanner scanner(html);
  std::string character;
  for (std::size_t i = 0; i < html.size();) {
    const std::size_t next = find_any<'<', '&'>(html, i);
    writer.fold(html.substr(i, next - i));
    i = next;
    if (i == html.size()) break;
    if (html[i] == '<') {
      i = take_tag(scanner, i, writer);
      continue;
    }
    character.clear();
    if (const std::size_t n = decode_reference(html.substr(i), character).length) {
      writer.fold(character);
      i += n;
    } else {
      writer.put("&");
      ++i;
    }
  }
  writer.finish();
}

std::string html_to_text(std::string_view html) {
  std::string out;
  out.reserve(html.size());
  html_to_text(html, out);
  return out;
}

void plain_text(std::string_view text, bool lines, std::string& out) {
  TextWriter writer(out);
  while (!text.empty()) {
    const std::size_t end = lines ? text.find('\n') : std::string_view::npos;
    writer.fold(text.substr(0, end));
    if (end == std::string_view::npos) break;
    writer.line();
    text.remove_prefix(end + 1);
  }
  writer.finish();
}

std::string plain_text(std::string_view text, bool lines) {
  std::string out;
  out.reserve(text.size());
  plain_text(text, lines, out);
  return out;
}

void html_to_line(std::string_view html, std::string& out) {
  const std::size_t begin = out.size();
  html_to_text(html, out);
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), '\n', ' ');
}

std::string html_to_line(std::string_view html) {
  std::string out;
  html_to_line(html, out);
  return out;
}

bool looks_like_html(std::string_view s) {
  TagScanner scanner(s);
  std::string ignored;
  for (std::size_t at = 0; (at = find_any<'<', '&'>(s, at)) != s.size(); ++at) {
    if (s[at] == '&') {
      if (decode_reference(s.substr(at), ignored, Bare::never).length) return true;
      continue;
    }
    const Tag tag = scanner.at(at);
    if (tag.kind == Tag::comment && s.substr(at, 4) == "<!--") return true;
    if ((tag.kind == Tag::start || tag.kind == Tag::end) && Element::of(tag.name).is(Element::known)) return true;
  }
  return false;
}

}  // namespace earshot::text
