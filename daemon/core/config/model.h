// The configuration as typed values: what the rest of the daemon works with. Nothing here is looked at twice for
// correctness; config::load() saw to it. What each key means to a person stands in keys.json (and config/earshot.yaml).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/config/problem.h"
#include "core/mention/mention.h"
#include "core/texts/texts.h"
#include "core/time.h"

namespace earshot::config {

struct Server {
  std::string listen = "127.0.0.1:7373";  // host:port, [v6]:port or unix:/path
  std::string public_url;                 // empty: not reachable from outside
  std::string token;                      // empty: the API needs none (loopback only)
};

struct Storage {
  std::string path;  // empty: the caller's default
  Duration keep_mentions = std::chrono::days{400};
  Duration keep_unmatched = std::chrono::days{30};
};

struct Fetch {
  std::string contact;  // empty: none in the User-Agent
  Duration interval_min = std::chrono::minutes{5};
  Duration interval_max = std::chrono::hours{24};
  std::uint32_t host_connections = 2;
  Duration host_delay = std::chrono::seconds{1};
  Duration timeout = std::chrono::seconds{30};  // of a whole exchange
  std::uint64_t max_size = 16U << 20;           // bytes after decompression
  std::uint32_t concurrency = 256;              // exchanges at once, over all hosts
  std::uint32_t budget = 0;                     // requests per hour over all sources; 0: no such limit
  std::vector<std::string> allow_private;       // CIDR: 10.0.0.0/8, fd00::/8
  Duration backfill{0};                         // how old an item of a source's first poll may be and still alert
};

struct Health {
  std::vector<std::string> channels;  // told when a source's health changes
};

struct Topic {
  std::string name;
  std::string query;
  bool fold_accents = true;  // é is e
  bool spikes = true;        // watched for hours that bring far more than usual
  std::string description;
  Severity severity = Severity::normal;
  Labels labels;
  Place place;        // of the entry
  Place query_place;  // of the query's text
};

// What most sources say nothing of, or many of them the same.
struct SourceTraits {
  Labels labels;
  std::vector<std::string> topics;         // all that it brings is about these, whatever the queries say
  std::vector<std::string> allow_private;  // beside those of fetch
  std::vector<std::pair<std::string, std::string>> headers;  // sent with every request; values may be secrets
  std::string defaults;  // JSON object: those of the plugin's own keys that were left as they are; empty: none

  auto operator<=>(const SourceTraits&) const = default;  // NOLINT(modernize-use-nullptr): none is here
};

// There may be a million of them, so a place in the files is not kept, and what they share is kept once.
struct Source {
  std::string name, type;
  bool enabled = true;
  Duration interval_min{}, interval_max{};  // its own `interval` twice, else those of fetch
  Duration backfill{};                      // its own, else that of fetch: to be used as it is
  std::string settings;                     // JSON object: the plugin's own keys that were written, secrets filled in
  std::shared_ptr<const SourceTraits> shared_traits;  // null: none

  const SourceTraits& traits() const {
    static const SourceTraits none;
    return shared_traits ? *shared_traits : none;
  }
  // What the plugin is given: its own keys with their defaults.
  std::string full_settings() const {
    const std::string& defaults = traits().defaults;
    if (defaults.empty()) return settings;
    return settings == "{}" ? defaults : settings.substr(0, settings.size() - 1) + "," + defaults.substr(1);
  }
};

// What becomes of alerts that a channel could not be given for long.
struct Backlog {
  bool digest = true;                         // the waiting mentions as one digest; false: every alert after all
  std::uint32_t over = 20;                    // when more than so many wait …
  Duration after = std::chrono::minutes{15};  // … the first of them for so long
};

struct Channel {
  std::string name, type;
  bool enabled = true;
  std::string language = "en";  // of times and of the alert's own words: en nl de fr es
  // How it says them: as shipped in its language, but for what it says its own way. Never null.
  std::shared_ptr<const texts::Texts> texts = texts::Texts::shipped("en");
  Backlog backlog;
  std::string settings;  // JSON object, as of a source
  Place place;
};

// Days of the week as bits: bit 0 is Sunday.
using Days = std::uint8_t;
inline constexpr Days kEveryDay = 0x7f;

// A time of day on certain days, in the team's time zone.
struct At {
  Days days = kEveryDay;
  std::uint16_t minute = 0;  // of the day, 0 … 1439
};

struct NumberRange {
  std::string name;  // likes, replies … as in Item::engagement
  std::optional<double> min, max;
};

// Every part that is not empty must hold; within a part, one of its values is enough.
struct When {
  std::vector<std::string> topics, sources, sites, languages;
  std::vector<Severity> severities;
  std::vector<std::pair<std::string, std::vector<std::string>>> labels;
  std::vector<NumberRange> numbers;  // each must hold; an unknown number does not
  std::string query;
  Place query_place;

  bool everything() const {
    return topics.empty() && sources.empty() && sites.empty() && languages.empty() && severities.empty() &&
           labels.empty() && numbers.empty() && query.empty();
  }
};

enum class GroupBy : std::uint8_t { story, topic, source };

struct Group {
  std::vector<GroupBy> by;
  Duration wait{};    // how long the first one waits for company
  Duration repeat{};  // not again about the same group sooner than this, growth apart; 0: once only
};

enum class AfterQuiet : std::uint8_t { digest, send, drop };

struct Quiet {
  std::uint16_t from = 0, to = 0;  // minutes of the day; from > to runs over midnight and belongs to the day it began
  Days days = kEveryDay;
  AfterQuiet then = AfterQuiet::digest;
  std::vector<Severity> except;  // these disturb all the same
};

struct Digest {
  std::vector<At> at;             // either these times …
  std::optional<Duration> every;  // … or this often
};

struct Limit {
  std::uint32_t alerts = 0;  // of a channel, in each period; the rest is rolled into one
  Duration per{};
};

struct Silence {
  std::string query;
  std::optional<Time> until;  // nothing: until it is taken out of the file
  std::string by, why;
  Place place, query_place;
};

struct Escalate {
  Duration after{};
  bool unless_claimed = true;
  std::vector<std::string> channels;
};

struct Route {
  std::string name;  // empty: known by its place
  When when;
  bool fallback = false;              // `default: true`: only what no route before it took
  std::vector<std::string> channels;  // may be empty with stop: such mentions go nowhere on purpose
  std::optional<Group> group;
  std::optional<Quiet> quiet;
  std::optional<Digest> digest;
  std::optional<Limit> limit;
  std::vector<Silence> silences;
  std::optional<Escalate> escalate;
  bool alert_on_edit = false;  // `alert_on: edit`: also when what was heard before is changed by its source
  bool stop = false;
  Place place;
};

struct Report {
  std::string name;
  At at;
  std::vector<std::string> channels;
  std::vector<std::string> topics;  // empty: all
  Place place;
};

struct Config {
  Server server;
  Storage storage;
  Fetch fetch;
  Health health;
  std::string timezone = "UTC";  // IANA name
  std::vector<Topic> topics;     // none: everything that the sources bring is a mention
  std::vector<Source> sources;
  std::vector<Channel> channels;
  std::vector<Route> routes;  // none: every mention goes to every channel
  std::vector<Report> reports;
  // Every value that came from a ${…} reference or stands in a key its schema calls secret, once each: what logs,
  // status and errors must never show.
  std::vector<std::string> secrets;
};

}  // namespace earshot::config
