// The main loop: text and tags, and the tree that is built of them. What a tag looks like inside is in xml_markup.cpp.
#include "common/source/xml_reader.h"

#include <algorithm>
#include <cstring>

#include "common/source/url.h"
#include "common/source/xml_rules.h"
#include "common/text/space.h"

namespace earshot::source {

XmlReader::XmlReader(std::string& document, std::string_view base, const XmlLimits& limits, Warnings& warnings)
    : base_(base),
      limits_(limits),
      warnings_(warnings),
      begin_(document.data()),
      end_(document.data() + document.size()),
      no_double_(end_),
      no_single_(end_),
      no_comment_end_(end_),
      no_cdata_end_(end_) {
  tree_.nodes.emplace_back();
  tree_.bases.emplace_back(base);
  tree_.langs.emplace_back();
}

void XmlReader::read(XmlItems& items) {
  char* at = begin_;
  char* text_from = at;
  while (at < end_ && !stop_) {
    auto* lt = static_cast<char*>(std::memchr(at, '<', static_cast<std::size_t>(end_ - at)));
    if (!lt) break;
    // The text before it is taken first: mending what follows may need to know it.
    if (lt > text_from) text(text_from, lt);
    text_from = lt;
    char* const after = markup(lt, items);
    if (after) {
      text_from = at = after;
    } else {
      warnings_.add("a '<' that begins no tag was read as text");
      at = lt + 1;
    }
  }
  if (!stop_ && text_from < end_) {
    cut_ = std::any_of(text_from, end_, [](char c) { return !text::is_space(c); });
    text(text_from, end_);
  }
  finish(items);
}

// Returns where the text goes on, or nullptr when this '<' is a character.
char* XmlReader::markup(char* at, XmlItems& items) {
  if (at + 1 == end_) return nullptr;
  switch (at[1]) {
    case '/': return end_tag(at, items);
    case '!': return comment_or_doctype(at);
    case '?': {
      char* close = find("?>", at + 2);
      if (!close) close = find('>', at);
      return close ? close + (*close == '?' ? 2 : 1) : end_;
    }
    default: return start_tag(at, items);
  }
}

void XmlReader::text(char* from, char* to) {
  char* first = from;
  while (first < to && text::is_space(*first)) ++first;
  if (stack_.empty()) {
    if (first < to) warnings_.add("text outside the root element was left out");
    return;
  }
  const Open& top = stack_.back();
  if (top.node == 0) return;
  if (first == to && is_structure(top.ns, top.tag)) return;
  // "]]>" may not stand in text (XML 1.0 §2.4): it is left over from a CDATA section that ended too early.
  for (std::size_t at;
       (at = std::string_view(from, static_cast<std::size_t>(to - from)).find("]]>")) != std::string_view::npos;
       from += at + 3) {
    warnings_.add("a CDATA section ended too early");
    if (at > 0) add_text(decode(from, from + at));
  }
  if (from < to) add_text(decode(from, to));
}

void XmlReader::add_text(std::string_view s) {
  XmlNode& parent = tree_.nodes[stack_.back().node];
  const auto at = static_cast<std::uint32_t>(tree_.nodes.size());
  if (at - (item_depth_ ? item_node_ : 0) > limits_.nodes)
    return warnings_.add("an item has too many parts: the rest was left out");
  const std::uint32_t last = parent.last_child;
  parent.last_child = at;
  if (!last) parent.first_child = at;
  XmlNode& node = tree_.nodes.emplace_back();
  node.text = s;
  node.parent = stack_.back().node;
  if (last) tree_.nodes[last].next = at;
}

// A start tag was read: its attributes are in raw_.
void XmlReader::open(std::string_view qualified, XmlItems& items) {
  const std::size_t colon = qualified.find(':');
  const std::string_view prefix = colon == std::string_view::npos ? std::string_view{} : qualified.substr(0, colon);
  const std::string_view local = colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
  fresh_.clear();
  for (const RawAttribute& a : raw_) {
    if (!a.declares() || bindings_.size() + fresh_.size() >= 256) continue;
    const std::string_view uri(a.value, static_cast<std::size_t>(a.value_end - a.value));
    fresh_.push_back({a.name.size() > 5 ? a.name.substr(6) : std::string_view{}, namespace_of(uri)});
  }
  Open entry{qualified, 0, 0, 0, 0, resolve(prefix), tag_of(local)};
  // A default namespace nobody knows is one that its author made up for RSS.
  if (prefix.empty() && entry.ns == Ns::unknown) entry.ns = Ns::none;
  imply_end_tags(entry.ns, entry.tag, local, items);
  if (stop_) return;
  entry.bindings = static_cast<std::uint32_t>(bindings_.size());
  bindings_.insert(bindings_.end(), fresh_.begin(), fresh_.end());
  fresh_.clear();

  std::uint32_t parent = 0;
  bool keep = true;
  if (!stack_.empty()) {
    parent = stack_.back().node;
    entry.base = stack_.back().base;
    entry.lang = stack_.back().lang;
    keep = parent != 0;
  }
  const bool item = item_depth_ == 0 && is_item(entry.ns, entry.tag);
  if (item) begin_item();
  const std::size_t used = item_depth_ ? tree_.nodes.size() - item_node_ : outer_nodes_;
  if (keep && used > limits_.nodes) {
    warnings_.add("an item has too many parts: the rest was left out");
    keep = false;
  }
  if (keep || item) add_element(entry, local, parent, item);
  stack_.push_back(entry);
}

void XmlReader::begin_item() {
  item_depth_ = stack_.size() + 1;
  item_node_ = static_cast<std::uint32_t>(tree_.nodes.size());
  item_attribute_ = static_cast<std::uint32_t>(tree_.attributes.size());
  item_base_ = static_cast<std::uint32_t>(tree_.bases.size());
  item_lang_ = static_cast<std::uint32_t>(tree_.langs.size());
}

void XmlReader::add_element(Open& entry, std::string_view local, std::uint32_t parent, bool item) {
  if (item_depth_ == 0) ++outer_nodes_;
  entry.node = static_cast<std::uint32_t>(tree_.nodes.size());
  tree_.nodes.emplace_back();
  const auto first_attribute = static_cast<std::uint32_t>(tree_.attributes.size());
  if (!raw_.empty()) add_attributes(entry);
  XmlNode& node = tree_.nodes[entry.node];
  node.name = local;
  node.ns = entry.ns;
  node.tag = entry.tag;
  node.parent = parent;
  node.first_attribute = first_attribute;
  node.n_attributes = static_cast<std::uint32_t>(tree_.attributes.size()) - first_attribute;
  node.base = entry.base;
  node.lang = entry.lang;
  if (item) return;  // an item is not linked into the tree around it: it will be forgotten
  XmlNode& above = tree_.nodes[parent];
  (above.last_child ? tree_.nodes[above.last_child].next : above.first_child) = entry.node;
  above.last_child = entry.node;
}

void XmlReader::add_attributes(Open& entry) {
  const auto first = static_cast<std::ptrdiff_t>(tree_.attributes.size());
  for (const RawAttribute& raw : raw_) {
    if (raw.declares()) continue;
    const std::size_t colon = raw.name.find(':');
    XmlAttribute attribute;
    attribute.name = colon == std::string_view::npos ? raw.name : raw.name.substr(colon + 1);
    if (colon != std::string_view::npos) attribute.ns = resolve(raw.name.substr(0, colon));
    const auto twice = [&](const XmlAttribute& other) {
      return other.ns == attribute.ns && other.name == attribute.name;
    };
    if (std::any_of(tree_.attributes.begin() + first, tree_.attributes.end(), twice)) {
      warnings_.add("an attribute stands twice in one tag: the first was taken");
      continue;
    }
    attribute.value = decode(raw.value, raw.value_end);
    if (attribute.ns == Ns::xml && attribute.name == "base" && tree_.bases.size() < 4096) {
      std::string resolved = resolve_url(tree_.bases[entry.base], attribute.value);
      entry.base = static_cast<std::uint16_t>(tree_.bases.size());
      tree_.bases.push_back(std::move(resolved));
    } else if (attribute.ns == Ns::xml && attribute.name == "lang" && tree_.langs.size() < 4096) {
      entry.lang = static_cast<std::uint16_t>(tree_.langs.size());
      tree_.langs.push_back(text::trim(attribute.value));
    }
    tree_.attributes.push_back(attribute);
  }
}

void XmlReader::close_top(XmlItems& items) {
  const Open top = stack_.back();
  const bool item = item_depth_ == stack_.size();
  stack_.pop_back();
  bindings_.resize(std::min<std::size_t>(bindings_.size(), top.bindings));
  if (!item) return;
  item_depth_ = 0;
  if (++items_ > limits_.items) {
    warnings_.add("the feed has too many items: the rest was left out");
    stop_ = true;
  } else if (!items.item(tree_, {tree_, item_node_})) {
    stop_ = true;
  }
  tree_.nodes.resize(item_node_);
  tree_.attributes.resize(item_attribute_);
  tree_.bases.resize(item_base_);
  tree_.langs.resize(item_lang_);
}

void XmlReader::close_to(std::size_t depth, XmlItems& items) {
  while (stack_.size() > depth && !stop_) close_top(items);
}

// Ends what HTML-minded writers forget to end: a title before a link, an item before the next item.
void XmlReader::imply_end_tags(Ns ns, Tag tag, std::string_view name, XmlItems& items) {
  if (stack_.empty() || item_depth_ > stack_.size()) return;
  if (is_item(ns, tag) && item_depth_ != 0) {
    const Open& open_item = stack_[item_depth_ - 1];
    // An Atom entry may hold another inside its content; an RSS item never does.
    if (open_item.tag == tag && (tag == Tag::item || stack_.size() == item_depth_)) {
      warnings_.add("an item was not closed before the next one");
      close_to(item_depth_ - 1, items);
    }
    return;
  }
  const Open& top = stack_.back();
  if (is_structure(top.ns, top.tag) || !begins_field(ns, tag)) return;
  const std::size_t floor = std::max<std::size_t>(item_depth_, 1);
  for (std::size_t depth = stack_.size(); depth > floor; --depth) {
    const Open& o = stack_[depth - 1];
    if (is_structure(o.ns, o.tag)) return;
    if (!is_leaf(o.ns, o.tag)) continue;
    if (depth != stack_.size() && is_html_too(name)) return;
    warnings_.add("an element was not closed before the next one");
    close_to(depth - 1, items);
    return;
  }
}

void XmlReader::finish(XmlItems& items) {
  if (stop_ || stack_.empty()) return;
  warnings_.add("the document ends early");
  if (item_depth_ != 0 && (cut_ || item_depth_ != stack_.size())) {
    warnings_.add("the last item is cut off and was left out");
    return;
  }
  close_to(0, items);
}

Ns XmlReader::resolve(std::string_view prefix) {
  for (std::size_t i = fresh_.size(); i-- > 0;)
    if (fresh_[i].prefix == prefix) return fresh_[i].ns;
  for (std::size_t i = bindings_.size(); i-- > 0;)
    if (bindings_[i].prefix == prefix) return bindings_[i].ns;
  if (prefix.empty()) return Ns::none;
  if (prefix == "xml") return Ns::xml;
  for (std::size_t i = bindings_.size(); i-- > 0;)
    if (text::same(bindings_[i].prefix, prefix)) return bindings_[i].ns;
  warnings_.add("the namespace prefix '" + std::string(prefix.substr(0, 40)) + "' is not declared");
  return namespace_by_custom(prefix);
}

}  // namespace earshot::source
