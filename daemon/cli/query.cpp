// `earshot query`: what a query means, advice about it, and queries from other tools.
#include "core/query/query.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "core/query/import.h"
#include "core/query/lint.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string query, from;
  bool as_json = false;
};

// "-" stands for standard input, so that long queries need no quoting.
std::string given(const std::string& query) {
  if (query != "-") return query;
  std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

json::array as_json(const std::vector<query::Problem>& problems) {
  json::array out;
  for (const query::Problem& p : problems)
    out.push_back({{"offset", p.offset}, {"length", p.length}, {"message", p.message}});
  return out;
}

int refuse(const std::string& text, const std::vector<query::Problem>& problems) {
  for (const query::Problem& p : problems) fmt::print(stderr, "{}\n", query::caret_message(text, p));
  return Exit::usage;
}

int explain(const Options& options) {
  const std::string text = given(options.query);
  const auto parsed = query::parse(text);
  if (!parsed) return refuse(text, parsed.error());
  fmt::print("{}", query::explain(*parsed));
  return Exit::good;
}

int lint(const Options& options) {
  const std::string text = given(options.query);
  const auto parsed = query::parse(text);
  if (!parsed) return refuse(text, parsed.error());
  const auto hints = query::lint(*parsed);
  if (options.as_json)
    fmt::print("{}\n", json::serialize(as_json(hints)));
  else
    for (const query::Problem& hint : hints) fmt::print("{}\n", query::caret_message(text, hint));
  return hints.empty() ? Exit::good : Exit::no;
}

int import(const Options& options) {
  const std::string text = given(options.query);
  const auto imported = query::import_query(*query::dialect(options.from), text);
  if (!imported) return refuse(text, imported.error());
  if (options.as_json) {
    fmt::print("{}\n",
               json::serialize(json::object{{"query", imported->query}, {"losses", as_json(imported->losses)}}));
    return Exit::good;
  }
  for (const query::Problem& loss : imported->losses) fmt::print(stderr, "{}\n", query::caret_message(text, loss));
  fmt::print("{}\n", imported->query);
  return Exit::good;
}

CLI::App* verb(CLI::App* command, const char* name, const char* what, const std::shared_ptr<Options>& options) {
  CLI::App* sub = command->add_subcommand(name, what);
  sub->add_option("QUERY", options->query, "The query; - reads it from standard input")->required();
  return sub;
}

}  // namespace

void add_query(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("query", "Explain and check queries, and bring them over from other tools");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n"
      "  earshot query explain '(acme OR \"acme bank\") -jobs'\n"
      "  earshot query lint 'Acme Bank or acmebank'\n"
      "  earshot query import --from google '\"acme bank\" site:example.com -jobs'");
  const auto options = std::make_shared<Options>();
  CLI::App* sub = verb(command, "explain", "Show how a query is read", options);
  sub->footer("Example:\n  earshot query explain '(acme OR \"acme bank\") -jobs'\n");
  sub->callback([options, &exit] { exit = explain(*options); });
  sub = verb(command, "lint", "Point out what may not do what was meant; exits 1 when there is something", options);
  sub->add_flag("--json", options->as_json, "Offsets and messages as a JSON array");
  sub->footer("Example:\n  earshot query lint 'Acme Bank or acmebank'\n");
  sub->callback([options, &exit] { exit = lint(*options); });
  sub = verb(command, "import", "Rewrite another tool's query; what cannot be carried over is said on stderr", options);
  sub->add_option("--from", options->from, "Where the query comes from")
      ->required()
      ->check(CLI::IsMember({"meltwater", "talkwalker", "brandwatch", "x", "google"}));
  sub->add_flag("--json", options->as_json, "The query and the losses as a JSON object");
  sub->footer(
      "Examples:\n"
      "  earshot query import --from talkwalker 'title:\"acme bank\" AND (app NEAR/5 crash*)'\n"
      "  earshot query import --from x 'from:acmebank outage -is:retweet lang:en'\n");
  sub->callback([options, &exit] { exit = import(*options); });
}

}  // namespace earshot::cli
