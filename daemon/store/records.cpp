#include "store/records.h"

#include <algorithm>
#include <utility>

#include "records.pb.h"
#include "store/keys.h"

namespace earshot::store::records {
namespace {

enum class Bodies { kept, left_out };

void fill(record::Item& to, const Item& item, Bodies bodies) {
  to.set_id(item.id);
  to.set_url(item.url);
  to.set_title(item.title);
  if (bodies == Bodies::kept) {
    to.set_summary(item.summary);
    to.set_content(item.content);
    to.set_summary_is_text(item.summary_text == item.summary);
    to.set_content_is_text(item.content_text == item.content);
    if (!to.summary_is_text()) to.set_summary_text(item.summary_text);
    if (!to.content_is_text()) to.set_content_text(item.content_text);
  }
  to.set_author(item.author);
  to.set_language(item.language);
  to.set_comments(item.comments);
  if (item.published) to.set_published(to_ms(*item.published));
  if (item.updated) to.set_updated(to_ms(*item.updated));
  for (const Category& category : item.categories) {
    record::Category& c = *to.add_categories();
    c.set_term(category.term);
    c.set_scheme(category.scheme);
    c.set_label(category.label);
  }
  for (const Enclosure& enclosure : item.enclosures) {
    record::Enclosure& e = *to.add_enclosures();
    e.set_url(enclosure.url);
    e.set_type(enclosure.type);
    e.set_length(enclosure.length);
  }
  for (const Number& number : item.engagement) {
    record::Number& n = *to.add_engagement();
    n.set_name(number.name);
    n.set_value(number.value);
  }
}

Item item_of(record::Item& from) {
  Item item;
  item.id = std::move(*from.mutable_id());
  item.url = std::move(*from.mutable_url());
  item.title = std::move(*from.mutable_title());
  item.summary = std::move(*from.mutable_summary());
  item.content = std::move(*from.mutable_content());
  item.summary_text = from.summary_is_text() ? item.summary : std::move(*from.mutable_summary_text());
  item.content_text = from.content_is_text() ? item.content : std::move(*from.mutable_content_text());
  item.author = std::move(*from.mutable_author());
  item.language = std::move(*from.mutable_language());
  item.comments = std::move(*from.mutable_comments());
  if (from.has_published()) item.published = from_ms(from.published());
  if (from.has_updated()) item.updated = from_ms(from.updated());
  for (record::Category& c : *from.mutable_categories())
    item.categories.push_back(
        {std::move(*c.mutable_term()), std::move(*c.mutable_scheme()), std::move(*c.mutable_label())});
  for (record::Enclosure& e : *from.mutable_enclosures())
    item.enclosures.push_back({std::move(*e.mutable_url()), std::move(*e.mutable_type()), e.length()});
  for (record::Number& n : *from.mutable_engagement())
    item.engagement.push_back({std::move(*n.mutable_name()), n.value()});
  return item;
}

void fill(record::Span& to, Span span) {
  to.set_start(span.start);
  to.set_end(span.end);
}
Span span_of(const record::Span& from) { return {from.start(), from.end()}; }

void fill(record::Mention& to, const Mention& mention, Bodies bodies) {
  to.set_id(mention.id);
  to.set_source(mention.source);
  to.set_site(mention.site);
  to.set_canonical_url(mention.canonical_url);
  fill(*to.mutable_item(), mention.item, bodies);
  to.set_seen(to_ms(mention.seen));
  to.set_severity(static_cast<std::uint32_t>(mention.severity));
  for (const auto& [name, value] : mention.labels) {
    record::Pair& pair = *to.add_labels();
    pair.set_name(name);
    pair.set_value(value);
  }
  for (const TopicMatch& match : mention.matches) {
    record::TopicMatch& m = *to.add_matches();
    m.set_topic(match.topic);
    for (const Hit& hit : match.hits) {
      record::Hit& h = *m.add_hits();
      h.set_term(hit.term);
      h.set_field(hit.field);
      fill(*h.mutable_span(), hit.span);
    }
  }
  to.set_snippet(mention.snippet);
  for (const Span span : mention.snippet_hits) fill(*to.add_snippet_hits(), span);
  for (const Span span : mention.title_hits) fill(*to.add_title_hits(), span);
  to.set_language(mention.language);
  to.set_language_confidence(mention.language_confidence);
}

// A number that a newer Earshot wrote and this one does not know becomes the plain case.
Severity severity_of(std::uint32_t value) {
  return value >= 1 && value <= 4 ? static_cast<Severity>(value) : Severity::normal;
}
AlertKind kind_of(std::uint32_t value) {
  return value >= 1 && value <= static_cast<std::uint32_t>(AlertKind::edit) ? static_cast<AlertKind>(value)
                                                                            : AlertKind::mention;
}

Mention mention_of(record::Mention& from) {
  Mention mention;
  mention.id = std::move(*from.mutable_id());
  mention.source = std::move(*from.mutable_source());
  mention.site = std::move(*from.mutable_site());
  mention.canonical_url = std::move(*from.mutable_canonical_url());
  mention.item = item_of(*from.mutable_item());
  mention.seen = from_ms(from.seen());
  mention.severity = severity_of(from.severity());
  for (record::Pair& pair : *from.mutable_labels())
    mention.labels.emplace_back(std::move(*pair.mutable_name()), std::move(*pair.mutable_value()));
  for (record::TopicMatch& m : *from.mutable_matches()) {
    TopicMatch match{std::move(*m.mutable_topic()), {}};
    for (record::Hit& h : *m.mutable_hits())
      match.hits.push_back({std::move(*h.mutable_term()), std::move(*h.mutable_field()), span_of(h.span())});
    mention.matches.push_back(std::move(match));
  }
  mention.snippet = std::move(*from.mutable_snippet());
  for (const record::Span& span : from.snippet_hits()) mention.snippet_hits.push_back(span_of(span));
  for (const record::Span& span : from.title_hits()) mention.title_hits.push_back(span_of(span));
  // What was stored before languages were measured has the source's word.
  mention.language = from.language().empty() ? mention.item.language : std::move(*from.mutable_language());
  mention.language_confidence = static_cast<std::uint8_t>(from.language_confidence());
  return mention;
}

template <class Tries>
void fill_tries(Tries& to, const std::vector<Try>& tries) {
  const std::size_t skip = tries.size() - std::min(tries.size(), max_tries_kept);
  for (std::size_t i = skip; i < tries.size(); ++i) {
    record::Try& t = *to.Add();
    t.set_at(to_ms(tries[i].at));
    t.set_reason(tries[i].reason);
  }
}

template <class Tries>
std::vector<Try> tries_of(Tries& from) {
  std::vector<Try> tries;
  for (record::Try& t : from) tries.push_back({from_ms(t.at()), std::move(*t.mutable_reason())});
  return tries;
}

void fill(record::Delivery& to, const Delivery& delivery) {
  const Alert& alert = delivery.alert;
  record::Alert& a = *to.mutable_alert();
  a.set_kind(static_cast<std::uint32_t>(alert.kind));
  a.set_severity(static_cast<std::uint32_t>(alert.severity));
  a.set_delivery_id(alert.delivery_id);
  a.set_headline(alert.headline);
  a.set_text(alert.text);
  a.set_created(to_ms(alert.created));
  for (const Mention& mention : alert.mentions) fill(*a.add_mentions(), mention, Bodies::left_out);
  a.set_total(alert.total);
  a.set_story(alert.story);
  a.set_edits(alert.edits);
  for (const auto& [label, url] : alert.actions) {
    record::Pair& pair = *a.add_actions();
    pair.set_name(label);
    pair.set_value(url);
  }
  to.set_owed_since(to_ms(delivery.owed_since));
  to.set_attempts(delivery.attempts);
  to.set_not_before(to_ms(delivery.not_before));
  fill_tries(*to.mutable_tries(), delivery.tries);
  to.set_progress(delivery.progress);
}

Delivery delivery_of(std::string_view channel, std::uint64_t number, record::Delivery& from) {
  Delivery delivery;
  delivery.number = number;
  record::Alert& a = *from.mutable_alert();
  Alert& alert = delivery.alert;
  alert.kind = kind_of(a.kind());
  alert.severity = severity_of(a.severity());
  alert.delivery_id = std::move(*a.mutable_delivery_id());
  alert.channel = std::string(channel);
  alert.headline = std::move(*a.mutable_headline());
  alert.text = std::move(*a.mutable_text());
  alert.created = from_ms(a.created());
  for (record::Mention& mention : *a.mutable_mentions()) alert.mentions.push_back(mention_of(mention));
  alert.total = a.total();
  alert.story = std::move(*a.mutable_story());
  alert.edits = std::move(*a.mutable_edits());
  for (record::Pair& pair : *a.mutable_actions())
    alert.actions.emplace_back(std::move(*pair.mutable_name()), std::move(*pair.mutable_value()));
  delivery.owed_since = from_ms(from.owed_since());
  delivery.attempts = from.attempts();
  delivery.not_before = from_ms(from.not_before());
  delivery.tries = tries_of(*from.mutable_tries());
  delivery.progress = std::move(*from.mutable_progress());
  return delivery;
}

template <class Record>
std::optional<Record> parse(std::string_view bytes) {
  Record record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  return record;
}

}  // namespace

std::string write(const SourceState& state) {
  record::Source r;
  if (state.first_poll) r.set_first_poll(to_ms(*state.first_poll));
  if (state.last_attempt) r.set_last_attempt(to_ms(*state.last_attempt));
  if (state.last_success) r.set_last_success(to_ms(*state.last_success));
  if (state.last_new) r.set_last_new(to_ms(*state.last_new));
  r.set_failures(state.failures);
  r.set_last_error(state.last_error);
  r.set_title(state.title);
  r.set_url(state.url);
  r.set_moved_to(state.moved.to);
  r.set_moved_from(state.moved.from);
  r.set_moved_seen(state.moved.seen);
  r.set_gone(state.gone);
  const std::size_t skip = state.validators.size() - std::min(state.validators.size(), max_validators);
  for (std::size_t i = skip; i < state.validators.size(); ++i) {
    record::Validator& v = *r.add_validators();
    v.set_url(state.validators[i].url);
    v.set_etag(state.validators[i].etag);
    v.set_last_modified(state.validators[i].last_modified);
  }
  r.set_plugin_state(state.plugin_state);
  r.set_pace(state.pace);
  r.set_health(state.health);
  std::string bytes;
  keys::put(bytes, state.next_due);
  r.AppendToString(&bytes);
  return bytes;
}

std::string write(const Mention& mention) {
  record::Mention r;
  fill(r, mention, Bodies::kept);
  return r.SerializeAsString();
}

std::string write(const Delivery& delivery) {
  record::Delivery r;
  fill(r, delivery);
  return r.SerializeAsString();
}

std::string write(const DeadLetter& letter) {
  record::Delivery r;
  fill(r, letter.delivery);
  r.set_died(to_ms(letter.died));
  r.set_reason(letter.reason);
  std::string bytes;
  keys::put(bytes, letter.died);
  r.AppendToString(&bytes);
  return bytes;
}

std::string write(const Arrived& arrived) {
  record::Arrived r;
  r.set_channel(arrived.channel);
  r.set_delivery_id(arrived.delivery_id);
  r.set_remote_id(arrived.remote_id);
  r.set_kind(static_cast<std::uint32_t>(arrived.kind));
  for (const std::string& id : arrived.mention_ids) r.add_mention_ids(id);
  r.set_total(arrived.total);
  r.set_editable(arrived.editable);
  r.set_owed_since(to_ms(arrived.owed_since));
  r.set_attempts(arrived.attempts);
  fill_tries(*r.mutable_tries(), arrived.tries);
  return r.SerializeAsString();
}

std::string write(const Sighting& sighting) {
  record::Sighting r;
  r.set_source(sighting.source);
  r.set_item_id(sighting.item_id);
  r.set_url(sighting.url);
  r.set_at(to_ms(sighting.at));
  return r.SerializeAsString();
}

std::string write(const Kin& kin) {
  record::Kin r;
  r.set_story(kin.story);
  r.set_like(kin.like);
  r.set_likeness(kin.likeness);
  r.set_by(kin.by);
  if (!kin.by.empty()) r.set_at(to_ms(kin.at));
  return r.SerializeAsString();
}

std::string write(const Story& story) {
  record::Story r;
  r.set_mentions(story.mentions);
  for (const std::string& outlet : story.outlets) r.add_outlets(outlet);
  for (const std::string& language : story.languages) r.add_languages(language);
  r.set_first_outlet(story.first_outlet);
  r.set_first_at(to_ms(story.first_at));
  r.set_last(to_ms(story.last));
  return r.SerializeAsString();
}

std::string write(const Revision& revision) {
  record::Revision r;
  r.set_at(to_ms(revision.at));
  r.set_title(revision.title);
  r.set_text(revision.text);
  if (revision.published) r.set_published(to_ms(*revision.published));
  r.set_wording(revision.wording);
  return r.SerializeAsString();
}

std::optional<SourceState> read_source(std::string_view name, std::string_view value) {
  const auto next_due = keys::take<Time>(value);
  auto r = parse<record::Source>(value);
  if (!next_due || !r) return std::nullopt;
  SourceState state;
  state.name = std::string(name);
  state.next_due = *next_due;
  if (r->has_first_poll()) state.first_poll = from_ms(r->first_poll());
  if (r->has_last_attempt()) state.last_attempt = from_ms(r->last_attempt());
  if (r->has_last_success()) state.last_success = from_ms(r->last_success());
  if (r->has_last_new()) state.last_new = from_ms(r->last_new());
  state.failures = r->failures();
  state.last_error = std::move(*r->mutable_last_error());
  state.title = std::move(*r->mutable_title());
  state.url = std::move(*r->mutable_url());
  state.moved = {std::move(*r->mutable_moved_from()), std::move(*r->mutable_moved_to()), r->moved_seen()};
  state.gone = r->gone();
  for (record::Validator& v : *r->mutable_validators())
    state.validators.push_back(
        {std::move(*v.mutable_url()), std::move(*v.mutable_etag()), std::move(*v.mutable_last_modified())});
  state.plugin_state = std::move(*r->mutable_plugin_state());
  state.pace = std::move(*r->mutable_pace());
  state.health = std::move(*r->mutable_health());
  return state;
}

std::optional<Time> read_next_due(std::string_view value) { return keys::take<Time>(value); }

std::optional<Mention> read_mention(std::string_view value) {
  auto r = parse<record::Mention>(value);
  if (!r) return std::nullopt;
  return mention_of(*r);
}

std::optional<Delivery> read_delivery(std::string_view channel, std::uint64_t number, std::string_view value) {
  auto r = parse<record::Delivery>(value);
  if (!r) return std::nullopt;
  return delivery_of(channel, number, *r);
}

std::optional<DeadLetter> read_dead(std::string_view channel, std::uint64_t number, std::string_view value) {
  const auto died = keys::take<Time>(value);
  auto r = parse<record::Delivery>(value);
  if (!died || !r) return std::nullopt;
  std::string reason = std::move(*r->mutable_reason());
  return DeadLetter{delivery_of(channel, number, *r), *died, std::move(reason)};
}

std::optional<Time> read_died(std::string_view value) { return keys::take<Time>(value); }

std::optional<Arrived> read_arrived(std::string_view key, std::string_view value) {
  const auto at = keys::take<Time>(key);
  const auto number = keys::take<std::uint64_t>(key);
  auto r = parse<record::Arrived>(value);
  if (!at || !number || !r) return std::nullopt;
  Arrived arrived;
  arrived.number = *number;
  arrived.channel = std::move(*r->mutable_channel());
  arrived.delivery_id = std::move(*r->mutable_delivery_id());
  arrived.remote_id = std::move(*r->mutable_remote_id());
  arrived.kind = kind_of(r->kind());
  for (std::string& id : *r->mutable_mention_ids()) arrived.mention_ids.push_back(std::move(id));
  arrived.total = r->total();
  arrived.editable = r->editable();
  arrived.owed_since = from_ms(r->owed_since());
  arrived.at = *at;
  arrived.attempts = r->attempts();
  arrived.tries = tries_of(*r->mutable_tries());
  return arrived;
}

std::optional<Sighting> read_sighting(std::string_view value) {
  auto r = parse<record::Sighting>(value);
  if (!r) return std::nullopt;
  return Sighting{std::move(*r->mutable_source()), std::move(*r->mutable_item_id()), std::move(*r->mutable_url()),
                  from_ms(r->at())};
}

std::optional<Kin> read_kin(std::string_view value) {
  auto r = parse<record::Kin>(value);
  if (!r || r->story().empty()) return std::nullopt;
  return Kin{std::move(*r->mutable_story()), std::move(*r->mutable_like()), r->likeness(), std::move(*r->mutable_by()),
             from_ms(r->at())};
}

std::optional<Story> read_story(std::string_view value) {
  auto r = parse<record::Story>(value);
  if (!r) return std::nullopt;
  Story story;
  story.mentions = r->mentions();
  story.outlets.assign(r->outlets().begin(), r->outlets().end());
  story.languages.assign(r->languages().begin(), r->languages().end());
  story.first_outlet = std::move(*r->mutable_first_outlet());
  story.first_at = from_ms(r->first_at());
  story.last = from_ms(r->last());
  return story;
}

std::optional<Revision> read_revision(std::string_view value) {
  auto r = parse<record::Revision>(value);
  if (!r) return std::nullopt;
  Revision revision{from_ms(r->at()), std::move(*r->mutable_title()), std::move(*r->mutable_text()), {}, r->wording()};
  if (r->has_published()) revision.published = from_ms(r->published());
  return revision;
}

}  // namespace earshot::store::records
