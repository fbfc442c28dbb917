// `earshot match`: a query against items on standard input or in a file, without configuration.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "common/text/html_text.h"
#include "core/json/item_json.h"
#include "core/mention/language.h"
#include "core/query/set.h"
#include "core/utf8.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string query, file = "-";
  bool keep_accents = false;
};

// A line's item with what only queries ask about.
struct Line {
  Item item;
  std::string title, summary, content;  // plain
  std::string source, site, lang, type;
  std::vector<std::string> tags;
  Labels labels;
};

// Text without markup is its own plain text, so that offsets are those of the very string that was given.
std::string plain(std::string_view text, bool one_line) {
  if (!text::looks_like_html(text)) return std::string(text);
  return one_line ? text::html_to_line(text) : text::html_to_text(text);
}

std::string member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

Result<Line> read(const json::object& object) {
  auto item = item_from_json(object);
  if (!item) return tl::unexpected{item.error()};
  Line line;
  line.item = *std::move(item);
  line.title = plain(line.item.title, true);
  line.summary = plain(line.item.summary, false);
  line.content = plain(line.item.content, false);
  line.source = member(object, "source");
  line.site = member(object, "site");
  line.type = member(object, "type");
  line.lang = member(object, "lang");
  if (line.lang.empty())
    line.lang =
        mention::language_of(line.title, line.content.empty() ? line.summary : line.content, line.item.language).code;
  for (const Category& category : line.item.categories) line.tags.push_back(category.term);
  if (const json::value* tags = object.if_contains("tags"); tags != nullptr && tags->is_array())
    for (const json::value& tag : tags->as_array())
      if (tag.is_string()) line.tags.emplace_back(tag.as_string());
  if (const json::value* labels = object.if_contains("labels"); labels != nullptr && labels->is_object())
    for (const auto& [key, value] : labels->as_object())
      if (value.is_string()) line.labels.emplace_back(std::string(key), std::string(value.as_string()));
  return line;
}

query::Document document_of(const Line& line, Time now) {
  query::Document d;
  d.title = line.title;
  d.summary = line.summary;
  d.content = line.content;
  d.author = line.item.author;
  d.url = line.item.url;
  d.site = line.site;
  d.source = line.source;
  d.type = line.type;
  d.lang = line.lang;
  d.tags = line.tags;
  d.labels = line.labels;
  d.engagement = line.item.engagement;
  d.published = line.item.published;
  d.seen = d.now = now;
  return d;
}

// The line as it came, with "matched" and "snippet" as its last members.
std::string with_evidence(std::string_view text, json::object& object, const std::vector<Hit>& hits,
                          const std::string& snippet) {
  json::array matched;
  for (const Hit& hit : hits)
    matched.push_back({{"term", hit.term}, {"field", hit.field}, {"start", hit.span.start}, {"end", hit.span.end}});
  const std::size_t close = text.rfind('}');
  if (object.empty() || object.contains("matched") || object.contains("snippet") || close == std::string_view::npos) {
    for (const char* name : {"matched", "snippet"}) object.erase(name);
    object.emplace("matched", std::move(matched));
    object.emplace("snippet", snippet);
    return json::serialize(object);
  }
  std::string_view head = text.substr(0, close);
  while (!head.empty() && (head.back() == ' ' || head.back() == '\t')) head.remove_suffix(1);
  return fmt::format("{},\"matched\":{},\"snippet\":{}}}", head, json::serialize(matched),
                     json::serialize(json::string(snippet)));
}

int match(const Options& options) {
  const query::Topic topic{{}, options.query, !options.keep_accents};
  auto set = query::compile({&topic, 1}, {});
  if (!set) {
    for (const query::TopicProblem& problem : set.error())
      fmt::print(stderr, "{}\n", query::caret_message(options.query, problem.problem));
    return Exit::usage;
  }
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file, std::ios::binary);
    if (!file) {
      fmt::print(stderr, "earshot match: {}: {}\n", options.file, std::strerror(errno));
      return Exit::usage;
    }
  }
  std::istream& in = options.file == "-" ? std::cin : file;
  const Time now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  query::Scratch scratch;
  bool any = false, bad = false;
  std::size_t number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    if (text.ends_with('\r')) text.pop_back();
    if (text.find_first_not_of(" \t") == std::string::npos) continue;
    const auto complain = [&](std::string_view why) {
      bad = true;
      fmt::print(stderr, "earshot match: line {}: {}\n", number, why);
    };
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    if (error || !value.is_object()) {
      complain(error ? fmt::format("this is no JSON: {}; each line must be one item as `earshot parse` prints them",
                                   error.message())
                     : "this is no JSON object; each line must be one item as `earshot parse` prints them");
      continue;
    }
    json::object& object = value.as_object();
    const auto line = read(object);
    if (!line) {
      complain(line.error().message);
      continue;
    }
    const query::Document document = document_of(*line, now);
    const auto matches = set->match(document, scratch);
    if (matches.empty()) continue;
    any = true;
    const std::string snippet = query::snippet(document, matches.front()).text;
    fmt::print("{}\n", with_evidence(text, object, matches.front().hits, snippet));
    if (options.file == "-") std::fflush(stdout);  // a pipe that is followed sees each as it comes
  }
  if (std::fflush(stdout) != 0) return Exit::no;
  if (bad) return Exit::usage;
  return any ? Exit::good : Exit::no;
}

}  // namespace

void add_match(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("match", "Show which items a query matches, and where");
  const auto options = std::make_shared<Options>();
  command->add_option("QUERY", options->query, "What to look for; after -- it may begin with a dash")->required();
  command->add_option("FILE", options->file, "Items, one JSON object a line; - reads standard input")
      ->capture_default_str();
  command->add_flag("--keep-accents", options->keep_accents, "cafe does not find café");
  command->footer(
      "Prints each matching item as it came with two members added: \"matched\", which terms stand in which field, in\n"
      "bytes of its plain text, and \"snippet\", the piece around the best of them, at most 240 characters. Exits 0 "
      "when\n"
      "something matched, 1 when nothing did, 2 when the query or a line is wrong (the other lines are still read).\n\n"
      "Examples:\n"
      "  earshot parse feed.xml | jq -c '.items[]' | earshot match '\"acme bank\" OR acmebank'\n"
      "  earshot match 'title:(outage OR storing) lang:nl' items.jsonl\n"
      "  earshot match '\"acme bank\" NEAR/5 (crash* OR broken) -\"acme anvils\"' < items.jsonl\n");
  command->callback([options, &exit] { exit = match(*options); });
}

}  // namespace earshot::cli
