// What was tested, for people: with EARSHOT_TABLES=1 in the environment the tables sink × kind and attack × sink are
// printed when all tests have run.
#pragma once

#include <string>
#include <string_view>

namespace earshot::test {

class Tables {
 public:
  virtual ~Tables() = default;
  // One request of that kind has been looked at.
  virtual void kind(const std::string& kind, const std::string& sink) = 0;
  virtual void attack(std::string_view attack, const std::string& sink, std::string_view verdict) = 0;
};

Tables& tables();

}  // namespace earshot::test
