#include "cli/sample_alerts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace earshot::cli {
namespace {

using std::chrono::minutes;

struct Example {
  std::string_view site, title, author, snippet, hit;
  Severity severity;
  double likes;
};

// example.com and its kin belong to nobody (RFC 2606): no link of these leads anywhere it should not.
constexpr std::array<Example, 4> kExamples{
    {{"news.example.com", "Example Corp app is down again", "Jane Doe",
      "Customers of Example Corp report that the app crashes when they pay.", "Example Corp", Severity::high, 1204},
     {"forum.example.org", "Anybody else locked out of Example Corp?", "maria_k",
      "Since this morning the Example Corp app wants a code that never comes.", "Example Corp", Severity::normal, 87},
     {"wire.example.net", "Example Corp: “We are working on it”", "Wire desk",
      "A spokesperson of Example Corp said that payments will be back within the hour.", "Example Corp",
      Severity::normal, 0},
     {"social.example.com", "Love the new Example Corp branch in Ghent ❤️", "@tom", "", "", Severity::low, 12}}};

std::vector<Span> hits(std::string_view text, std::string_view term) {
  const std::size_t at = term.empty() ? std::string_view::npos : text.find(term);
  if (at == std::string_view::npos) return {};
  return {{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + term.size())}};
}

Mention mention(const Example& from, int number, const std::string& id, Time now) {
  Mention out;
  out.id = fmt::format("{}-{}", id, number);
  out.source = "sample";
  out.site = from.site;
  out.item.url = out.canonical_url = fmt::format("https://{}/sample/{}", from.site, number);
  out.item.title = from.title;
  out.item.author = from.author;
  out.item.published = now - minutes{4 * (number + 1)};
  if (from.likes > 0) out.item.engagement = {{"likes", from.likes}};
  out.language = "en";
  out.seen = now - minutes{number};
  out.severity = from.severity;
  out.matches = {{number == 3 ? "praise" : "complaints", {}}};
  out.snippet = from.snippet;
  out.snippet_hits = hits(from.snippet, from.hit);
  out.title_hits = hits(from.title, from.hit);
  return out;
}

}  // namespace

Alert sample_alert(AlertKind kind, const std::string& channel, const std::string& id, const texts::Texts& texts,
                   Time now) {
  Alert alert;
  alert.kind = kind;
  alert.channel = channel;
  alert.delivery_id = fmt::format("{}-{}", id, to_string(kind));
  alert.created = now;
  alert.severity = Severity::high;
  alert.total = 0;
  std::size_t shown = 0;
  switch (kind) {
    case AlertKind::mention:
    case AlertKind::edit: shown = 1; break;
    case AlertKind::escalation:
      alert.severity = Severity::critical;
      shown = 1;
      break;
    case AlertKind::story:
    case AlertKind::growth:
      shown = 3;
      alert.total = kind == AlertKind::growth ? 23 : 3;
      alert.text =
          texts.say("story", {{"outlets", 3}, {"languages", "en"}, {"first", std::string(kExamples.front().site)}});
      break;
    case AlertKind::digest:
    case AlertKind::rollup:
      alert.severity = Severity::normal;
      shown = kExamples.size();
      alert.total = 41;
      break;
    case AlertKind::spike:
      alert.severity = Severity::critical;
      alert.headline = texts.say("spike", {{"topic", "complaints"}, {"stories", 41}, {"usual", 6}});
      shown = 2;
      alert.total = 41;
      break;
    case AlertKind::health:
      alert.headline = texts.say("source_broken", {{"source", "sample"}});
      alert.text = "HTTP 503 since this morning";
      break;
    case AlertKind::report:
      alert.severity = Severity::normal;
      alert.headline = "Last week: 312 mentions, 12 % more than before";
      alert.text = "complaints: 100 (+21 %)\npraise: 212 (+8 %)\n\nLoudest: news.example.com";
      break;
    case AlertKind::test:
      alert.severity = Severity::normal;
      alert.headline = texts.say("test", {{"channel", channel}});
      alert.text = texts.say("test_works", {{"channel", channel}});
      break;
  }
  for (std::size_t i = 0; i < shown; ++i) alert.mentions.push_back(mention(kExamples[i], static_cast<int>(i), id, now));
  alert.total = std::max<std::uint64_t>(alert.total, shown);
  if (kind == AlertKind::story || kind == AlertKind::growth) alert.story = id;
  return alert;
}

}  // namespace earshot::cli
