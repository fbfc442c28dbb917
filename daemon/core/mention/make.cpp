#include "core/mention/make.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <array>
#include <cstdint>

#include "common/text/html_text.h"
#include "core/mention/canonical_url.h"
#include "core/mention/language.h"

namespace earshot::mention {
namespace {

// No page was published before there were any: dates before 1990 are the zero of some clock.
constexpr Time kFirstDate{std::chrono::sys_days{std::chrono::year{1990} / 1 / 1}};

// XXH3-128 over the parts, each ended by a NUL that they cannot contain (text is well-formed and has no controls).
XXH128_hash_t hash(std::initializer_list<std::string_view> parts) {
  std::string bytes;
  for (const std::string_view part : parts) bytes.append(part).push_back('\0');
  if (!bytes.empty()) bytes.pop_back();
  return XXH3_128bits(bytes.data(), bytes.size());
}

std::optional<Time> believable(std::optional<Time> date, Time seen) {
  if (date && (*date < kFirstDate || *date > seen + std::chrono::days{1})) return std::nullopt;
  return date;
}

}  // namespace

std::string mention_id(std::string_view source, std::string_view item_id) {
  constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
  const XXH128_hash_t h = hash({source, item_id});
  std::array<std::uint8_t, 10> top{};
  for (int i = 0; i < 8; ++i) top[i] = static_cast<std::uint8_t>(h.high64 >> (56 - 8 * i));
  for (int i = 0; i < 2; ++i) top[8 + i] = static_cast<std::uint8_t>(h.low64 >> (56 - 8 * i));
  std::string id;
  unsigned bits = 0, held = 0;
  for (const std::uint8_t byte : top) {
    bits = bits << 8 | byte;
    held += 8;
    for (; held >= 5; held -= 5) id += digits[bits >> (held - 5) & 31];
  }
  return id;
}

std::string item_key(const Item& item) {
  if (!item.id.empty()) return item.id;
  if (!item.url.empty()) return item.url;
  if (item.title.empty() && item.content.empty() && item.summary.empty()) return {};
  const XXH128_hash_t h = hash({item.title, item.content, item.summary});
  return fmt::format("xxh3:{:016x}{:016x}", h.high64, h.low64);
}

Mention make(Item&& item, const SourceInfo& source, Time seen) {
  Mention mention;
  mention.id = mention_id(source.name, item_key(item));
  mention.source = source.name;
  mention.labels = source.labels;
  mention.seen = seen;
  mention.canonical_url = canonical_url(item.url);
  mention.site = site_of(item.url);
  mention.item = std::move(item);
  Item& kept = mention.item;
  kept.updated = believable(kept.updated, seen);
  kept.published = believable(kept.published, seen);
  if (!kept.published) kept.published = kept.updated;
  if (kept.summary_text.empty()) kept.summary_text = text::html_to_text(kept.summary);
  if (kept.content_text.empty()) kept.content_text = text::html_to_text(kept.content);
  Language language =
      language_of(kept.title, kept.content_text.empty() ? kept.summary_text : kept.content_text, kept.language);
  mention.language = std::move(language.code);
  mention.language_confidence = language.confidence;
  return mention;
}

}  // namespace earshot::mention
