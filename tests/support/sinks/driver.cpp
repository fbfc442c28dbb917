#include "driver.h"

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <earshot/plugin.hpp>
#include <stdexcept>

#include "common/sink/card.h"
#include "core/texts/texts.h"

namespace earshot::test {
namespace {

using plugin::sized;
using plugin::str;
using plugin::view;

using texts::Texts;

std::string said_of_counts(const TestMention& m, const Texts& texts) {
  std::string out;
  for (const auto& [name, n] : m.engagement)
    if (n >= 1 && n < 9e15 && n == std::floor(n))
      out += (out.empty() ? "" : " · ") +
             (texts::find(name) ? texts.say(name, {{"n", n}}) : texts.say("other_count", {{"n", n}, {"name", name}}));
  return out;
}

std::string status_of(const TestAlert& a, const Texts& texts) {
  std::string topics;
  const bool report = a.kind == EARSHOT_ALERT_REPORT;  // its mentions are but its quotes
  for (const TestMention& m : report ? std::vector<TestMention>() : a.mentions)
    for (const std::string& topic : m.topics)
      if (topics.find(topic) == std::string::npos) topics += (topics.empty() ? "" : " · ") + topic;
  const std::string kind(sink::kind_name(a.kind)), severity(sink::severity_name(a.severity));
  return texts.say("status", {{"mark", sink::mark(a.severity)},
                              {"severity", texts.say("severity_" + severity)},
                              {"kind", kind == "alert" ? "" : texts.say("kind_" + kind)},
                              {"mentions", a.total > 1 && !report ? texts.say("mentions", {{"n", a.total}}) : ""},
                              {"topics", topics}});
}

std::string text(earshot_str s) { return std::string(view(s)); }

void keep(void* ctx, const char* data, std::size_t len) { static_cast<std::string*>(ctx)->assign(data, len); }

}  // namespace

std::string Posted::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

AlertView::AlertView(const TestAlert& a) {
  const Texts& texts = *Texts::shipped(a.language);
  const auto said = [this](std::string text) { return str(said_.emplace_back(std::move(text))); };
  const auto pairs = [this](const Pairs& from) -> const std::vector<earshot_pair>& {
    auto& to = pairs_.emplace_back();
    for (const auto& [name, value] : from) to.push_back({str(name), str(value)});
    return to;
  };
  for (const TestMention& m : a.mentions) {
    auto to = sized<earshot_mention>();
    to.severity = m.severity;
    to.id = str(m.id);
    to.source = str(m.source);
    to.site = str(m.site);
    to.url = m.url.empty() ? earshot_str{} : str(m.url);
    to.title = str(m.title);
    to.snippet = str(m.snippet);
    to.hits = m.hits.data();
    to.n_hits = m.hits.size();
    to.title_hits = m.title_hits.data();
    to.n_title_hits = m.title_hits.size();
    to.author = str(m.author);
    to.language = str(m.language);
    to.when = str(m.when);
    to.published = m.published;
    to.seen = m.seen;
    auto& topics = strings_.emplace_back();
    for (const std::string& t : m.topics) topics.push_back(str(t));
    to.topics = topics.data();
    to.n_topics = topics.size();
    const auto& labels = pairs(m.labels);
    to.labels = labels.data();
    to.n_labels = labels.size();
    auto& numbers = numbers_.emplace_back();
    for (const auto& [name, value] : m.engagement) numbers.push_back({str(name), value});
    to.engagement = numbers.data();
    to.n_engagement = numbers.size();
    to.byline = said(texts.say("byline", {{"where", m.site}, {"author", m.author}, {"when", m.when}}));
    to.figures = said(said_of_counts(m, texts));
    mentions_.push_back(to);
  }
  for (const earshot_mention& m : mentions_) pointers_.push_back(&m);
  alert_ = sized<earshot_alert>();
  alert_.kind = a.kind;
  alert_.severity = a.severity;
  alert_.attempt = a.attempt;
  alert_.delivery_id = str(a.delivery_id);
  alert_.channel = str(a.channel);
  if (!a.headline.empty()) alert_.headline = str(a.headline);
  if (!a.text.empty()) alert_.text = str(a.text);
  alert_.created = a.created;
  alert_.mentions = pointers_.data();
  alert_.n_mentions = pointers_.size();
  alert_.total = a.total;
  const auto& actions = pairs(a.actions);
  alert_.actions = actions.data();
  alert_.n_actions = actions.size();
  alert_.language = str(a.language);
  if (!a.story.empty()) alert_.story = str(a.story);
  if (!a.edits.empty()) alert_.edits = str(a.edits);
  if (!a.thread.empty()) alert_.thread = str(a.thread);
  if (!a.standing.empty()) alert_.standing = str(a.standing);
  alert_.status = said(status_of(a, texts));
  alert_.open = said(texts.say("open"));
  alert_.untitled = said(texts.say("untitled"));
  if (!a.note.empty()) alert_.note = str(a.note);
  for (std::size_t shown = 0; shown <= a.mentions.size() && shown <= a.total; ++shown)
    more_.push_back(said(texts.say("more", {{"n", a.total - shown}})));
  alert_.more = more_.data();
  alert_.n_more = more_.size();
}

std::vector<TestAlert> alerts_of_every_kind() {
  std::vector<TestAlert> all;
  for (std::uint32_t kind = EARSHOT_ALERT_MENTION; kind <= EARSHOT_ALERT_EDIT; ++kind) {
    TestAlert a;
    a.kind = kind;
    a.delivery_id = "d-" + std::to_string(kind);
    if (kind == EARSHOT_ALERT_HEALTH || kind == EARSHOT_ALERT_REPORT || kind == EARSHOT_ALERT_TEST) {
      a.mentions.clear();
      a.total = 0;
      a.headline = kind == EARSHOT_ALERT_HEALTH ? "Source hn does not answer" : "Week 47: 312 mentions, up 12 %";
      a.text = "brand: 212 (+8 %)\ncomplaints: 100 (+21 %)\n\nLoudest: theregister.com";
    } else if (kind != EARSHOT_ALERT_MENTION) {
      a.mentions.resize(4);
      for (std::size_t i = 0; i < 4; ++i) {
        a.mentions[i].id = "m" + std::to_string(i);
        a.mentions[i].url += "/" + std::to_string(i);
        a.mentions[i].title += " (" + std::to_string(i) + ")";
      }
      a.total = 41;
      if (kind == EARSHOT_ALERT_SPIKE) a.headline = "complaints: 41 in the last hour, 6 is usual";
    }
    all.push_back(std::move(a));
  }
  return all;
}

SinkUnderTest::SinkUnderTest(const std::string& name) {
  const std::string path = std::string(EARSHOT_SINK_DIR) + "/" + name + ".so";
  library_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library_) throw std::runtime_error(dlerror());
  table_ = static_cast<const earshot_plugin*>(dlsym(library_, "earshot_plugin_v1"));
  if (!table_ || view(table_->name) != name || table_->kind != EARSHOT_SINK)
    throw std::runtime_error(path + " is not the sink " + name);
}

