// A mention: an item kept once, with what is known of it. An alert: what is owed to a channel because of mentions.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/item.h"
#include "core/time.h"

namespace earshot {

enum class Severity : std::uint8_t { low = 1, normal = 2, high = 3, critical = 4 };

// As it is written in configuration, JSON and logs.
constexpr std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::low: return "low";
    case Severity::normal: return "normal";
    case Severity::high: return "high";
    case Severity::critical: return "critical";
  }
  return "normal";
}

using Labels = std::vector<std::pair<std::string, std::string>>;

// Half-open range of bytes.
struct Span {
  std::uint32_t start = 0, end = 0;
};

// Why a topic wanted it: a term where it stands.
struct Hit {
  std::string term;   // as the query wrote it
  std::string field;  // title summary content author url …
  Span span;          // bytes of that field's plain text
};

struct TopicMatch {
  std::string topic;
  std::vector<Hit> hits;
};

struct Mention {
  std::string id;             // 16 characters [0-9a-hjkmnp-tv-z], made from source and item id: the same after a crash
  std::string source;         // the source's name
  std::string site;           // host of the URL without "www."
  std::string canonical_url;  // what duplicates are found by
  Item item;                  // item.language is the source's own word; see `language`
  std::string language;       // measured: ISO 639-1, "und" when nobody can tell (language.h)
  std::uint8_t language_confidence = 0;  // percent
  Time seen{};
  Severity severity = Severity::normal;
  Labels labels;                    // of the source and the topics
  std::vector<TopicMatch> matches;  // empty: kept only so that a new topic has a past
  std::string snippet;              // at most 240 characters of plain text around the best hit
  std::vector<Span> snippet_hits, title_hits;
};

// Who said it: the site, or the source where its mentions have none.
inline const std::string& outlet_of(const Mention& mention) {
  return mention.site.empty() ? mention.source : mention.site;
}

// What an alert needs of a mention: all but the texts it was found by.
inline void drop_bodies(Mention& mention) {
  Item& item = mention.item;
  for (std::string* body : {&item.summary, &item.content, &item.summary_text, &item.content_text}) body->clear();
}

enum class AlertKind : std::uint8_t {
  mention = 1,
  story,
  growth,
  digest,
  rollup,
  spike,
  escalation,
  health,
  report,
  test,
  edit  // a mention that was told says something else now
};

inline constexpr std::array kAlertKinds{AlertKind::mention, AlertKind::story, AlertKind::growth,     AlertKind::digest,
                                        AlertKind::rollup,  AlertKind::spike, AlertKind::escalation, AlertKind::health,
                                        AlertKind::report,  AlertKind::test,  AlertKind::edit};

// As it is written in cases, on the command line and in JSON; "alert" for none of these.
constexpr std::string_view to_string(AlertKind kind) {
  switch (kind) {
    case AlertKind::mention: return "mention";
    case AlertKind::story: return "story";
    case AlertKind::growth: return "growth";
    case AlertKind::digest: return "digest";
    case AlertKind::rollup: return "rollup";
    case AlertKind::spike: return "spike";
    case AlertKind::escalation: return "escalation";
    case AlertKind::health: return "health";
    case AlertKind::report: return "report";
    case AlertKind::test: return "test";
    case AlertKind::edit: return "edit";
  }
  return "alert";
}

// An alert on its way to one channel. The same delivery_id at every try.
struct Alert {
  AlertKind kind = AlertKind::mention;
  Severity severity = Severity::normal;
  std::string delivery_id;  // [a-z0-9-]{1,64}
  std::string channel;
  std::string headline, text;  // kinds without one mention
  Time created{};
  std::vector<Mention> mentions;
  std::uint64_t total = 1;                                   // mentions it stands for
  std::vector<std::pair<std::string, std::string>> actions;  // label → URL
  std::string story{};  // that all its mentions belong to: the id of its first mention; empty: none, or not known
  std::string edits{};  // the id over there of the message that this one takes the place of; empty: it is a new one
  // Known at delivery only, and not stored:
  std::string thread{};    // the id over there of the message that told its story first; empty: none did, or it is that
  std::string standing{};  // "Jane has taken it", for people; empty: nobody has
};

}  // namespace earshot
