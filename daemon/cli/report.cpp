// `earshot report`: what the team looks at when it meets.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/local_time.h"
#include "cli/mention_json.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "core/report/in_words.h"
#include "run/clock.h"
#include "run/reporting.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string config, name, since, language;
  bool json = false;
};

json::object json_of(const report::Figures& figures) {
  return {{"mentions", figures.mentions}, {"stories", figures.stories}, {"outlets", figures.outlets}};
}

json::object json_of(const report::Compared& figures) {
  json::object out = json_of(figures.now);
  out["before"] = json_of(figures.before);
  return out;
}

json::array json_of(const std::vector<report::Share>& shares) {
  json::array out;
  for (const report::Share& share : shares)
    out.push_back(json::object{{"name", share.name}, {"mentions", share.mentions}});
  return out;
}

json::object json_of(const report::Report& report, const std::string& name) {
  json::object out;
  if (!name.empty()) out["report"] = name;
  out["from"] = rfc3339(report.period.from);
  out["to"] = rfc3339(report.period.to);
  out["figures"] = json_of(report.figures);
  json::array& topics = out["topics"].emplace_array();
  for (const report::Topic& topic : report.topics) {
    json::object one{{"topic", topic.name}};
    for (auto& member : json_of(topic.figures)) one.insert(std::move(member));
    one["not_relevant"] = topic.not_relevant;
    topics.push_back(std::move(one));
  }
  if (!report.days.empty()) out["days"] = json::array(report.days.begin(), report.days.end());
  out["outlets"] = json_of(report.outlets);
  out["languages"] = json_of(report.languages);
  out["sources"] = json_of(report.sources);
  json::array& stories = out["stories"].emplace_array();
  for (const report::BigStory& story : report.stories)
    stories.push_back(json::object{{"story", story.id},
                                   {"title", story.title},
                                   {"url", story.url},
                                   {"mentions", story.mentions},
                                   {"outlets", story.outlets}});
  const report::Work& work = report.work;
  json::object& claims = out["claims"].emplace_object();
  claims = {{"taken", work.taken}, {"done", work.done}, {"not_relevant", work.not_relevant}, {"open", work.open}};
  if (work.half_within) claims["half_taken_within_s"] = work.half_within->count() / 1000;
  json::array& quotes = out["quotes"].emplace_array();
  for (const Mention& quote : report.quotes) {
    json::value one = json::parse(mention_json(quote));
    one.as_object()["quote"] = quote.snippet;
    quotes.push_back(std::move(one));
  }
  return out;
}

void print(const report::Report& report, const report::Words& words, const Terminal& terminal) {
  fmt::print("{}\n", terminal.styled(printable(words.headline), "1"));
  for (const std::string& line : words.lines) fmt::print("{}\n", printable(line));
  for (const Mention& quote : report.quotes) {
    const Item& item = quote.item;
    fmt::print("\n“{}”\n", highlighted(quote.snippet, quote.snippet_hits, terminal));
    const std::string by = fmt::format("{}{}{} · {}", printable(outlet_of(quote)), item.author.empty() ? "" : " · ",
                                       printable(item.author), local_time(item.published.value_or(quote.seen)));
    if (!item.title.empty()) fmt::print("  {}\n", printable(item.title));
    fmt::print("  {}\n", terminal.styled(by, "2"));
    if (!item.url.empty()) fmt::print("  {}\n", terminal.styled(printable(item.url), "36"));
  }
}

// The configured report that is meant; null: none, and all topics are. Nothing: there is no such report, and it was
// said.
std::optional<const config::Report*> meant(const config::Config& config, const std::string& name) {
  if (name.empty()) return config.reports.size() == 1 ? &config.reports.front() : nullptr;
  const auto at = std::ranges::find(config.reports, name, &config::Report::name);
  if (at != config.reports.end()) return &*at;
  std::string known;
  for (const config::Report& report : config.reports) known += (known.empty() ? "" : ", ") + report.name;
  fmt::print(stderr, "earshot report: there is no report \"{}\"{}\n", printable(name),
             known.empty() ? "; the configuration has none" : fmt::format("; there are: {}", known));
  return std::nullopt;
}

int complain(const std::string& message) {
  fmt::print(stderr, "earshot report: {}\n", message);
  return no;
}

int report(const Options& options) {
  std::optional<Duration> back;
  if (!options.since.empty() && !(back = parse_duration(options.since)).has_value()) {
    fmt::print(stderr, "earshot report: --since {}: write a duration such as 24h or 7d\n", options.since);
    return usage;
  }
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto which = meant(setup->config, options.name);
  if (!which) return usage;
  const auto zone = route::Zone::open(setup->config.timezone);
  if (!zone) return complain(zone.error().message);
  const auto store = look_into_store(*setup);
  if (!store) return no;

  const Time now = run::wall_clock();
  report::Period period{now - back.value_or(std::chrono::days{7}), now};
  if (*which && !back)
    if (const auto last = report::last_period((*which)->at, *zone, now)) period = *last;
  const std::string name = *which ? (*which)->name : std::string{};
  const auto written = run::write_report(*store, period, run::report_topics(setup->config, *which));
  if (!written) return complain(written.error().message);
  if (options.json)
    fmt::print("{}\n", json::serialize(json_of(*written, name)));
  else
    print(*written, report::in_words(*written, name, *texts::Texts::shipped(options.language), *zone),
          Terminal::of(stdout));
  return written->figures.now.mentions > 0 ? good : no;
}

}  // namespace

void add_report(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("report", "The figures of a week, and its most striking quotes");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command
      ->add_option("name", options->name, "One of `reports` in the configuration; may be left out where there is one")
      ->type_name("NAME");
  command->add_option("--since", options->since, "The last TIME until now, instead of its last full period")
      ->type_name("TIME");
  command->add_option("--language", options->language, "en nl de fr es (default en)")->type_name("LANG");
  command->add_flag("--json", options->json, "One JSON object");
  command->footer(
      "Without a name it is about all topics, and the last 7 days. Beside each figure stands how much it changed "
      "against\n"
      "the period before. Exits 0 when something was heard, 1 when nothing was.\n"
      "Examples:\n"
      "  earshot report weekly\n"
      "  earshot report --since 24h\n"
      "  earshot report weekly --json | jq .figures");
  command->callback([options, &exit] { exit = report(*options); });
}

}  // namespace earshot::cli
