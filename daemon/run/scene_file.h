// A file of cases for `earshot test`: items and a clock, and what is expected to become of them. config/tests.yaml
// shows every key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/config/findings.h"
#include "run/rehearse.h"

namespace earshot::run {

// What is said of one item; what is not said is not looked at.
struct Expected {
  config::Place place;
  std::optional<std::vector<std::string>> topics, channels, routes;  // exactly these, in any order
  std::string severity, outcome;
  std::string suppressed;  // stands in what a route's verdict says: "silenced: …", "dropped: quiet until …"
  std::string story;       // another item's id: both are in one story
};

struct ExpectedAlert {
  config::Place place;
  std::string channel, kind, text;  // empty: whatever; `text` stands in its headline, its text or a title
  std::optional<Duration> at;       // after the start
  std::optional<std::vector<std::string>> items;
  std::optional<std::uint64_t> total;
};

struct Case {
  std::string name;
  config::Place place;
  Scene scene;
  std::vector<Expected> expected;                    // one for each of the scene's entries
  std::optional<std::vector<ExpectedAlert>> alerts;  // all that go out, in this order
};

// What is wrong with the file goes to `findings`. `source`: of items that name none.
std::vector<Case> read_cases(const config::File& file, const std::string& source, config::Findings& findings);

// What is not as the case expects it, as "what was expected, and what came", with its place.
std::vector<config::Problem> differences(const Case& expected, const Played& played);

}  // namespace earshot::run
