// `earshot claim`: somebody takes a mention, so that nobody else is called; later it is done, or was not relevant.
#include "core/route/claim.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>
#include <memory>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/local_time.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "run/letters.h"
#include "run/wish.h"

namespace earshot::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string config, id, by;
  bool done = false, not_relevant = false, json = false;
};

int list(const Options& options) {
  const auto setup = set_up(options.config);
  if (!setup) return no;
  const auto store = look_into_store(*setup);
  if (!store) return no;
  auto claims = run::read_claims(*store);
  if (!claims) {
    fmt::print(stderr, "earshot claim: {}\n", claims.error().message);
    return no;
  }
  std::ranges::sort(*claims, std::greater{}, &route::Claim::taken);
  for (const route::Claim& claim : *claims) {
    if (options.json) {
      json::object out{{"mention", claim.mention},
                       {"story", claim.story},
                       {"state", to_string(claim.state)},
                       {"by", claim.by},
                       {"topics", json::value_from(claim.topics)},
                       {"claimed", rfc3339(claim.taken)}};
      if (claim.ended) out["ended"] = rfc3339(*claim.ended);
      fmt::print("{}\n", json::serialize(out));
    } else {
      fmt::print("{}  {}  {} {}  {}\n", claim.mention, to_string(claim.state), printable(claim.by),
                 local_time(claim.ended.value_or(claim.taken)),
                 printable(fmt::format("{}", fmt::join(claim.topics, ", "))));
    }
  }
  if (claims->empty()) fmt::print(stderr, "nothing is claimed\n");
  return claims->empty() ? no : good;
}

int claim(const Options& options) {
  if (options.id.empty()) return list(options);
  const auto setup = set_up(options.config);
  if (!setup) return no;
  std::string id;
  {
    const auto store = look_into_store(*setup);
    if (!store) return no;
    const auto named = mention_named(*store, "claim", options.id);
    if (!named) return no;
    id = *named;
  }
  const std::string by = options.by.empty() ? user() : options.by;
  using State = route::Claim::State;
  const State state = options.done ? State::done : options.not_relevant ? State::not_relevant : State::taken;
  return ask(*setup, "claim", run::claim_letter(id, state, by),
             fmt::format("{}: {} by {}", id, to_string(state), printable(by)));
}

}  // namespace

void add_claim(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("claim", "Take a mention and its story, so that nobody else is called");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command
      ->add_option("id", options->id,
                   "The mention's id, or its first few characters; without it, all claims are listed")
      ->type_name("ID");
  command->add_option("--by", options->by, "Who takes it; without it, you")->type_name("NAME");
  CLI::Option* done = command->add_flag("--done", options->done, "It has been dealt with");
  command->add_flag("--not-relevant", options->not_relevant, "It should not have been told: kept for its topics")
      ->excludes(done);
  command->add_flag("--json", options->json, "The list as one JSON object a line");
  command->footer(
      "What a route escalates is not escalated when it is claimed in time.\n"
      "Examples:\n"
      "  earshot claim 3f9k --by Ann\n"
      "  earshot claim 3f9k --done");
  command->callback([options, &exit] { exit = claim(*options); });
}

}  // namespace earshot::cli
