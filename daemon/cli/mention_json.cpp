#include "cli/mention_json.h"

#include <fmt/format.h>

#include <utility>

#include "core/json/item_json.h"

namespace earshot::cli {
namespace {

void member(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  if (out.back() != '{') out += ',';
  append_json(out, name);
  out += ':';
  append_json(out, text);
}

void raw_member(std::string& out, std::string_view name, std::string_view json) {
  if (out.back() != '{') out += ',';
  append_json(out, name);
  out += ':';
  out += json;
}

}  // namespace

std::string matched_json(std::span<const TopicMatch> matches) {
  std::string out = "[";
  for (const TopicMatch& match : matches)
    for (const Hit& hit : match.hits) {
      if (out.size() > 1) out += ',';
      out += "{\"term\":";
      append_json(out, hit.term);
      out += ",\"field\":";
      append_json(out, hit.field);
      out += fmt::format(",\"start\":{},\"end\":{}}}", hit.span.start, hit.span.end);
    }
  return out + ']';
}

std::string mention_json(const Mention& mention) {
  std::string out = "{";
  member(out, "id", mention.id);
  member(out, "source", mention.source);
  member(out, "site", mention.site);
  member(out, "seen", rfc3339(mention.seen));
  std::string topics = "[";
  for (const TopicMatch& match : mention.matches) {
    if (topics.size() > 1) topics += ',';
    append_json(topics, match.topic);
  }
  raw_member(out, "topics", topics + ']');
  if (!mention.matches.empty()) {
    member(out, "severity", to_string(mention.severity));
    raw_member(out, "matched", matched_json(mention.matches));
    member(out, "snippet", mention.snippet);
  }
  if (!mention.labels.empty()) {
    std::string labels = "{";
    for (const auto& [name, value] : mention.labels) member(labels, name, value);
    raw_member(out, "labels", labels + '}');
  }
  Item item = mention.item;
  member(out, "item_id", std::exchange(item.id, {}));
  item.language = mention.language;
  if (mention.language_confidence > 0)
    raw_member(out, "language_confidence", fmt::to_string(mention.language_confidence));
  std::string own;
  append_json(own, item);
  if (own.size() > 2) (out += ',').append(own, 1, own.size() - 2);  // without its braces
  return out + '}';
}

}  // namespace earshot::cli
