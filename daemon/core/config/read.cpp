#include "core/config/read.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <memory>
#include <utility>

#include "core/config/formats.h"
#include "core/config/schema.h"

namespace earshot::config {

namespace json = boost::json;

namespace {

// A key's value, or nothing where it is absent or was wrong.
class Reader {
 public:
  explicit Reader(const json::value& value) : object_(value.if_object()) {}

  const json::value* get(std::string_view key) const { return object_ ? object_->if_contains(key) : nullptr; }
  Reader part(std::string_view key) const {
    static const json::value nothing;
    const json::value* value = get(key);
    return Reader(value ? *value : nothing);
  }
  explicit operator bool() const { return object_ != nullptr; }
  const json::object* object() const { return object_; }

  std::string text(std::string_view key) const {
    const json::value* value = get(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string{};
  }
  void set(std::string& to, std::string_view key) const {
    if (const json::value* value = get(key); value && value->is_string()) to = value->get_string();
  }
  void set(bool& to, std::string_view key) const {
    if (const json::value* value = get(key); value && value->is_bool()) to = value->get_bool();
  }
  void set(std::uint32_t& to, std::string_view key) const {
    if (const json::value* value = get(key); value && value->is_int64())
      to = static_cast<std::uint32_t>(value->get_int64());
  }
  void set(Duration& to, std::string_view key) const {
    if (const auto duration = parse_duration(text(key))) to = *duration;
  }
  // One text or a list of them.
  std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> out;
    const json::value* value = get(key);
    if (value && value->is_string()) out.emplace_back(value->get_string());
    if (const json::array* array = value ? value->if_array() : nullptr)
      for (const json::value& one : *array)
        if (one.is_string()) out.emplace_back(one.get_string());
    return out;
  }

 private:
  const json::object* object_;
};

Place place_of(const Node& entry, std::string_view key) {
  const Node* node = entry.find(key);
  return node ? node->place() : entry.place();
}

Severity severity(std::string_view word) {
  for (const Severity one : {Severity::low, Severity::high, Severity::critical})
    if (word == to_string(one)) return one;
  return Severity::normal;
}

std::vector<Severity> severities(const std::vector<std::string>& words) {
  std::vector<Severity> out;
  out.reserve(words.size());
  for (const std::string& word : words) out.push_back(severity(word));
  return out;
}

Labels pairs(const Reader& from) {
  Labels out;
  if (from)
    for (const auto& [name, value] : *from.object())
      if (value.is_string()) out.emplace_back(std::string(name), std::string(value.get_string()));
  return out;
}

std::string settings(const Reader& entry) {
  const json::value* value = entry.get(kSettings);
  return value && value->is_object() ? json::serialize(*value) : "{}";
}

// Those keys of the plugin's that the entry has, or those that it has not.
std::string settings(const Node& node, const Reader& entry, bool written) {
  const Reader all = entry.part(kSettings);
  json::object some;
  if (all)
    for (const auto& [key, value] : *all.object())
      if ((node.find(key) != nullptr) == written) some.emplace(key, value);
  return some.empty() && !written ? std::string() : json::serialize(some);
}

std::uint16_t minute(const std::string& text) { return parse_minute(text).value_or(0); }

Server server(const Reader& from) {
  Server out;
  from.set(out.listen, "listen");
  from.set(out.public_url, "public_url");
  from.set(out.token, "token");
  return out;
}

Storage storage(const Reader& from) {
  Storage out;
  from.set(out.path, "path");
  from.part("retention").set(out.keep_mentions, "mentions");
  from.part("retention").set(out.keep_unmatched, "unmatched");
  return out;
}

Fetch fetch(const Reader& from) {
  Fetch out;
  from.set(out.contact, "contact");
  from.part("interval").set(out.interval_min, "min");
  from.part("interval").set(out.interval_max, "max");
  from.part("per_host").set(out.host_connections, "connections");
  from.part("per_host").set(out.host_delay, "delay");
  from.set(out.timeout, "timeout");
  if (const auto size = parse_size(from.text("max_size"))) out.max_size = *size;
  from.set(out.concurrency, "concurrency");
  from.set(out.budget, "budget");
  out.allow_private = from.texts("allow_private");
  from.set(out.backfill, "backfill");
  return out;
}

Topic topic(const Node& node, const Reader& from) {
  Topic out;
  from.set(out.name, "name");
  from.set(out.query, "query");
  out.fold_accents = from.text("accents") != "keep";
  from.set(out.description, "description");
  from.set(out.spikes, "spikes");
  out.severity = severity(from.text("severity"));
  out.labels = pairs(from.part("labels"));
  out.place = node.place();
  out.query_place = place_of(node, "query");
  return out;
}

// Sources that say the same share it.
class KnownTraits {
 public:
  std::shared_ptr<const SourceTraits> keep(SourceTraits traits) {
    if (traits == SourceTraits{}) return nullptr;
    const auto at = known_.lower_bound(traits);
    if (at != known_.end() && at->first == traits) return at->second;
    auto kept = std::make_shared<const SourceTraits>(traits);
    return known_.emplace_hint(at, std::move(traits), std::move(kept))->second;
  }

