// Reads XML as it is found in the wild, in one pass and linear time, item by item.
//
// Well-formed XML is read as XML 1.0 and Namespaces in XML say, except that DTDs are skipped and never expanded. What
// is not well-formed is mended in the same pass: one warning says what it was. pugixml or expat would stop there, and a
// DOM of a whole 100 MB feed costs several times its size; here memory is the buffer and one item's tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/source/warnings.h"
#include "common/source/xml_tree.h"

namespace earshot::source {

struct XmlLimits {
  std::size_t depth = 200;       // of elements inside each other; deeper tags are left out, their text stays
  std::size_t attributes = 256;  // of an element
  std::size_t nodes = 50'000;    // of an item, and of all that is outside items
  std::size_t items = 100'000;   // of a document
};

// Told of each item or entry when it is complete. The tree holds it and what of the feed came before; afterwards the
// item is forgotten.
class XmlItems {
 public:
  virtual ~XmlItems() = default;
  // False to stop reading.
  virtual bool item(const XmlTree& tree, XmlElement item) = 0;
};

class XmlReader {
 public:
  // `document` is UTF-8 with '\n' line ends (to_document() makes it so) and is written to while reading; it outlives
  // the reader. `base` is the document's URL or empty.
  XmlReader(std::string& document, std::string_view base, const XmlLimits& limits, Warnings& warnings);

  // Reads it all. Afterwards tree() holds what is outside items.
  void read(XmlItems& items);
  const XmlTree& tree() const { return tree_; }
  // The document itself: its children are the root element and what else stands at the top.
  XmlElement document() const { return {tree_, 0}; }

 private:
  struct Open {
    std::string_view name;   // qualified, as written
    std::uint32_t node = 0;  // 0: not kept
    std::uint32_t bindings = 0;
    std::uint16_t base = 0, lang = 0;
    Ns ns = Ns::none;
    Tag tag = Tag::unknown;
  };
  struct Binding {
    std::string_view prefix;
    Ns ns;
  };
  struct RawAttribute {
    std::string_view name;  // qualified
    char* value;            // references not yet decoded
    char* value_end;
    bool declares() const { return name.starts_with("xmlns") && (name.size() == 5 || name[5] == ':'); }
  };

  char* markup(char* at, XmlItems& items);
  char* start_tag(char* at, XmlItems& items);
  char* end_tag(char* at, XmlItems& items);
  char* comment_or_doctype(char* at);
  char* cdata(char* at);
  char* doctype(char* at);
  bool scan_attributes(char*& at, bool& self_closing);
  char* quote_end(char* value, char quote);

  void text(char* from, char* to);
  void add_text(std::string_view text);
  std::string_view decode(char* from, char* to);
  void open(std::string_view qualified, XmlItems& items);
  void begin_item();
  void add_element(Open& entry, std::string_view local, std::uint32_t parent, bool item);
  void add_attributes(Open& entry);
  void imply_end_tags(Ns ns, Tag tag, std::string_view name, XmlItems& items);
  void close_top(XmlItems& items);
  void close_to(std::size_t depth, XmlItems& items);
  void finish(XmlItems& items);
  Ns resolve(std::string_view prefix);
  char* find(char c, char* from);
  char* find(std::string_view what, char* from);

  std::string_view base_;
  XmlLimits limits_;
  Warnings& warnings_;
  XmlTree tree_;
  std::vector<Open> stack_;
  std::vector<Binding> bindings_;
  std::vector<Binding> fresh_;  // of the tag being read
  std::vector<RawAttribute> raw_;
  std::string scratch_;
  char* begin_;
  char* end_;
  char* no_double_;  // from here on there is no '"' any more: no search runs twice over the same bytes
  char* no_single_;
  char* no_comment_end_;
  char* no_cdata_end_;
  std::size_t item_depth_ = 0;  // stack size with the item on top; 0: not inside one
  std::uint32_t item_node_ = 0, item_attribute_ = 0, item_base_ = 0, item_lang_ = 0;
  std::uint32_t outer_nodes_ = 0;  // kept outside items
  std::size_t items_ = 0, over_depth_ = 0;
  bool stop_ = false, cut_ = false;
};

}  // namespace earshot::source
