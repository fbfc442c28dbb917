#include "common/source/xml_tree.h"

#include "common/text/elements.h"
#include "common/text/scan.h"
#include "common/text/space.h"

namespace earshot::source {
namespace {

void append_escaped(std::string& out, std::string_view s, bool attribute) {
  const auto next = [&] { return attribute ? text::find_any<'&', '<', '"'>(s) : text::find_any<'&', '<', '>'>(s); };
  for (std::size_t at; (at = next()) != s.size();) {
    out.append(s.substr(0, at));
    switch (s[at]) {
      case '&': out.append("&amp;"); break;
      case '<': out.append("&lt;"); break;
      case '>': out.append("&gt;"); break;
      default: out.append("&quot;");
    }
    s.remove_prefix(at + 1);
  }
  out.append(s);
}

}  // namespace

std::string_view XmlElement::attribute(Ns ns, std::string_view name) const {
  std::string_view bare;
  for (const auto* a = begin_attributes(); a != end_attributes(); ++a)
    if (text::same(a->name, name)) {
      if (a->ns == ns) return a->value;
      if (a->ns == Ns::none) bare = a->value;
    }
  return bare;
}

bool XmlElement::has_children_elements() const {
  for (const XmlElement child : *this)
    if (!child.is_text()) return true;
  return false;
}

void XmlElement::append_text(std::string& out) const {
  // Depth first without recursion: the depth of a tree is the document's choice.
  std::uint32_t at = node().first_child;
  while (at != 0) {
    const XmlNode& n = tree_->nodes[at];
    out.append(n.text);
    if (n.first_child) {
      at = n.first_child;
      continue;
    }
    while (at != at_ && tree_->nodes[at].next == 0) at = tree_->nodes[at].parent;
    if (at == at_) return;
    at = tree_->nodes[at].next;
  }
}

std::string_view XmlElement::text(std::string& scratch) const {
  const std::uint32_t first = node().first_child;
  if (first == 0) return {};
  const XmlNode& only = tree_->nodes[first];
  if (only.next == 0 && only.name.empty()) return text::trim(only.text);
  scratch.clear();
  append_text(scratch);
  return text::trim(scratch);
}

void XmlElement::append_html(std::string& out) const {
  std::uint32_t at = node().first_child;
  while (at != 0) {
    const XmlNode& n = tree_->nodes[at];
    if (n.name.empty()) {
      append_escaped(out, n.text, false);
    } else {
      out.append("<").append(n.name);
      for (std::uint32_t i = 0; i < n.n_attributes; ++i) {
        const XmlAttribute& a = tree_->attributes[n.first_attribute + i];
        if (a.ns != Ns::none) continue;
        out.append(" ").append(a.name).append("=\"");
        append_escaped(out, a.value, true);
        out.push_back('"');
      }
      out.push_back('>');
    }
    if (n.first_child) {
      at = n.first_child;
      continue;
    }
    for (;;) {
      const XmlNode& done = tree_->nodes[at];
      if (!done.name.empty() && !text::Element::of(done.name).is(text::Element::empty))
        out.append("</").append(done.name).append(">");
      if (done.next) {
        at = done.next;
        break;
      }
      at = done.parent;
      if (at == at_) return;
    }
  }
}

XmlElement XmlElement::child(Tag tag) const {
  for (const XmlElement c : *this)
    if (!c.is_text() && c.tag() == tag) return c;
  return {};
}

}  // namespace earshot::source
