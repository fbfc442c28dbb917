#include "store/keys.h"

#include <xxhash.h>

#include <algorithm>
#include <limits>

namespace earshot::store::keys {
namespace {

constexpr std::uint64_t sign = std::uint64_t{1} << 63;

template <class T>
void put_big_endian(std::string& to, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
    to.push_back(static_cast<char>((value >> shift) & 0xff));
}

template <class T>
std::optional<T> take_big_endian(std::string_view& from) {
  if (from.size() < sizeof(T)) return std::nullopt;
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>((value << 8) | static_cast<unsigned char>(from[i]));
  from.remove_prefix(sizeof(T));
  return value;
}

}  // namespace

const std::string& name(Column column) {
  static const std::array<std::string, columns> names{"default", "sources", "seen",    "links", "mentions", "index",
                                                      "trail",   "outbox",  "arrived", "dead",  "counters", "notes"};
  return names[at(column)];
}

void put(std::string& to, std::uint8_t value) { to.push_back(static_cast<char>(value)); }
void put(std::string& to, std::uint16_t value) { put_big_endian(to, value); }
void put(std::string& to, std::uint32_t value) { put_big_endian(to, value); }
void put(std::string& to, std::uint64_t value) { put_big_endian(to, value); }
void put(std::string& to, Time value) { put(to, static_cast<std::uint64_t>(to_ms(value)) ^ sign); }

template <>
std::optional<std::uint16_t> take(std::string_view& from) {
  return take_big_endian<std::uint16_t>(from);
}
template <>
std::optional<std::uint32_t> take(std::string_view& from) {
  return take_big_endian<std::uint32_t>(from);
}
template <>
std::optional<std::uint64_t> take(std::string_view& from) {
  return take_big_endian<std::uint64_t>(from);
}
template <>
std::optional<Time> take(std::string_view& from) {
  const auto bits = take_big_endian<std::uint64_t>(from);
  if (!bits) return std::nullopt;
  return from_ms(static_cast<std::int64_t>(*bits ^ sign));
}

std::uint64_t Fingerprinter::of(std::string_view text) const {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::string Fingerprinter::of_url(std::string_view canonical_url) const {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(canonical_url.data(), canonical_url.size(), seed);
  std::string key;
  put(key, hash.high64);
  put(key, hash.low64);
  return key;
}

std::uint16_t day_of(Time t) {
  const auto days = std::chrono::floor<std::chrono::days>(t).time_since_epoch().count();
  return static_cast<std::uint16_t>(std::clamp<std::int64_t>(days, 0, std::numeric_limits<std::uint16_t>::max()));
}

std::string seen(std::uint64_t source, std::uint64_t item) {
  std::string key;
  put(key, source);
  put(key, item);
  return key;
}

std::string value(const Seen& seen) {
  std::string bytes;
  put(bytes, seen.day);
  put(bytes, seen.version);
  put(bytes, static_cast<std::uint8_t>(seen.matched));
  return bytes;
}

std::string value(const Link& link) {
  std::string bytes;
  put(bytes, link.day);
  put(bytes, static_cast<std::uint8_t>(link.matched));
  put(bytes, link.source);
  bytes += link.mention_id;
  return bytes;
}

std::optional<Seen> read_seen(std::string_view value) {
  const auto day = take<std::uint16_t>(value);
  const auto version = take<std::uint32_t>(value);
  if (!day || !version || value.empty()) return std::nullopt;
  return Seen{*day, *version, value[0] != 0};
}

std::optional<Link> read_link(std::string_view value) {
  const auto day = take<std::uint16_t>(value);
  if (!day || value.empty()) return std::nullopt;
  const bool matched = value[0] != 0;
  value.remove_prefix(1);
  const auto source = take<std::uint64_t>(value);
  if (!source || value.empty()) return std::nullopt;
  return Link{*day, matched, *source, std::string(value)};
}

std::optional<std::uint16_t> read_day(std::string_view value) { return take<std::uint16_t>(value); }

std::string band(std::uint64_t hash) {
  std::string key(1, 'b');
  put(key, hash);
  return key;
}

bool is_band(std::string_view link_key) { return link_key.size() == 1 + sizeof(std::uint64_t); }

void put(std::string& to, const Place& place) {
  put(to, place.seen);
  put(to, place.id);
}

std::string mention(Kind kind, const Place& place) {
  std::string key(1, static_cast<char>(kind));
  put(key, place);
  return key;
}

std::string topic_row(std::uint64_t topic) {
  std::string key(1, 't');
  put(key, topic);
  return key;
}

std::string source_row(std::uint64_t source, Kind kind) {
  std::string key(1, 's');
  put(key, source);
  key.push_back(static_cast<char>(kind));
  return key;
}

std::optional<Place> read_place(std::string_view key) {
  if (key.size() < place_size) return std::nullopt;
  key.remove_prefix(key.size() - place_size);
  const auto seen = take<Time>(key);
  const auto id = take<std::uint64_t>(key);
  if (!seen || !id) return std::nullopt;
  return Place{*seen, *id};
}

std::optional<Kind> read_kind(std::string_view mention_key) {
  if (mention_key.size() != 1 + place_size) return std::nullopt;
  if (mention_key[0] == static_cast<char>(Kind::matched)) return Kind::matched;
  if (mention_key[0] == static_cast<char>(Kind::unmatched)) return Kind::unmatched;
  return std::nullopt;
}

std::string trail(std::string_view mention_id) {
  std::string key(mention_id);
  key.push_back('\0');
  return key;
}

std::string sighting(std::string_view mention_id, std::uint64_t source, std::uint64_t item) {
  std::string key = trail(mention_id);
  key.push_back(trail_sighting);
  put(key, source);
  put(key, item);
  return key;
}

std::string trail_delivery(std::string_view mention_id, std::uint64_t number) {
  std::string key = trail(mention_id);
  key.push_back(trail_delivered);
  put(key, number);
  return key;
}

std::string trail_account(std::string_view mention_id) { return trail(mention_id) + trail_routed; }

std::string trail_kin(std::string_view mention_id) { return trail(mention_id) + trail_of_story; }

std::string trail_story(std::string_view first) { return trail(first) + trail_figures; }

std::string trail_revision(std::string_view mention_id, std::uint32_t number) {
  std::string key = trail(mention_id) + trail_revised;
  put(key, number);
  return key;
}

std::string trail_member(std::string_view story, const Place& place) {
  std::string key = trail(story) + trail_told;
  put(key, place);
  return key;
}

std::string line(std::string_view channel) {
  std::string key;
  put(key, static_cast<std::uint16_t>(channel.size()));
  key += channel;
  return key;
}

std::string delivery(std::string_view channel, std::uint64_t number) {
  std::string key = line(channel);
  put(key, number);
  return key;
}

std::optional<DeliveryKey> read_delivery(std::string_view key) {
  const auto size = take<std::uint16_t>(key);
  if (!size || key.size() != *size + sizeof(std::uint64_t)) return std::nullopt;
  const std::string_view channel = key.substr(0, *size);
  key.remove_prefix(*size);
  return DeliveryKey{channel, take<std::uint64_t>(key).value_or(0)};
}

std::string arrived(Time at, std::uint64_t number) {
  std::string key;
  put(key, at);
  put(key, number);
  return key;
}

std::string counter(std::int32_t day, std::string_view name) {
  std::string key;
  put(key, static_cast<std::uint32_t>(day) ^ (std::uint32_t{1} << 31));
  key += name;
  return key;
}

std::string counter_value(std::uint64_t value) {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>((value >> shift) & 0xff));
  return bytes;
}

std::optional<Counter> read_counter(std::string_view key, std::string_view value) {
  const auto day = take<std::uint32_t>(key);
  if (!day || value.size() != sizeof(std::uint64_t)) return std::nullopt;
  Counter counter{static_cast<std::int32_t>(*day ^ (std::uint32_t{1} << 31)), key, 0};
  for (std::size_t i = value.size(); i-- > 0;)
    counter.value = (counter.value << 8) | static_cast<unsigned char>(value[i]);
  return counter;
}

std::string after(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace earshot::store::keys
