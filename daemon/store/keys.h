// Every key and every fixed-size value of the store, in one place. Numbers are big-endian, so that byte order is their
// order; times have their sign bit turned for the same reason.
//
//   column    key                                               value
//   default   "schema" | "seed" | "next"                        u32 | u64 | u64: the next delivery's number
//   sources   name                                              time next due, record::Source
//   seen      source fp 8, item fp 8                            Seen
//   links     canonical URL fp 16                               Link
//             'b', band of a text 8                             Link: who had it last
//   mentions  kind 1, time seen 8, id fp 8                      record::Mention
//   index     't', topic fp 8, time 8, id fp 8                  —
//             's', source fp 8, kind 1, time 8, id fp 8         —
//   trail     id, 0                                             the mention's key
//             id, 0, 's', source fp 8, item fp 8                record::Sighting
//             id, 0, 'd', number 8                              the delivery's key in `arrived`
//             id, 0, 'r'                                        Candidate::account
//             id, 0, 'y'                                        record::Kin: what it belongs under (story.h)
//             story's first id, 0, 'w'                          record::Story
//             id, 0, 'e', number 4                              record::Revision: what it said before
//             story's first id, 0, 'z', time seen 8, id fp 8    the id of a mention of it
//   outbox    length of channel 2, channel, number 8            record::Delivery
//   arrived   time 8, number 8                                  record::Arrived
//   dead      as outbox                                         time of death 8, record::Delivery
//   counters  day 4, name                                       u64 little-endian (RocksDB's uint64add)
//   notes     the note's key                                    the note
//
// A fingerprint (fp) is XXH3 with a secret seed of this store, so that nobody outside can build two texts that collide.
// `seen` begins with the source: what a feed lists is looked up in one scan, in half the memory of scattered keys.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace earshot::store::keys {

enum class Column : std::uint8_t {
  meta,
  sources,
  seen,
  links,
  mentions,
  index,
  trail,
  outbox,
  arrived,
  dead,
  counters,
  notes
};
constexpr std::size_t columns = 12;
// As RocksDB knows it. `meta` is RocksDB's own "default".
const std::string& name(Column column);
constexpr std::size_t at(Column column) { return static_cast<std::size_t>(column); }

constexpr std::uint32_t schema = 1;
constexpr std::string_view schema_key = "schema", seed_key = "seed", next_key = "next";

// -- numbers
void put(std::string& to, std::uint8_t value);
void put(std::string& to, std::uint16_t value);
void put(std::string& to, std::uint32_t value);
void put(std::string& to, std::uint64_t value);
void put(std::string& to, Time value);
// Takes the first bytes of `from`; nothing when it is too short.
template <class T>
std::optional<T> take(std::string_view& from);

// -- fingerprints
struct Fingerprinter {
  std::uint64_t seed = 0;
  std::uint64_t of(std::string_view text) const;
  std::string of_url(std::string_view canonical_url) const;  // 16 bytes
};

// Whole days since 1970, for how long ago a source listed something. Ends in 2149.
std::uint16_t day_of(Time t);

// -- seen and links
struct Seen {
  std::uint16_t day = 0;      // when the source was last known to list it
  std::uint32_t version = 0;  // of its content; 0: unknown
  bool matched = false;       // a topic wanted it
};
struct Link {
  std::uint16_t day = 0;
  bool matched = false;
  std::uint64_t source = 0;  // fp of the source that was first
  std::string mention_id;
};
constexpr std::size_t seen_prefix = 8;
std::string seen(std::uint64_t source, std::uint64_t item);
std::string value(const Seen& seen);
std::string value(const Link& link);
std::optional<Seen> read_seen(std::string_view value);
std::optional<Link> read_link(std::string_view value);
// Both values begin with their day: what expiry looks at.
std::optional<std::uint16_t> read_day(std::string_view value);

// -- bands
std::string band(std::uint64_t hash);
bool is_band(std::string_view link_key);

// -- mentions
enum class Kind : char { matched = 'm', unmatched = 'u' };
// A mention's place in time: the end of its key and of its index rows.
struct Place {
  Time seen{};
  std::uint64_t id = 0;
};
constexpr std::size_t place_size = 16;
void put(std::string& to, const Place& place);
std::string mention(Kind kind, const Place& place);
std::string topic_row(std::uint64_t topic);  // beginnings: append a Place
std::string source_row(std::uint64_t source, Kind kind);
// The Place at the end of a key of `mentions` or `index`.
std::optional<Place> read_place(std::string_view key);
std::optional<Kind> read_kind(std::string_view mention_key);

// -- trail
std::string trail(std::string_view mention_id);
std::string sighting(std::string_view mention_id, std::uint64_t source, std::uint64_t item);
std::string trail_delivery(std::string_view mention_id, std::uint64_t number);
std::string trail_account(std::string_view mention_id);
std::string trail_kin(std::string_view mention_id);
std::string trail_story(std::string_view first);
std::string trail_revision(std::string_view mention_id, std::uint32_t number);
std::string trail_member(std::string_view story, const Place& place);
constexpr char trail_sighting = 's', trail_delivered = 'd', trail_routed = 'r', trail_of_story = 'y', trail_told = 'z',
               trail_revised = 'e', trail_figures = 'w';

// -- deliveries
std::string line(std::string_view channel);  // beginning of all of a channel's
std::string delivery(std::string_view channel, std::uint64_t number);
struct DeliveryKey {
  std::string_view channel;  // inside the key that was read
  std::uint64_t number = 0;
};
std::optional<DeliveryKey> read_delivery(std::string_view key);
std::string arrived(Time at, std::uint64_t number);

// -- counters
struct Counter {
  std::int32_t day = 0;
  std::string_view name;  // inside the key that was read
  std::uint64_t value = 0;
};
std::string counter(std::int32_t day, std::string_view name);
std::string counter_value(std::uint64_t value);
std::optional<Counter> read_counter(std::string_view key, std::string_view value);

// The least key that is greater than every key that begins with this; empty when there is none.
std::string after(std::string prefix);

}  // namespace earshot::store::keys
