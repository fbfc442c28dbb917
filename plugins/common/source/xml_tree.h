// One item of an XML document as a tree: flat vectors that are used again for the next item, texts that point into the
// document's buffer. Built by XmlReader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/source/vocabulary.h"

namespace earshot::source {

struct XmlAttribute {
  Ns ns = Ns::none;
  std::string_view name;   // local, as written
  std::string_view value;  // references decoded
};

struct XmlNode {
  std::string_view name;  // local, as written; empty: a text node
  std::string_view text;  // of a text node
  std::uint32_t first_attribute = 0, n_attributes = 0;
  std::uint32_t parent = 0, first_child = 0, last_child = 0, next = 0;  // 0: none; node 0 is the document
  std::uint16_t base = 0, lang = 0;                                     // into XmlTree::bases and langs; 0: not said
  Ns ns = Ns::none;
  Tag tag = Tag::unknown;
};

struct XmlTree {
  std::vector<XmlNode> nodes;
  std::vector<XmlAttribute> attributes;
  std::vector<std::string> bases;  // absolute where they can be
  std::vector<std::string_view> langs;
};

// A node of a tree: a cheap handle, good as long as the tree is not changed.
class XmlElement {
 public:
  XmlElement() = default;
  XmlElement(const XmlTree& tree, std::uint32_t at) : tree_(&tree), at_(at) {}

  explicit operator bool() const { return tree_ != nullptr; }
  bool is_text() const { return at_ != 0 && node().name.empty(); }
  bool is(Ns ns, Tag tag) const { return node().ns == ns && node().tag == tag; }
  Ns ns() const { return node().ns; }
  Tag tag() const { return node().tag; }
  std::string_view name() const { return node().name; }
  std::string_view base() const { return tree_->bases[node().base]; }
  std::string_view lang() const { return tree_->langs[node().lang]; }
  std::uint32_t id() const { return at_; }

  // An attribute without a namespace, in whatever case; empty when it is not there.
  std::string_view attribute(std::string_view name) const { return attribute(Ns::none, name); }
  // One of that namespace, or without any: feeds leave the prefix out.
  std::string_view attribute(Ns ns, std::string_view name) const;
  const XmlAttribute* begin_attributes() const { return tree_->attributes.data() + node().first_attribute; }
  const XmlAttribute* end_attributes() const { return begin_attributes() + node().n_attributes; }

  bool has_children_elements() const;
  // Of a text node: its text.
  std::string_view characters() const { return node().text; }
  // The text inside an element, that of child elements included; trimmed. Borrowed from the document where it is in one
  // piece, else built in `scratch`.
  std::string_view text(std::string& scratch) const;
  // The same, not trimmed and appended.
  void append_text(std::string& out) const;
  // What is inside, written as HTML: child elements as tags without their prefixes, texts escaped.
  void append_html(std::string& out) const;

  class Iterator {
   public:
    Iterator(const XmlTree* tree, std::uint32_t at) : tree_(tree), at_(at) {}
    XmlElement operator*() const { return {*tree_, at_}; }
    Iterator& operator++() {
      at_ = tree_->nodes[at_].next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const XmlTree* tree_;
    std::uint32_t at_;
  };
  // Child nodes, texts among them.
  Iterator begin() const { return {tree_, node().first_child}; }
  Iterator end() const { return {tree_, 0}; }

  // The first child element of that name, or nothing.
  XmlElement child(Tag tag) const;

 private:
  const XmlNode& node() const { return tree_->nodes[at_]; }

  const XmlTree* tree_ = nullptr;
  std::uint32_t at_ = 0;
};

}  // namespace earshot::source
