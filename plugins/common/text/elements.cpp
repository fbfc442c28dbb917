#include "common/text/elements.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/text/space.h"

namespace earshot::text {
namespace {

struct Row {
  std::string_view name;
  std::uint32_t flags;
};

constexpr auto K = Element::known;
constexpr std::uint32_t ok = K | Element::allowed;
constexpr std::uint32_t block = Element::block | Element::line;
constexpr std::uint32_t ok_block = ok | block;
constexpr std::uint32_t mark = ok | Element::inline_mark;
constexpr std::uint32_t format = mark | Element::formatting;
constexpr std::uint32_t gone = K | Element::removed;
constexpr std::uint32_t odd = K | Element::special;
constexpr std::uint32_t part = ok | Element::table_part | Element::optional_end;

// Elements of HTML Living Standard §4 and the obsolete ones that feeds still carry (§16.2).
constexpr Row rows[] = {
    {"a", format},
    {"abbr", mark},
    {"acronym", mark},
    {"address", ok_block},
    {"area", ok | Element::empty},
    {"article", ok_block},
    {"aside", ok_block},
    {"audio", ok},
    {"b", format},
    {"bdi", mark},
    {"bdo", mark},
    {"big", format},
    {"blockquote", ok_block},
    {"br", mark | Element::empty | Element::line},
    {"caption", ok | block | Element::table_part},
    {"center", ok_block},
    {"cite", mark},
    {"code", format},
    {"col", ok | Element::empty | Element::table_part},
    {"colgroup", part},
    {"data", mark},
    {"dd", ok_block | Element::optional_end},
    {"del", mark},
    {"details", ok_block},
    {"dfn", mark},
    {"dir", ok_block},
    {"div", ok_block},
    {"dl", ok_block},
    {"dt", ok_block | Element::optional_end},
    {"em", format},
    {"figcaption", ok_block},
    {"figure", ok_block},
    {"font", format},
    {"footer", ok_block},
    {"h1", ok_block | Element::heading},
    {"h2", ok_block | Element::heading},
    {"h3", ok_block | Element::heading},
    {"h4", ok_block | Element::heading},
    {"h5", ok_block | Element::heading},
    {"h6", ok_block | Element::heading},
    {"header", ok_block},
    {"hgroup", ok_block},
    {"hr", ok_block | Element::empty},
    {"i", format},
    {"img", mark | Element::empty},
    {"ins", mark},
    {"kbd", mark},
    {"label", ok},
    {"li", ok_block | Element::optional_end},
    {"main", ok_block},
    {"map", ok},
    {"mark", mark},
    {"menu", ok_block},
    {"nav", ok_block},
    {"nobr", K | Element::special},
    {"ol", ok_block},
    {"p", ok_block | Element::optional_end},
    {"picture", ok},
    {"pre", ok_block},
    {"q", mark},
    {"rp", ok | Element::special},
    {"rt", ok | Element::special},
    {"ruby", ok | Element::special},
    {"s", format},
    {"samp", mark},
    {"section", ok_block},
    {"small", format},
    {"source", ok | Element::empty},
    {"span", mark},
    {"strike", format},
    {"strong", format},
    {"sub", mark},
    {"summary", ok_block},
    {"sup", mark},
    {"table", ok_block},
    {"tbody", part},
    {"td", part | Element::cell},
    {"tfoot", part},
    {"th", part | Element::cell},
    {"thead", part},
    {"time", mark},
    {"tr", part | block},
    {"track", ok | Element::empty},
    {"tt", format},
    {"u", format},
    {"ul", ok_block},
    {"var", mark},
    {"video", ok},
    {"wbr", mark | Element::empty},
    // Dropped with their content.
    {"script", gone | Element::raw},
    {"style", gone | Element::raw},
    {"iframe", gone | Element::raw},
    {"noembed", gone | Element::raw},
    {"noframes", gone | Element::raw},
    {"textarea", gone | Element::raw},
    {"title", gone | Element::raw},
    {"xmp", gone | Element::raw},
    {"applet", gone | Element::special},
    {"frame", gone | Element::special},
    {"frameset", gone | Element::special},
    {"math", gone | Element::special},
    {"noscript", gone | Element::special},
    {"object", gone | Element::special},
    {"plaintext", gone | Element::special},
    {"select", gone | Element::special},
    {"svg", gone | Element::special},
    {"template", gone | Element::special},
    {"button", gone | Element::special},
    {"canvas", gone | Element::special},
    {"head", gone | Element::special},
    {"datalist", gone | Element::special},
    {"marquee", odd},
    // Dropped alone; what they hold stays.
    {"base", K | Element::empty},
    {"basefont", K | Element::empty},
    {"bgsound", K | Element::empty},
    {"blink", K},
    {"body", odd},
    {"dialog", odd | block},
    {"embed", K | Element::empty},
    {"fieldset", odd | block},
    {"form", odd | block},
    {"html", odd},
    {"image", odd},
    {"input", K | Element::empty},
    {"keygen", K | Element::empty},
    {"legend", odd | block},
    {"link", K | Element::empty},
    {"listing", odd | block},
    {"meta", K | Element::empty},
    {"meter", odd},
    {"optgroup", odd},
    {"option", odd},
    {"output", odd},
    {"param", K | Element::empty},
    {"progress", odd},
    {"rb", odd},
    {"rtc", odd},
    {"slot", odd},
};

constexpr std::size_t slots = 1024, longest = 10;  // blockquote, figcaption

// A name in lower case as two numbers: hashed and compared at once.
struct Key {
  std::uint64_t front = 0, back = 0;
  bool operator==(const Key&) const = default;
  constexpr std::size_t slot() const noexcept {
    return (front ^ back << 7) * 0x9E3779B97F4A7C15u >> 54;  // the golden ratio's bits, 2^10 slots
  }
};

constexpr Key key_of(std::string_view name) noexcept {
  Key key;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::uint64_t c = static_cast<unsigned char>(lower(name[i]));
    (i < 8 ? key.front : key.back) |= c << i % 8 * 8;
  }
  return key;
}

struct Slot {
  Key key;
  std::uint8_t row = 0;  // counted from 1; 0: free
};

constexpr auto index = [] {
  std::array<Slot, slots> table{};
  std::uint8_t row = 0;
  for (const Row& r : rows) {
    const Key key = key_of(r.name);
    std::size_t at = key.slot();
    while (table[at].row) at = (at + 1) % slots;
    table[at] = {key, ++row};
  }
  return table;
}();
static_assert(std::size(rows) < 256);
static_assert(std::ranges::max_element(rows, {}, [](const Row& r) { return r.name.size(); })->name.size() == longest);

}  // namespace

Element Element::of(std::string_view name) noexcept {
  if (name.empty() || name.size() > longest) return {};
  const Key key = key_of(name);
  for (std::size_t at = key.slot(); index[at].row; at = (at + 1) % slots)
    if (index[at].key == key) return {rows[index[at].row - 1].flags, index[at].row, rows[index[at].row - 1].name};
  return {};
}

}  // namespace earshot::text
