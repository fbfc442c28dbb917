#include <algorithm>

#include "common/source/person.h"
#include "common/text/html_text.h"
#include "common/text/space.h"
#include "sources/feed/fields.h"
#include "sources/feed/text_field.h"

namespace earshot::feed {
namespace {

using source::Ns;
using source::Tag;
using source::XmlElement;

// Below every name: an address tells less.
constexpr std::uint8_t mail_only = 100;
constexpr std::size_t most_names = 20;

// Of that name, and of the element's own kind before a stranger's.
XmlElement own_child(XmlElement element, Tag tag) {
  for (const XmlElement child : element)
    if (!child.is_text() && child.tag() == tag && child.ns() != Ns::unknown) return child;
  return element.child(tag);
}

}  // namespace

void People::add_name(std::uint8_t rank, std::string name) {
  if (name.empty()) return;
  const bool mail = name.find('@') != std::string::npos && name.find('.', name.find('@')) != std::string::npos &&
                    name.find(' ') == std::string::npos;
  if (mail) rank = static_cast<std::uint8_t>(rank + mail_only);
  if (rank > rank_) return;
  if (rank < rank_) names_.clear();
  rank_ = rank;
  if (names_.size() < most_names && std::ranges::find(names_, name) == names_.end()) names_.push_back(std::move(name));
}

void People::add(std::uint8_t rank, XmlElement element) {
  std::string scratch, line;
  // A person construct: name, else mail, else URI (RFC 4287 §3.2); RSS feeds use it too.
  if (element.has_children_elements()) {
    for (const Tag part : {Tag::name, Tag::title, Tag::email, Tag::uri, Tag::url})
      if (const XmlElement child = own_child(element, part)) {
        to_title({child.text(scratch), Markup::guess}, line);
        if (!line.empty()) return add_name(rank, source::person_name(line));
      }
  }
  if (element.ns() == Ns::media && !text::same(element.attribute("role"), "author")) return;
  to_title({element.text(scratch), Markup::guess}, line);
  add_name(rank, source::person_name(line));
}

std::string People::joined() const {
  std::string out;
  for (const std::string& name : names_) {
    if (!out.empty()) out.append(", ");
    out.append(name);
  }
  return out;
}

}  // namespace earshot::feed
