// The quick way: a tag at a time, for HTML that nests as it should, which is nearly all there is. As soon as an HTML
// parser would move something about, it gives up and gumbo decides.
#include "common/source/sanitise.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "common/source/sanitise_rules.h"
#include "common/text/elements.h"
#include "common/text/entity.h"
#include "common/text/html_text.h"
#include "common/text/scan.h"
#include "common/text/space.h"
#include "common/text/tag_scanner.h"
#include "common/text/text_writer.h"

namespace earshot::source {
namespace {

using text::Element;

// What has rules of its own here, told by its number.
const std::uint16_t a = Element::of("a").id, br = Element::of("br").id, caption = Element::of("caption").id,
                    col = Element::of("col").id, colgroup = Element::of("colgroup").id, dd = Element::of("dd").id,
                    dl = Element::of("dl").id, dt = Element::of("dt").id, li = Element::of("li").id,
                    ol = Element::of("ol").id, p = Element::of("p").id, table = Element::of("table").id,
                    tbody = Element::of("tbody").id, tfoot = Element::of("tfoot").id, thead = Element::of("thead").id,
                    tr = Element::of("tr").id, ul = Element::of("ul").id;

class Quick {
 public:
  Quick(std::string_view html, std::string_view base, std::string& out, std::string& out_text)
      : html_(html), out_(out), text_(out_text), scanner_(html), writer_(base, out) {}

  // False: not for this way; what was written is to be thrown away.
  bool run() {
    for (std::size_t i = 0; i < html_.size() && fine_;) {
      const std::size_t next = text::find_any<'<', '>', '&'>(html_, i);
      if (next > i) put(html_.substr(i, next - i));
      i = next;
      if (i == html_.size()) break;
      i = html_[i] == '<' ? tag(i) : character(i);
    }
    while (!stack_.empty()) close();
    text_.finish();
    return fine_;
  }

 private:
  void put(std::string_view s) {
    if (in_table() && std::ranges::any_of(s, [](char c) { return !text::is_space(c); })) fine_ = false;
    out_.append(s);
    text_.fold(s);
  }

  std::size_t character(std::size_t i) {
    if (in_table()) fine_ = false;
    if (html_[i] == '>') {
      out_.append("&gt;");
      text_.put(">");
      return i + 1;
    }
    scratch_.clear();
    const std::size_t n = text::decode_reference(html_.substr(i), scratch_).length;
    if (n == 0) {
      out_.append("&amp;");
      text_.put("&");
      return i + 1;
    }
    append_escaped_text(out_, scratch_);
    text_.fold(scratch_);
    return i + n;
  }

  std::size_t tag(std::size_t i) {
    const text::Tag t = scanner_.at(i);
    if (t.kind == text::Tag::none) {
      if (in_table()) fine_ = false;
      out_.append("&lt;");
      text_.put("<");
      return i + 1;
    }
    if (t.kind == text::Tag::comment) return t.end_at;
    const Element element = Element::of(t.name);
    if (element.is(Element::special)) {
      fine_ = false;
    } else if (element.is(Element::removed)) {
      if (t.kind == text::Tag::end) return t.end_at;
      const std::size_t end = scanner_.raw_end(element.name, t.end_at);
      return std::max(end, scanner_.at(end).end_at);
    } else if (element.is(Element::allowed)) {
      if (t.kind == text::Tag::start) {
        start(element, t.attributes);
      } else {
        end(element);
      }
    }
    return t.end_at;
  }

  bool top_is(std::uint16_t id) const { return !stack_.empty() && stack_.back().id == id; }
  bool top_is_optional(Element::Flag flag) const {
    return !stack_.empty() && stack_.back().is(flag) && stack_.back().is(Element::optional_end);
  }
  // Right inside a table, where only its parts may be.
  bool in_table() const {
    return !stack_.empty() &&
           (stack_.back().id == table ||
            (stack_.back().is(Element::table_part) && !stack_.back().is(Element::cell) && stack_.back().id != caption));
  }
  bool is_open(const Element& element) const {
    return std::ranges::any_of(stack_, [&](const Element& e) { return e.id == element.id; });
  }

  void start(const Element& element, std::string_view attributes) {
    if (element.is(Element::table_part) ? !place_table_part(element) : in_table()) {
      fine_ = false;
      return;
    }
    if (element.is(Element::block)) {
      if (top_is(p)) close();
      if (open_p_ > 0 && !element.is(Element::table_part)) fine_ = false;
      if (element.is(Element::heading) && !stack_.empty() && stack_.back().is(Element::heading)) close();
    }
    if (element.id == li || element.id == dd || element.id == dt) place_list_part(element);
    if (element.id == a && open_a_ > 0) fine_ = false;
    if (!fine_ || stack_.size() >= 100) {
      fine_ = false;
      return;
    }
    writer_.begin(element);
    text::Attribute attribute;
    while (text::next_attribute(attributes, attribute)) {
      if (attribute.value.find('&') == std::string_view::npos) {
        writer_.attribute(attribute.name, attribute.value);
      } else {
        scratch_.clear();
        text::decode_references(attribute.value, scratch_, text::Bare::attribute);
        writer_.attribute(attribute.name, scratch_);
      }
    }
    if (!writer_.finish()) return;
    text_.tag(element);
    if (element.is(Element::empty)) return;
    if (element.id == p) ++open_p_;
    if (element.id == a) ++open_a_;
    stack_.push_back(element);
  }