 private:
  std::map<SourceTraits, std::shared_ptr<const SourceTraits>> known_;
};

Source source(const Node& node, const Reader& from, const Fetch& fetch, KnownTraits& known) {
  Source out;
  from.set(out.name, "name");
  from.set(out.type, "type");
  from.set(out.enabled, "enabled");
  out.interval_min = fetch.interval_min;
  out.interval_max = fetch.interval_max;
  if (const auto fixed = parse_duration(from.text("interval"))) out.interval_min = out.interval_max = *fixed;
  out.backfill = fetch.backfill;
  from.set(out.backfill, "backfill");
  out.settings = settings(node, from, true);
  out.shared_traits = known.keep({.labels = pairs(from.part("labels")),
                                  .topics = from.texts("topics"),
                                  .allow_private = from.texts("allow_private"),
                                  .headers = pairs(from.part("headers")),
                                  .defaults = settings(node, from, false)});
  return out;
}

Channel channel(const Node& node, const Reader& from) {
  Channel out;
  from.set(out.name, "name");
  from.set(out.type, "type");
  from.set(out.enabled, "enabled");
  from.set(out.language, "language");
  const auto own = texts::Texts::with(out.language, pairs(from.part("texts")));
  out.texts = own ? *own : texts::Texts::shipped(out.language);  // check_texts says what is wrong with them
  const Reader backlog = from.part("backlog");
  std::string then = "digest";
  backlog.set(then, "then");
  out.backlog.digest = then == "digest";
  backlog.set(out.backlog.over, "over");
  backlog.set(out.backlog.after, "after");
  out.settings = settings(from);
  out.place = node.place();
  return out;
}

When when(const Node* node, const Reader& from) {
  When out;
  out.topics = from.texts("topic");
  out.sources = from.texts("source");
  out.sites = from.texts("site");
  out.languages = from.texts("lang");
  out.severities = severities(from.texts("severity"));
  from.set(out.query, "query");
  if (node) out.query_place = place_of(*node, "query");
  if (!from) return out;
  // What is no key of its own is a label, or a number with its bounds.
  const Schema* own = own_keys().root().property("routes")->items->all_of[0]->property("when")->all_of[0];
  for (const auto& [name, value] : *from.object()) {
    if (own->property(name)) continue;
    if (const json::object* bounds = value.if_object()) {
      NumberRange range{std::string(name), {}, {}};
      if (const json::value* min = bounds->if_contains("min"); min && min->is_number())
        range.min = min->to_number<double>();
      if (const json::value* max = bounds->if_contains("max"); max && max->is_number())
        range.max = max->to_number<double>();
      out.numbers.push_back(std::move(range));
    } else if (!value.is_null()) {
      out.labels.emplace_back(std::string(name), from.texts(name));
    }
  }
  return out;
}

Group group(const Reader& from) {
  Group out;
  for (const std::string& by : from.texts("by"))
    out.by.push_back(by == "topic" ? GroupBy::topic : by == "source" ? GroupBy::source : GroupBy::story);
  from.set(out.wait, "wait");
  from.set(out.repeat, "repeat");
  return out;
}

Quiet quiet(const Reader& from) {
  Quiet out;
  out.from = minute(from.text("from"));
  out.to = minute(from.text("to"));
  Days days = 0;
  for (const std::string& day : from.texts("days"))
    if (const auto d = parse_day(day)) days = static_cast<Days>(days | 1U << *d);
  if (days != 0) out.days = days;
  const std::string then = from.text("then");
  out.then = then == "send" ? AfterQuiet::send : then == "drop" ? AfterQuiet::drop : AfterQuiet::digest;
  out.except = severities(from.texts("except"));
  return out;
}

Digest digest(const Reader& from) {
  Digest out;
  for (const std::string& text : from.texts("at"))
    if (const auto at = parse_at(text)) out.at.push_back(*at);
  out.every = parse_duration(from.text("every"));
  return out;
}

Limit limit(const Reader& from) {
  Limit out;
  from.set(out.alerts, "alerts");
  from.set(out.per, "per");
  return out;
}

Silence silence(const Node& node, const Reader& from) {
  Silence out;
  from.set(out.query, "query");
  out.until = parse_time(from.text("until"));
  from.set(out.by, "by");
  from.set(out.why, "why");
  out.place = node.place();
  out.query_place = place_of(node, "query");
  return out;
}

Escalate escalate(const Reader& from) {
  Escalate out;
  from.set(out.after, "after");
  out.channels = from.texts("channels");
  return out;
}

Route route(const Node& node, const Reader& from) {
  Route out;
  from.set(out.name, "name");
  out.when = when(node.find("when"), from.part("when"));
  from.set(out.fallback, "default");
  out.channels = from.texts("channels");
  if (const Reader part = from.part("group")) out.group = group(part);
  if (const Reader part = from.part("quiet")) out.quiet = quiet(part);
  if (const Reader part = from.part("digest")) out.digest = digest(part);
  if (const Reader part = from.part("limit")) out.limit = limit(part);
  if (const Reader part = from.part("escalate")) out.escalate = escalate(part);
  if (const json::value* value = from.get("silence")) {
    const Node& at = *node.find("silence");
    if (value->is_object()) out.silences.push_back(silence(at, Reader(*value)));
    if (const json::array* several = value->if_array())
      for (std::size_t i = 0; i < several->size(); ++i)
        out.silences.push_back(silence(*at.items[i], Reader((*several)[i])));
  }
  out.alert_on_edit = from.text("alert_on") == "edit";
  from.set(out.stop, "stop");
  out.place = node.place();
  return out;
}

Report report(const Node& node, const Reader& from) {
  Report out;
  from.set(out.name, "name");
  if (const auto at = parse_at(from.text("at"))) out.at = *at;
  out.channels = from.texts("channels");
  out.topics = from.texts("topics");
  out.place = node.place();
  return out;
}

}  // namespace

const Node* Sections::find(std::string_view section, std::string_view key) const {
  const auto found = single.find(section);
  return found == single.end() || !found->second.node ? nullptr : found->second.node->find(key);
}

const std::vector<Sections::Entry>& Sections::list(std::string_view section) const {
  static const std::vector<Entry> none;
  const auto found = lists.find(section);
  return found == lists.end() ? none : found->second;
}

Config read(const Sections& sections) {
  Config config;
  const auto single = [&](std::string_view name) -> const json::value& {
    static const json::value nothing;
    const auto found = sections.single.find(name);
    return found == sections.single.end() ? nothing : found->second.value;
  };
  config.server = server(Reader(single("server")));
  config.storage = storage(Reader(single("storage")));
  config.fetch = fetch(Reader(single("fetch")));
  config.health.channels = Reader(single("health")).texts("channels");
  if (single("timezone").is_string()) config.timezone = single("timezone").get_string();
  for (const auto& [node, value] : sections.list("topics")) config.topics.push_back(topic(*node, Reader(value)));
  KnownTraits known;
  config.sources.reserve(sections.list("sources").size());
  for (const auto& [node, value] : sections.list("sources"))
    config.sources.push_back(source(*node, Reader(value), config.fetch, known));
  for (const auto& [node, value] : sections.list("channels")) config.channels.push_back(channel(*node, Reader(value)));
  for (const auto& [node, value] : sections.list("routes")) config.routes.push_back(route(*node, Reader(value)));
  for (const auto& [node, value] : sections.list("reports")) config.reports.push_back(report(*node, Reader(value)));
  return config;
}

}  // namespace earshot::config
