// The way through gumbo, for HTML that is not nested as it should be.
#include <gumbo.h>

#include <csetjmp>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "common/source/sanitise.h"
#include "common/source/sanitise_rules.h"
#include "common/text/elements.h"
#include "common/text/space.h"
#include "common/text/tag_scanner.h"
#include "common/text/utf8.h"

namespace earshot::source {
namespace {

using text::Element;

// gumbo's time grows with depth times tags and its memory with unclosed formatting times blocks, so both have bounds;
// beyond, HTML is an attack or a wreck.
constexpr std::size_t most_depth = 256, most_attributes = 256, most_tag = 32768;
constexpr std::size_t memory_base = 1 << 20, memory_per_byte = 128, memory_most = 256u << 20;

// Memory for one parse: taken piece by piece, freed at once, so gumbo's recursive clean-up is never needed. When the
// budget is spent the parse is left by longjmp; every frame it leaves is gumbo's own C.
struct Arena {
  explicit Arena(std::size_t budget) : left(budget) {}
  void* take(std::size_t size) {
    size = (size + 15) & ~std::size_t{15};
    if (size > left) std::longjmp(out, 1);
    left -= size;
    if (size > room) {
      room = size > chunk ? size : chunk;
      blocks.push_back(std::make_unique_for_overwrite<char[]>(room));
      at = blocks.back().get();
    }
    char* const given = at;
    at += size;
    room -= size;
    return given;
  }

  static constexpr std::size_t chunk = 64U << 10;
  std::jmp_buf out;
  std::size_t left, room = 0;
  char* at = nullptr;
  std::vector<std::unique_ptr<char[]>> blocks;
};

// Whether depth, tags and attributes are within bounds, whatever becomes of them. An end tag counts only where it ends
// the innermost element: any other may be one that the parser ignores, and then the depth is more than it seems.
bool within_bounds(std::string_view html) {
  text::TagScanner scanner(html);
  std::vector<std::string_view> open;
  for (std::size_t i = 0; (i = html.find('<', i)) != std::string_view::npos;) {
    const text::Tag tag = scanner.at(i);
    if (tag.kind == text::Tag::none) {
      ++i;
      continue;
    }
    i = tag.end_at;
    if (tag.kind == text::Tag::end && !open.empty() && text::same(open.back(), tag.name)) open.pop_back();
    if (tag.kind != text::Tag::start) continue;
    const Element element = Element::of(tag.name);
    if (!element.is(Element::empty) && !element.is(Element::optional_end)) open.push_back(tag.name);
    if (open.size() > most_depth || tag.attributes.size() > most_tag) return false;
    std::string_view attributes = tag.attributes;
    text::Attribute a;
    std::size_t n = 0;
    while (text::next_attribute(attributes, a))
      if (++n > most_attributes) return false;
  }
  return true;
}

GumboOutput* parse(std::string_view html, Arena& arena) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = [](void* arena_, std::size_t size) { return static_cast<Arena*>(arena_)->take(size); };
  options.deallocator = [](void*, void*) {};
  options.userdata = &arena;
  options.fragment_context = GUMBO_TAG_BODY;
  options.max_errors = 0;
  if (setjmp(arena.out) != 0) return nullptr;
  return gumbo_parse_with_options(&options, html.data(), html.size());
}

class Walk {
 public:
  Walk(std::string_view base, std::string& out) : out_(out), writer_(base, out) {}

  void run(const GumboVector& children) {
    todo_.push_back({&children, 0, {}});
    while (!todo_.empty()) {
      Level& level = todo_.back();
      if (level.next < level.children->length) {
        node(*static_cast<const GumboNode*>(level.children->data[level.next++]));
        continue;
      }
      if (!level.close.empty()) out_.append("</").append(level.close).append(">");
      todo_.pop_back();
    }
  }

 private:
  struct Level {
    const GumboVector* children;
    unsigned next;
    std::string_view close;
  };

  void node(const GumboNode& n) {
    switch (n.type) {
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_CDATA:
      case GUMBO_NODE_WHITESPACE: return append_escaped_text(out_, well_formed(n.v.text.text));
      case GUMBO_NODE_ELEMENT: return element(n.v.element);
      default: return;
    }
  }

  // A reference to a character beyond all numbers (&#xAAAAAAAA;) overflows in gumbo and comes out as bytes that are no
  // text.
  std::string_view well_formed(std::string_view s) {
    if (text::is_utf8(s)) return s;
    mended_ = text::to_utf8(s);
    return mended_;
  }

  void element(const GumboElement& e) {
    if (e.tag_namespace != GUMBO_NAMESPACE_HTML) return;  // svg, math
    const Element known = Element::of(gumbo_normalized_tagname(e.tag));
    if (known.is(Element::removed)) return;
    if (!known.is(Element::allowed)) {
      todo_.push_back({&e.children, 0, {}});
      return;
    }
    writer_.begin(known);
    for (unsigned i = 0; i < e.attributes.length; ++i) {
      const auto& a = *static_cast<const GumboAttribute*>(e.attributes.data[i]);
      writer_.attribute(a.name, well_formed(a.value));
    }
    if (!writer_.finish() || known.is(Element::empty)) return;
    todo_.push_back({&e.children, 0, known.name});
  }

  std::string& out_;
  TagWriter writer_;
  std::vector<Level> todo_;
  std::string mended_;
};

}  // namespace

bool sanitise_with_gumbo(std::string_view html, std::string_view base, std::string& out) {
  if (html.size() > memory_most / memory_per_byte * 4 || !within_bounds(html)) return false;
  const std::size_t budget = memory_base + html.size() * memory_per_byte;
  Arena arena(budget < memory_most ? budget : memory_most);
  const GumboOutput* parsed = parse(html, arena);
  if (!parsed) return false;
  Walk(base, out).run(parsed->root->v.element.children);
  return true;
}

}  // namespace earshot::source
