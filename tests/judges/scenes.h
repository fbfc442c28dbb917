// Alerts as a team would meet them on an ordinary day, for eyes: the tables' own are alike on purpose, and say nothing
// of how a card reads.
#pragma once

#include <string>
#include <vector>

#include "support/sinks/driver.h"

namespace earshot::test {

struct Scene {
  std::string name;
  TestAlert alert;
};

// In English. Outlets and addresses belong to nobody (RFC 2606).
std::vector<Scene> scenes();

}  // namespace earshot::test
