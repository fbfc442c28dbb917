#include "common/text/elements.h"

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
constexpr std::uint32_t ok_block = ok | Element::block;
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
    {"br", mark | Element::empty},
    {"caption", ok | Element::block | Element::table_part},
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
    {"tr", part | Element::block},
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
    {"dialog", odd | Element::block},
    {"embed", K | Element::empty},
    {"fieldset", odd | Element::block},
    {"form", odd | Element::block},
    {"html", odd},
    {"image", odd},
    {"input", K | Element::empty},
    {"keygen", K | Element::empty},
    {"legend", odd | Element::block},
    {"link", K | Element::empty},
    {"listing", odd | Element::block},
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

constexpr std::size_t slots = 1024;

constexpr std::size_t hash(std::string_view name) noexcept {
  std::uint32_t h = 2166136261u;  // FNV-1a
  for (const char c : name) h = (h ^ static_cast<unsigned char>(lower(c))) * 16777619u;
  return (h ^ (h >> 15)) % slots;
}

constexpr auto index = [] {
  std::array<std::uint8_t, slots> table{};
  std::size_t row = 0;
  for (const Row& r : rows) {
    std::size_t at = hash(r.name);
    while (table[at]) at = (at + 1) % slots;
    table[at] = static_cast<std::uint8_t>(++row);
  }
  return table;
}();
static_assert(std::size(rows) < 256);

}  // namespace

Element Element::of(std::string_view name) noexcept {
  if (name.empty() || name.size() > 10) return {};  // blockquote, figcaption: the longest
  for (std::size_t at = hash(name); index[at]; at = (at + 1) % slots) {
    const Row& row = rows[index[at] - 1];
    if (same(row.name, name)) return {row.flags, index[at], row.name};
  }
  return {};
}

}  // namespace earshot::text
