// What begins with '<': tags, comments, CDATA, DTDs; and references in texts and attribute values.
#include <algorithm>
#include <cstring>
#include <utility>

#include "common/source/xml_reader.h"
#include "common/source/xml_rules.h"
#include "common/text/entity.h"
#include "common/text/space.h"

namespace earshot::source {
namespace {

constexpr bool starts_name(char c) noexcept {
  return text::is_alpha(c) || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool ends_name(char c) noexcept {
  return text::is_space(c) || c == '>' || c == '/' || c == '=' || c == '<' || c == '"' || c == '\'';
}

std::string_view view(const char* from, const char* to) { return {from, static_cast<std::size_t>(to - from)}; }

// Are two names one slip of a finger apart: a letter left out, put in or changed, or two that changed places? Names of
// fewer than four letters are too much alike to tell.
bool one_slip_apart(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  if (b.size() < 4 || a.size() - b.size() > 1) return false;
  const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const std::string_view left_a{in_a, a.end()}, left_b{in_b, b.end()};
  if (left_a.size() > left_b.size()) return left_a.substr(1) == left_b;
  return left_a.substr(std::min<std::size_t>(1, left_a.size())) ==
             left_b.substr(std::min<std::size_t>(1, left_b.size())) ||
         (left_a.size() > 1 && left_a[0] == left_b[1] && left_a[1] == left_b[0] &&
          left_a.substr(2) == left_b.substr(2));
}

}  // namespace

char* XmlReader::find(char c, char* from) {
  char*& none = c == '"' ? no_double_ : no_single_;
  if ((c == '"' || c == '\'') && from >= none) return nullptr;
  auto* found = static_cast<char*>(std::memchr(from, c, static_cast<std::size_t>(end_ - from)));
  if (!found && (c == '"' || c == '\'')) none = from;
  return found;
}

char* XmlReader::find(std::string_view what, char* from) {
  const std::size_t at = view(from, end_).find(what);
  return at == std::string_view::npos ? nullptr : from + at;
}

// The quote that ends an attribute value; nullptr when there is none that could.
char* XmlReader::quote_end(char* value, char quote) {
  char* const close = find(quote, value);
  if (!close) return nullptr;
  // '<' is not allowed in a value. With a '>' before it the closing quote was forgotten.
  const auto* lt = static_cast<char*>(std::memchr(value, '<', static_cast<std::size_t>(close - value)));
  if (!lt) return close;
  return std::memchr(value, '>', static_cast<std::size_t>(lt - value)) ? nullptr : close;
}

// Fills raw_ with what stands between a name and the '>' that ends the tag; `at` goes behind it. False when it never
// ends.
bool XmlReader::scan_attributes(char*& at, bool& self_closing) {
  raw_.clear();
  self_closing = false;
  for (;;) {
    while (at < end_ && text::is_space(*at)) ++at;
    if (at == end_ || *at == '<') return false;
    if (*at == '>') {
      ++at;
      return true;
    }
    if (*at == '/') {
      self_closing = at + 1 < end_ && at[1] == '>';
      ++at;
      continue;
    }
    char* const name = at;
    while (at < end_ && !ends_name(*at)) ++at;
    if (at == name) {  // a stray quote or '='
      ++at;
      continue;
    }
    RawAttribute raw{view(name, at), at, at};
    char* after = at;
    while (after < end_ && text::is_space(*after)) ++after;
    if (after < end_ && *after == '=') {
      at = after + 1;
      while (at < end_ && text::is_space(*at)) ++at;
      if (at == end_) return false;
      char* close = nullptr;
      if (*at == '"' || *at == '\'') {
        close = quote_end(at + 1, *at);
        if (!close) warnings_.add("an attribute value lacks its closing quote");
        raw.value = ++at;
      } else {
        raw.value = at;
        warnings_.add("an attribute value has no quotes");
      }
      if (close) {
        raw.value_end = close;
        at = close + 1;
      } else {
        while (at < end_ && !text::is_space(*at) && *at != '>') ++at;
        if (at == end_) return false;
        raw.value_end = at;
        // "<img src=x/>" ends itself; "<rss xmlns=http://example.com/>" does not.
        if (*at == '>' && at > raw.value && at[-1] == '/' &&
            view(raw.value, at).find("://") == std::string_view::npos) {
          self_closing = true;
          --raw.value_end;
        }
      }
    } else {
      warnings_.add("an attribute has no value");
    }
    if (raw_.size() < limits_.attributes) {
      raw_.push_back(raw);
    } else {
      warnings_.add("a tag has too many attributes: the rest was left out");
    }
  }
}

char* XmlReader::start_tag(char* at, XmlItems& items) {
  char* p = at + 1;
  if (!starts_name(*p)) return nullptr;
  while (p < end_ && !ends_name(*p)) ++p;
  const std::string_view name = view(at + 1, p);
  bool self_closing = false;
  if (p < end_ && *p == '>') {
    raw_.clear();
    ++p;
  } else if (!scan_attributes(p, self_closing)) {
    return nullptr;
  }
  if (stack_.size() >= limits_.depth) {
    warnings_.add("elements are nested too deep: the deepest tags were left out");
    if (!self_closing) ++over_depth_;
    return p;
  }
  open(name, items);
  if (self_closing && !stop_) close_top(items);
  return p;
}

char* XmlReader::end_tag(char* at, XmlItems& items) {
  char* p = at + 2;
  if (p == end_ || !(starts_name(*p) || text::is_space(*p))) return nullptr;
  char* name_from = p;
  while (name_from < end_ && text::is_space(*name_from)) ++name_from;
  p = name_from;
  while (p < end_ && !ends_name(*p)) ++p;
  const std::string_view name = view(name_from, p);
  while (p < end_ && *p != '>' && *p != '<') ++p;
  if (p == end_) return nullptr;
  if (*p == '<') {
    warnings_.add("an end tag lacks its '>'");
  } else {
    ++p;
  }
  if (!stack_.empty() && stack_.back().name == name && over_depth_ == 0) {
    close_top(items);
    return p;
  }
  if (over_depth_ > 0) {
    // The end of a field or an item ends what was left out inside it, too; other names are those of left-out tags.
    for (std::size_t depth = stack_.size(); depth > 0; --depth) {
      const Open& o = stack_[depth - 1];
      if (!text::same(o.name, name) || !(is_structure(o.ns, o.tag) || begins_field(o.ns, o.tag))) continue;
      over_depth_ = 0;
      close_to(depth - 1, items);
      return p;
    }
    --over_depth_;
    return p;
  }
  for (std::size_t depth = stack_.size(); depth > 0; --depth) {
    if (!text::same(stack_[depth - 1].name, name)) continue;
    warnings_.add("an end tag does not match the tag before it");
    close_to(depth - 1, items);
    return p;
  }
  // <tilte>One</title>: the rest of the item shall not be taken for what the misspelt element holds.
  if (!stack_.empty() && one_slip_apart(stack_.back().name, name)) {
    warnings_.add("an end tag does not match the tag before it");
    close_top(items);
    return p;
  }
  warnings_.add("an end tag has no start");
  return p;
}

char* XmlReader::comment_or_doctype(char* at) {
  const std::string_view rest = view(at, end_);
  if (rest.starts_with("<![CDATA[")) return cdata(at);
  if (text::starts_with(rest.substr(0, 9), "<!doctype")) return doctype(at);
  if (rest.starts_with("<!--")) {
    char* const from = at + 4;
    char* const close = from < no_comment_end_ ? find("-->", from) : nullptr;
    if (close) return close + 3;
    no_comment_end_ = std::min(no_comment_end_, from);
    warnings_.add("a comment is never closed");
    // It ends where the next tag begins: better a word too many than no items.
    auto* const tag = find('<', from);
    return tag ? tag : end_;
  } else {
    warnings_.add("a declaration that does not belong here was left out");
  }
  auto* const close = find('>', at);
  return close ? close + 1 : end_;
}

char* XmlReader::cdata(char* at) {
  char* const from = at + 9;
  char* const close = from < no_cdata_end_ ? find("]]>", from) : nullptr;
  char* to = close;
  char* next = close ? close + 3 : nullptr;
  if (!close) {
    no_cdata_end_ = std::min(no_cdata_end_, from);
    warnings_.add("a CDATA section is never closed");
    to = next = end_;
    cut_ = true;
  }
  if (stack_.empty() || stack_.back().node == 0) return next;
  // A section inside a section, if a second end follows: XML knows no such thing, so the inner marks go.
  constexpr std::string_view mark = "<![CDATA[";
  std::string_view s = view(from, to);
  const std::size_t inner = s.find(mark);
  if (inner != std::string_view::npos && close) {
    auto* after = static_cast<char*>(std::memchr(next, '<', static_cast<std::size_t>(end_ - next)));
    if (view(next, after ? after : end_).find("]]>") != std::string_view::npos) {
      if (inner > 0) add_text(s.substr(0, inner));
      s.remove_prefix(inner + mark.size());
    }
  }
  if (!s.empty()) add_text(s);
  return next;
}

// Skipped, its internal subset included: whatever it declares is not expanded.
char* XmlReader::doctype(char* at) {
  bool subset = false;
  for (char* p = at + 9; p < end_; ++p) {
    if (*p == '<' && view(p, end_).starts_with("<!--") && p < no_comment_end_) {
      char* const close = find("-->", p + 4);
      if (close) {
        p = close + 2;
        continue;
      }
      no_comment_end_ = std::min(no_comment_end_, p);
    }
    if (*p == '[') subset = true;
    if (*p == ']') subset = false;
    if (*p == '>' && !subset) return p + 1;
    if (subset && *p == '<') warnings_.add("declarations in the document type were left out");
    if ((*p == '"' || *p == '\'') && find(*p, p + 1)) p = find(*p, p + 1);
    if (!subset && *p == '<') return p;  // it was never closed
  }
  auto* const close = find('>', at);
  return close ? close + 1 : end_;
}

// Decodes the references of a text or an attribute value in place.
std::string_view XmlReader::decode(char* from, char* to) {
  const std::size_t size = static_cast<std::size_t>(to - from);
  auto* first = static_cast<char*>(std::memchr(from, '&', size));
  if (!first) return view(from, to);
  char* out = first;
  for (char* in = first; in < to;) {
    if (*in != '&') {
      auto* next = static_cast<char*>(std::memchr(in, '&', static_cast<std::size_t>(to - in)));
      if (!next) next = to;
      std::memmove(out, in, static_cast<std::size_t>(next - in));
      out += next - in;
      in = next;
      continue;
    }
    // The four that escaped HTML is full of, without a look at any table.
    const std::size_t left = static_cast<std::size_t>(to - in);
    if (left >= 4 && in[2] == 't' && in[3] == ';' && (in[1] == 'l' || in[1] == 'g')) {
      *out++ = in[1] == 'l' ? '<' : '>';
      in += 4;
      continue;
    }
    if (left >= 5 && std::memcmp(in, "&amp;", 5) == 0) {
      *out++ = '&';
      in += 5;
      continue;
    }
    if (left >= 6 && std::memcmp(in, "&quot;", 6) == 0) {
      *out++ = '"';
      in += 6;
      continue;
    }
    scratch_.clear();
    const text::Reference r = text::decode_reference(view(in, to), scratch_, text::Bare::never);
    // A few names stand for more bytes than they take; they stay for the HTML parser.
    if (r.length == 0 || scratch_.size() > r.length) {
      warnings_.add(r.length ? "an HTML entity was left as it is" : "a '&' that begins no reference was read as text");
      *out++ = *in++;
      continue;
    }
    if (!r.xml) warnings_.add("HTML entities such as &nbsp; are not defined in XML");
    std::memcpy(out, scratch_.data(), scratch_.size());
    out += scratch_.size();
    in += r.length;
  }
  return view(from, out);
}

}  // namespace earshot::source
