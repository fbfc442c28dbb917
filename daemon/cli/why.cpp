// `earshot why ID`: the whole stored story of one mention.
#include "run/why.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>
#include <iterator>
#include <memory>
#include <utility>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/local_time.h"
#include "cli/mention_json.h"
#include "cli/setup.h"
#include "cli/terminal.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;
using run::Why;

struct Options {
  std::string config, id;
  bool json = false;
};

class Printer {
 public:
  // The name of a part once, before its first line.
  void part(std::string_view name) { name_ = name; }
  template <class... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) {
    fmt::print("{:<10} {}\n", std::exchange(name_, {}), fmt::format(format, std::forward<Values>(values)...));
  }

 private:
  std::string_view name_;
};

std::string_view kind_word(AlertKind kind) { return kind == AlertKind::rollup ? "roll-up" : to_string(kind); }

std::string in_tries(std::size_t n) { return fmt::format("{} {}", n, n == 1 ? "try" : "tries"); }

void print_tries(Printer& out, const std::vector<store::Try>& tries) {
  for (const store::Try& one : tries) out.line("    try {}: {}", local_time(one.at), printable(one.reason));
}

void print_heard(Printer& out, const Why& why) {
  const Mention& m = why.trail.mention;
  out.part(m.id);
  out.line("  {}", printable(m.item.title.empty() ? m.snippet : m.item.title));
  if (!m.item.url.empty()) out.line("  {}", printable(m.item.url));
  out.part("heard");
  out.line("{} from {}, as item {}", local_time(m.seen), printable(m.source), printable(m.item.id));
  out.line("published {}", m.item.published ? local_time(*m.item.published) : "at a time that is not known");
  if (!m.canonical_url.empty()) out.line("duplicates are found by {}", printable(m.canonical_url));
  out.line("language {}{}", printable(m.language.empty() ? "und" : m.language),
           m.language_confidence > 0 ? fmt::format(", {} % of the text", m.language_confidence) : "");
  out.part("revised");
  for (const store::Revision& r : why.trail.revisions)
    out.line("{}; until then: {}{}", local_time(r.at), printable(r.title.empty() ? r.text.substr(0, 200) : r.title),
             r.published ? ", published " + local_time(*r.published) : "");
  out.part("also from");
  for (const store::Sighting& s : why.trail.sightings)
    out.line("{} {}, as item {}: {}", local_time(s.at), printable(s.source), printable(s.item_id), printable(s.url));
}

void print_matched(Printer& out, const Why& why) {
  out.part("matched");
  if (why.trail.mention.matches.empty()) out.line("no topic: it is kept so that a new topic has a past");
  for (const TopicMatch& match : why.trail.mention.matches) {
    out.line("{}", printable(match.topic));
    for (const Hit& hit : match.hits)
      out.line("    {}: {} {}–{}", printable(hit.term), hit.field, hit.span.start, hit.span.end);
    if (match.hits.empty()) out.line("    all that this source brings is about it");
  }
  std::string now;
  for (const std::string& topic : why.topics_now) now += (now.empty() ? "" : ", ") + topic;
  out.part("today");
  out.line("the configuration would match {}", now.empty() ? "no topic" : printable(now));
}

void print_story(Printer& out, const Why& why) {
  out.part("story");
  if (why.story.empty() && (!why.trail.kin || why.trail.kin->by.empty()))
    return out.line("none: nothing like it was heard from another source");
  if (why.trail.kin && !why.trail.kin->by.empty())
    out.line("{} {} {}, by {}", local_time(why.trail.kin->at),
             why.trail.kin->story == why.trail.mention.id ? "split off, or made the first" : "merged under",
             why.trail.kin->story == why.trail.mention.id ? "" : why.trail.kin->story, printable(why.trail.kin->by));
  else if (why.trail.kin)
    out.line("like {} ({:.0f} % of the shorter text is in the longer one)", why.trail.kin->like,
             100 * why.trail.kin->likeness);
  else
    out.line("it was the first");
  std::string ids;
  for (const std::string& id : why.story) ids += (ids.empty() ? "" : " ") + id;
  out.line("{} mentions at {} outlets, first {}: {}", why.figures.mentions, why.figures.outlets.size(),
           printable(why.figures.first_outlet), ids);
}

void print_routes(Printer& out, const Why& why) {
  out.part("routes");
  if (why.routed.empty()) out.line("none took it when it came in");
  for (const run::Verdict& v : why.routed)
    out.line("{} → {}: {}{}{}", printable(v.reason), printable(v.channel), to_string(v.fate),
             v.detail.empty() ? "" : ": ", printable(v.detail));
  out.part("today");
  for (const run::NotTaken& n : why.not_taken_now)
    out.line("route {} does not take it: {}", n.route, printable(n.reason));
}

void print_deliveries(Printer& out, const Why& why) {
  out.part("waits");
  for (const run::Waiting& w : why.waiting)
    out.line("{} of route {} for {}: {} mentions, {}", w.what, printable(w.route), printable(w.channel), w.mentions,
             w.due == Time{} ? "nothing due" : "due " + local_time(w.due));
  out.part("claim");
  if (const auto& claim = why.claim)
    out.line("{} by {} at {}", to_string(claim->state), printable(claim->by),
             local_time(claim->ended.value_or(claim->taken)));
  out.part("owed");
  for (const store::Delivery& d : why.owed) {
    out.line("{} to {} since {}, {}, next {}", d.alert.delivery_id, printable(d.alert.channel),
             local_time(d.owed_since), in_tries(d.attempts),
             d.not_before == Time{} ? "at once" : local_time(d.not_before));
    print_tries(out, d.tries);
  }
  out.part("delivered");
  for (const store::Arrived& a : why.trail.deliveries) {
    out.line("{} to {} at {}: {} alert, {}{}", a.delivery_id, printable(a.channel), local_time(a.at), kind_word(a.kind),
             in_tries(a.attempts), a.remote_id.empty() ? "" : ", there it is " + printable(a.remote_id));
    print_tries(out, a.tries);
  }
  out.part("dead");
  for (const store::DeadLetter& l : why.dead) {
    out.line("{} to {} at {}: {}", l.delivery.alert.delivery_id, printable(l.delivery.alert.channel),
             local_time(l.died), printable(l.reason));
    print_tries(out, l.delivery.tries);
  }
}

