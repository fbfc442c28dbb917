// A sink's case: an alert becomes a request, and each response an outcome.
#include <boost/json.hpp>

#include "cases/case.h"
#include "cases/exchange_json.h"
#include "plugin/people_time.h"
#include "plugin/settings.h"
#include "plugin/sink.h"
#include "support/alert_json.h"

namespace earshot::cases {

Result<Files> run_sink(const Case& c, const std::shared_ptr<const host::Plugin>& plugin) {
  const auto settings = c.settings.empty() ? host::minimal_settings(plugin->schema(), "https://hook.example/secret")
                                           : Result<std::string>{c.settings};
  if (!settings) return tl::unexpected{settings.error()};
  const auto sink = host::SinkInstance::create(plugin, "case", *settings);
  if (!sink) return tl::unexpected{sink.error()};
  const auto written = read_json(c.folder / "alert.json");
  if (!written) return tl::unexpected{written.error()};
  const auto alert = test::alert_from_json(*written);
  if (!alert) return fail("alert.json: " + alert.error().message);
  auto when = host::PeopleTime::create(c.time_zone, c.language);
  if (!when) return tl::unexpected{when.error()};
  const host::AlertContext context{[&](Time t) { return (*when)(t); }, texts::Texts::shipped(c.language)};
  const host::Call call{.now = c.now, .random = c.random, .state = c.state};

  const auto request = (*sink)->request(call, *alert, c.attempt, context);
  if (!request) return tl::unexpected{request.error()};
  Files out{{"request.json", to_json(*request)}};
  // response.json → outcome.json, response-gone.json → outcome-gone.json …
  for (const auto& entry : std::filesystem::directory_iterator(c.folder)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("response") || !name.ends_with(".json")) continue;
    const auto value = read_json(entry.path());
    if (!value) return tl::unexpected{value.error()};
    const auto response = response_from_json(*value, c.folder);
    if (!response) return fail(name + ": " + response.error().message);
    const auto outcome = (*sink)->outcome(call, *alert, c.attempt, context, (*response)->view);
    out["outcome" + name.substr(8)] =
        outcome ? to_json(*outcome) : boost::json::object{{"error", outcome.error().message}};
  }
  return out;
}

}  // namespace earshot::cases