SinkUnderTest::~SinkUnderTest() {
  if (instance_) table_->destroy(instance_);
  dlclose(library_);
}

std::string SinkUnderTest::create(std::string_view settings) {
  if (instance_) table_->destroy(instance_);
  instance_ = nullptr;
  auto host = sized<earshot_host>();
  host.user_agent = str("Earshot/test");
  auto config = sized<earshot_config>();
  config.name = str("pr");
  config.settings = str(settings);
  std::string error;
  auto out = sized<earshot_create_out>();
  out.ctx = &error;
  out.error = keep;
  const std::int32_t status = table_->create(&host, &config, &out, &instance_);
  if (status != EARSHOT_OK && error.empty()) error = "refused without a reason";
  if (status != EARSHOT_OK) instance_ = nullptr;
  return error;
}

Posted SinkUnderTest::request(const TestAlert& alert, std::int64_t now) const {
  Posted posted;
  const AlertView a(alert);
  auto call = sized<earshot_call>();
  call.now = now;
  call.random = 42;
  call.state = str(alert.state);
  auto out = sized<earshot_sink_out>();
  out.ctx = &posted;
  out.request = [](void* ctx, const earshot_request* r) -> std::int32_t {
    auto& to = *static_cast<Posted*>(ctx);
    to.ok = true;
    to.method = text(r->method);
    to.url = text(r->url);
    to.body = text(r->body);
    to.tag = r->tag;
    for (std::size_t i = 0; i < r->n_headers; ++i)
      to.headers.emplace_back(text(r->headers[i].name), text(r->headers[i].value));
    return EARSHOT_OK;
  };
  out.warning = [](void* ctx, const char* s, std::size_t n) { static_cast<Posted*>(ctx)->warnings.emplace_back(s, n); };
  out.error = [](void* ctx, const char* s, std::size_t n) { static_cast<Posted*>(ctx)->error.assign(s, n); };
  if (table_->sink_request(instance_, &call, &a, &out) != EARSHOT_OK) posted.ok = false;
  return posted;
}

Judged SinkUnderTest::outcome(const TestAlert& alert, std::uint32_t status, std::string_view body, const Pairs& headers,
                              std::int64_t now, std::uint64_t tag) const {
  Judged judged;
  const AlertView a(alert);
  auto call = sized<earshot_call>();
  call.now = now;
  call.state = str(alert.state);
  std::vector<earshot_pair> pairs;
  for (const auto& [name, value] : headers) pairs.push_back({str(name), str(value)});
  auto response = sized<earshot_response>();
  response.status = status;
  response.tag = tag;
  response.url = str("https://answered.example/");
  response.headers = pairs.data();
  response.n_headers = pairs.size();
  response.body = str(body);
  auto out = sized<earshot_sink_out>();
  out.ctx = &judged;
  out.outcome = [](void* ctx, const earshot_outcome* o) -> std::int32_t {
    auto& to = *static_cast<Judged*>(ctx);
    to.ok = true;
    to.result = o->result;
    to.retry_after_ms = o->retry_after_ms;
    to.reason = text(o->reason);
    to.remote_id = text(o->remote_id);
    to.state = text(o->state);
    return EARSHOT_OK;
  };
  out.warning = [](void*, const char*, std::size_t) {};
  out.error = [](void* ctx, const char* s, std::size_t n) { static_cast<Judged*>(ctx)->error.assign(s, n); };
  if (table_->sink_outcome(instance_, &call, &a, &response, &out) != EARSHOT_OK) judged.ok = false;
  return judged;
}

std::vector<std::string> sink_names() {
  std::vector<std::string> names;
  const std::string all = EARSHOT_SINKS;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(',', at), all.size());
    names.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

}  // namespace earshot::test