  // The next row ends the one before; what is not where a table wants it is gumbo's.
  bool place_table_part(const Element& element) {
    if (top_is(p)) close();
    if (element.is(Element::cell)) {
      if (!stack_.empty() && stack_.back().is(Element::cell)) close();
      return top_is(tr);
    }
    if (!stack_.empty() && stack_.back().is(Element::cell)) close();
    if (top_is(tr)) close();
    if (element.id == tr) return top_is(table) || top_is(tbody) || top_is(thead) || top_is(tfoot);
    if (element.id == col) return top_is(colgroup) || top_is(table);
    if (top_is(tbody) || top_is(thead) || top_is(tfoot) || top_is(colgroup)) close();
    return top_is(table);
  }

  void place_list_part(const Element& element) {
    const bool item = element.id == li;
    for (std::size_t i = stack_.size(); i-- > 0;) {
      const std::uint16_t id = stack_[i].id;
      if (item ? id == li : id == dd || id == dt) {
        if (i + 1 == stack_.size())
          close();
        else
          fine_ = false;
        return;
      }
      if (id == ul || id == ol || id == dl || stack_[i].is(Element::cell)) return;
    }
  }

  void end(const Element& element) {
    if (element.is(Element::empty)) {
      if (element.id == br) fine_ = false;
      return;
    }
    if (!top_is(element.id)) {
      // The end of any heading ends the one that is open; the end of a mark or a film never ends a paragraph.
      if (element.is(Element::heading) &&
          std::ranges::any_of(stack_, [](const Element& e) { return e.is(Element::heading); })) {
        fine_ = false;
        return;
      }
      if (!is_open(element)) {
        // The end of a paragraph that never began is an empty one (WHATWG §13.2.6.4.7).
        if (element.id != p) return;
        start(element, {});
        if (fine_) close();
        return;
      }
      const bool ends_others = element.is(Element::block) || element.is(Element::table_part);
      while (ends_others && top_is_optional(Element::allowed) && !top_is(element.id)) close();
      if (!top_is(element.id)) {
        fine_ = false;
        return;
      }
    }
    close();
  }

  void close() {
    const Element element = stack_.back();
    stack_.pop_back();
    if (element.id == p) --open_p_;
    if (element.id == a) --open_a_;
    out_.append("</").append(element.name).push_back('>');
    text_.tag(element);
  }

  std::string_view html_;
  std::string& out_;
  text::TextWriter text_;
  text::TagScanner scanner_;
  TagWriter writer_;
  std::vector<Element> stack_;
  std::string scratch_;
  int open_p_ = 0, open_a_ = 0;
  bool fine_ = true;
};

}  // namespace

bool sanitise_quickly(std::string_view html, std::string_view base, std::string& out, std::string& out_text) {
  return Quick(html, base, out, out_text).run();
}

void sanitise(std::string_view html, std::string_view base, std::string& out, std::string& out_text,
              Warnings& warnings) {
  const std::size_t begin = out.size(), text_begin = out_text.size();
  if (sanitise_quickly(html, base, out, out_text)) return;
  out.resize(begin);
  out_text.resize(text_begin);
  if (!sanitise_with_gumbo(html, base, out)) {
    out.resize(begin);
    warnings.add("HTML that would take too much memory to clean was reduced to its text");
    append_escaped_text(out, text::html_to_text(html));
  }
  text::html_to_text(std::string_view(out).substr(begin), out_text);
}

void escape_text(std::string_view s, std::string& out) {
  std::string ignored;
  std::size_t done = 0;
  for (std::size_t i = 0; (i = text::find_any<'<', '&'>(s, i)) != s.size(); ++i) {
    const char next = i + 1 < s.size() ? s[i + 1] : ' ';
    ignored.clear();
    const bool markup = s[i] == '<' ? text::is_alpha(next) || next == '/' || next == '!' || next == '?'
                                    : text::decode_reference(s.substr(i), ignored).length != 0;
    if (!markup) continue;
    out.append(s.substr(done, i - done)).append(s[i] == '<' ? "&lt;" : "&amp;");
    done = i + 1;
  }
  out.append(s.substr(done));
}

}  // namespace earshot::source
