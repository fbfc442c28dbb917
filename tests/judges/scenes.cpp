#include "scenes.h"

#include <string_view>
#include <utility>

#include "core/texts/texts.h"

namespace earshot::test {
namespace {

const texts::Texts& words() { return *texts::Texts::shipped("en"); }

// The hits of a text: where Acme Bank is named.
std::vector<earshot_span> hits(std::string_view text) {
  constexpr std::string_view name = "Acme Bank";
  std::vector<earshot_span> found;
  for (std::size_t at = 0; (at = text.find(name, at)) != std::string_view::npos; at += name.size())
    found.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + name.size())});
  return found;
}

TestMention told(std::string site, std::string author, std::string when, std::string title, std::string snippet,
                 std::uint32_t severity, std::vector<std::pair<std::string, double>> figures = {}) {
  TestMention m;
  m.url = "https://" + site + "/2026/11/23/acme-bank";
  m.id = m.source = m.site = std::move(site);
  m.author = std::move(author);
  m.when = std::move(when);
  m.title_hits = hits(title);
  m.hits = hits(snippet);
  m.title = std::move(title);
  m.snippet = std::move(snippet);
  m.severity = severity;
  m.engagement = std::move(figures);
  return m;
}

TestMention outage() {
  return told(
      "news.example.com", "Jane Doe", "Mon 23 Nov 21:10 CET",
      "Acme Bank app down for the third time this month, customers cannot pay",
      "… since seven this evening. “I stood at the till with a full cart and no way to pay,” says a customer of "
      "Acme Bank in Utrecht. The bank says it is looking into it and …",
      EARSHOT_SEVERITY_HIGH, {{"comments", 312}});
}

TestMention post() {  // without a title, as people post
  return told("social.example", "@maria_k", "Mon 23 Nov 20:52 CET", "",
              "is anybody else locked out of Acme Bank?? the app wants a code that never comes 😡",
              EARSHOT_SEVERITY_HIGH, {{"likes", 1204}, {"reposts", 388}, {"replies", 97}});
}

TestMention answer() {
  return told("wire.example.net", "", "Mon 23 Nov 21:25 CET", "Acme Bank: payments back “within the hour”",
              "A spokesperson of Acme Bank said that payments will be back within the hour.", EARSHOT_SEVERITY_NORMAL);
}

TestMention praise() {
  return told("forum.example.org", "tom", "Mon 23 Nov 18:03 CET", "Love the new Acme Bank branch in Ghent ❤️", "",
              EARSHOT_SEVERITY_LOW, {{"likes", 12}});
}

TestAlert of(std::uint32_t kind, std::uint32_t severity, std::vector<TestMention> mentions) {
  TestAlert a;
  a.kind = kind;
  a.severity = severity;
  a.mentions = std::move(mentions);
  a.total = a.mentions.size();
  for (auto& [label, url] : a.actions) label = words().say(url.ends_with("take") ? "take" : "not_relevant");
  return a;
}

TestAlert taken() {
  TestAlert a = of(EARSHOT_ALERT_MENTION, EARSHOT_SEVERITY_HIGH, {outage()});
  a.standing = words().say("taken_by", {{"who", "Ann de Vries"}});
  a.actions.front().first = words().say("done");
  return a;
}

TestAlert noted() {
  TestAlert a = of(EARSHOT_ALERT_MENTION, EARSHOT_SEVERITY_HIGH, {post()});
  a.note = "Do not answer in public; care writes to the customer.\nPlaybook: outage, page 7";
  return a;
}

TestAlert story(std::uint32_t kind, std::uint64_t total) {
  TestAlert a = of(kind, EARSHOT_SEVERITY_HIGH, {outage(), post(), answer()});
  a.total = total;
  a.text =
      words().say("story", {{"outlets", total}, {"plus", ""}, {"languages", "en nl"}, {"first", "social.example"}});
  return a;
}

TestAlert digest() {
  TestAlert a = of(EARSHOT_ALERT_DIGEST, EARSHOT_SEVERITY_HIGH, {outage(), post(), answer(), praise()});
  a.mentions.back().topics = {"praise"};
  a.total = 41;
  a.actions.clear();
  return a;
}

TestAlert spike() {
  TestAlert a = of(EARSHOT_ALERT_SPIKE, EARSHOT_SEVERITY_CRITICAL, {outage(), post()});
  a.headline = words().say("spike", {{"topic", "complaints"}, {"stories", 41}, {"usual", 6}});
  a.text = words().say("spike_terms", {{"list", "code 18 · pay 12 · till 9"}}) + "\n" +
           words().say("spike_outlets", {{"list", "social.example 31 · news.example.com 6"}});
  a.total = 41;
  a.actions.clear();
  return a;
}

TestAlert report() {
  TestAlert a = of(EARSHOT_ALERT_REPORT, EARSHOT_SEVERITY_NORMAL, {outage(), post()});
  a.headline = words().say("report_headline", {{"name", "Brand"}, {"from", "16 Nov"}, {"to", "22 Nov 2026"}});
  const auto counts = [](std::string_view name, std::uint64_t mentions, std::string mentions_change,
                         std::uint64_t stories, std::string stories_change) {
    return texts::Values{{"topic", name},          {"mentions", mentions},
                         {"stories", stories},     {"mentions_change", std::move(mentions_change)},
                         {"not_relevant", 3},      {"stories_change", std::move(stories_change)},
                         {"outlets", stories - 9}, {"outlets_change", ""}};
  };
  for (const std::string& line :
       {words().say("report_counts", counts("", 312, "▲ 12 %", 97, "▲ 3 %")),
        words().say("report_topic", counts("complaints", 100, "▲ 21 %", 41, "▲ 8 %")),
        words().say("report_topic", counts("praise", 212, "▼ 8 %", 56, "")),
        words().say("report_days", {{"bars", "▂▁▃▂▇█▄"}}),
        words().say("report_outlets", {{"list", "social.example 140 · news.example.com 38 · forum.example.org 21"}}),
        words().say("report_work",
                    {{"taken", 61}, {"time", "14 min"}, {"done", 40}, {"not_relevant", 14}, {"open", 7}})})
    a.text += (a.text.empty() ? "" : "\n") + line;
  a.total = 312;
  a.actions.clear();
  return a;
}

TestAlert health() {
  TestAlert a = of(EARSHOT_ALERT_HEALTH, EARSHOT_SEVERITY_HIGH, {});
  a.headline = words().say("source_blocked", {{"source", "forum"}});
  a.text = "It has answered 403 since 08:12.";
  a.actions.clear();
  return a;
}

}  // namespace

std::vector<Scene> scenes() {
  return {{"a mention, new", of(EARSHOT_ALERT_MENTION, EARSHOT_SEVERITY_HIGH, {outage()})},
          {"a mention, taken", taken()},
          {"a post, with the team's note", noted()},
          {"a story", story(EARSHOT_ALERT_STORY, 3)},
          {"a story that grows", story(EARSHOT_ALERT_GROWTH, 23)},
          {"an escalation", of(EARSHOT_ALERT_ESCALATION, EARSHOT_SEVERITY_CRITICAL, {outage()})},
          {"a digest", digest()},
          {"a spike", spike()},
          {"a report", report()},
          {"health", health()}};
}

}  // namespace earshot::test