json::array tries(const std::vector<store::Try>& from) {
  json::array all;
  for (const store::Try& one : from) all.push_back(json::object{{"at", rfc3339(one.at)}, {"reason", one.reason}});
  return all;
}

std::string to_json(const Why& why) {
  json::object out;
  out["mention"] = json::parse(mention_json(why.trail.mention));
  json::array also, routes, waits, owed, delivered, dead, now;
  for (const store::Sighting& s : why.trail.sightings)
    also.push_back(json::object{{"source", s.source}, {"item_id", s.item_id}, {"url", s.url}, {"at", rfc3339(s.at)}});
  json::array revisions;
  for (const store::Revision& r : why.trail.revisions) {
    json::object one{{"at", rfc3339(r.at)}, {"title", r.title}, {"text", r.text}};
    if (r.published) one["published"] = rfc3339(*r.published);
    revisions.push_back(std::move(one));
  }
  out["revisions"] = std::move(revisions);
  for (const run::Verdict& v : why.routed)
    routes.push_back(json::object{{"route", v.route},
                                  {"channel", v.channel},
                                  {"reason", v.reason},
                                  {"fate", to_string(v.fate)},
                                  {"detail", v.detail}});
  for (const run::Waiting& w : why.waiting)
    waits.push_back(json::object{{"what", w.what},
                                 {"route", w.route},
                                 {"channel", w.channel},
                                 {"due", w.due == Time{} ? json::value(nullptr) : json::value(rfc3339(w.due))},
                                 {"mentions", w.mentions}});
  for (const store::Delivery& d : why.owed)
    owed.push_back(json::object{{"delivery_id", d.alert.delivery_id},
                                {"channel", d.alert.channel},
                                {"since", rfc3339(d.owed_since)},
                                {"attempts", d.attempts},
                                {"tries", tries(d.tries)}});
  for (const store::Arrived& a : why.trail.deliveries)
    delivered.push_back(json::object{{"delivery_id", a.delivery_id},
                                     {"channel", a.channel},
                                     {"kind", kind_word(a.kind)},
                                     {"at", rfc3339(a.at)},
                                     {"attempts", a.attempts},
                                     {"remote_id", a.remote_id},
                                     {"tries", tries(a.tries)}});
  for (const store::DeadLetter& l : why.dead)
    dead.push_back(json::object{{"delivery_id", l.delivery.alert.delivery_id},
                                {"channel", l.delivery.alert.channel},
                                {"at", rfc3339(l.died)},
                                {"reason", l.reason},
                                {"tries", tries(l.delivery.tries)}});
  for (const run::NotTaken& n : why.not_taken_now)
    now.push_back(json::object{{"route", n.route}, {"reason", n.reason}});
  out["also_from"] = std::move(also);
  json::object story;
  if (why.trail.kin) {
    story["like"] = why.trail.kin->like;
    story["likeness"] = why.trail.kin->likeness;
    if (!why.trail.kin->by.empty()) {
      story["by"] = why.trail.kin->by;
      story["at"] = rfc3339(why.trail.kin->at);
    }
  }
  story["mentions"] = json::value_from(why.story);
  story["outlets"] = json::value_from(why.figures.outlets);
  story["languages"] = json::value_from(why.figures.languages);
  story["first_outlet"] = why.figures.first_outlet;
  if (why.claim)
    out["claim"] = json::object{
        {"state", to_string(why.claim->state)}, {"by", why.claim->by}, {"claimed", rfc3339(why.claim->taken)}};
  out["story"] = std::move(story);
  out["routes"] = std::move(routes);
  out["waits"] = std::move(waits);
  out["owed"] = std::move(owed);
  out["delivered"] = std::move(delivered);
  out["dead"] = std::move(dead);
  out["today"] = json::object{{"topics", json::value_from(why.topics_now)}, {"routes_not_taken", std::move(now)}};
  return json::serialize(out);
}

int explain(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto store = look_into_store(*setup);
  if (!store) return no;
  const auto id = mention_named(*store, "why", options.id);
  if (!id) return no;
  const auto why = run::why(*store, setup->config, *id);
  if (!why || !*why) {
    fmt::print(stderr, "earshot why: {}\n", why ? "it was dropped by its age" : why.error().message);
    return no;
  }
  if (options.json) {
    fmt::print("{}\n", to_json(**why));
    return good;
  }
  Printer out;
  print_heard(out, **why);
  print_matched(out, **why);
  print_story(out, **why);
  print_routes(out, **why);
  print_deliveries(out, **why);
  return good;
}

}  // namespace

void add_why(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("why", "Why a mention was told to whom, or was not");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_option("id", options->id, "The mention's id, or its first few characters")->required()->type_name("ID");
  command->add_flag("--json", options->json, "One JSON object");
  command->footer(
      "Shows when and from where it was heard, which words of which topics matched where, its story, what each route\n"
      "made of it, what held it back, and every try to deliver it.\n"
      "Example:\n"
      "  earshot why 3f9k");
  command->callback([options, &exit] { exit = explain(*options); });
}

}  // namespace earshot::cli
