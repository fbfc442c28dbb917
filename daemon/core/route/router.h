// Which channels get a mention: the configuration's `routes`, in their order.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/mention/mention.h"

namespace earshot::route {

enum class Comparison : std::uint8_t { less, at_most, equal, at_least, more };

// `likes: {">=": 100}`. A mention that does not say the number does not pass: unknown is not 0.
struct NumberTest {
  std::string name;
  Comparison comparison = Comparison::at_least;
  double value = 0;
};

// A label that a mention must carry with one of these values; the name `team` in `when: {team: [pr, care]}`.
struct LabelTest {
  std::string name;
  std::vector<std::string> any_of;
};

// A route's `when`. Every test that is not empty must hold; the values of one test are alternatives. All empty holds
// for every mention that a topic wanted.
struct When {
  std::vector<std::string> topics, sources;
  std::vector<std::string> sites;      // "acme.example" holds for its subdomains too
  std::vector<std::string> languages;  // "en" holds for "en-GB" too
  std::vector<Severity> severities;
  std::vector<LabelTest> labels;
  std::vector<NumberTest> numbers;
};

struct Rule {
  When when;
  std::vector<std::string> channels;
  bool stop = false;  // a mention that passes here is shown to no later rule
};

// One alert that is owed.
struct Decision {
  std::string channel;
  std::uint32_t rule = 0;  // index into the rules: where group, quiet, digest and limit are found
  Severity severity = Severity::normal;
  std::string reason;  // for `earshot why`: "route 2: team=pr, severity=high"
};

// The first test of `when` that does not hold, in words, for `earshot why`; empty when all hold.
std::string why_not(const When& when, const Mention& mention);

// Immutable after construction; any thread.
class Router {
 public:
  explicit Router(std::vector<Rule> rules);

  // In the rules' order. A channel gets a mention once: the first rule that names it decides how. Nothing for a mention
  // without matches, which is only kept so that a new topic has a past.
  std::vector<Decision> route(const Mention& mention) const;

  const std::vector<Rule>& rules() const { return rules_; }

 private:
  std::vector<Rule> rules_;
};

}  // namespace earshot::route
