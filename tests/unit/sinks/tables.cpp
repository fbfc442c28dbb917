#include "tables.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <vector>

#include "support/sinks/contract.h"

namespace earshot::test {
namespace {

class Printed final : public Tables, public testing::Environment {
 public:
  void kind(const std::string& kind, const std::string& sink) override { add(kinds_, kind)[sink] = "ok"; }
  void attack(std::string_view attack, const std::string& sink, std::string_view verdict) override {
    add(attacks_, std::string(attack))[sink] = verdict;
  }

  void TearDown() override {
    if (!std::getenv("EARSHOT_TABLES")) return;
    print("kind", kinds_);
    print("attack", attacks_);
    std::cout << "ok: does no harm; data: carried as it came, for programs\n";
  }

 private:
  using Row = std::map<std::string, std::string>;
  using Rows = std::vector<std::pair<std::string, Row>>;

  static Row& add(Rows& rows, const std::string& name) {
    for (auto& [known, row] : rows)
      if (known == name) return row;
    return rows.emplace_back(name, Row{}).second;
  }

  static void print(std::string_view title, const Rows& rows) {
    std::cout << std::left << std::setw(26) << title;
    for (const std::string& sink : contract_names()) std::cout << std::setw(16) << sink;
    for (const auto& [name, row] : rows) {
      std::cout << '\n' << std::setw(26) << name;
      for (const std::string& sink : contract_names())
        std::cout << std::setw(16) << (row.contains(sink) ? row.at(sink) : "–");
    }
    std::cout << "\n\n";
  }

  Rows kinds_, attacks_;
};

}  // namespace

Tables& tables() {
  // GoogleTest owns it and tears it down when all tests have run.
  static auto* const printed = static_cast<Printed*>(testing::AddGlobalTestEnvironment(new Printed));
  return *printed;
}

}  // namespace earshot::test
