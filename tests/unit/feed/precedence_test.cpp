// The table "Who is heard first" in the plugin's README and the one in precedence.cpp say the same.
#include "sources/feed/precedence.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace earshot::feed {
namespace {

using source::Ns;
using source::Tag;

using Element = std::pair<Ns, Tag>;
struct Place {
  Field field;
  int rank;
  friend bool operator==(const Place&, const Place&) = default;
};
using Table = std::map<Element, Place>;

const std::map<std::string, Field, std::less<>> fields = {
    {"id", Field::id},
    {"title", Field::title},
    {"summary", Field::summary},
    {"content", Field::content},
    {"link", Field::link},
    {"original link", Field::orig_link},
    {"author", Field::author},
    {"published", Field::published},
    {"updated", Field::updated},
    {"categories", Field::category},
    {"keywords", Field::keywords},
    {"enclosures", Field::enclosure},
    {"original enclosure", Field::original_enclosure},
    {"media", Field::media},
    {"comments", Field::comments},
    {"replies", Field::replies},
    {"language", Field::language},
    {"source", Field::source},
    {"ttl", Field::ttl},
    {"update period", Field::update_period},
    {"update frequency", Field::update_frequency},
    {"update base", Field::update_base},
    {"skip hours", Field::skip_hours},
    {"skip days", Field::skip_days},
};

// "dc:title" → its namespace by the customary prefix and its name.
Element element(std::string_view written) {
  const std::size_t colon = written.find(':');
  const Ns ns = colon == std::string_view::npos ? Ns::none : source::namespace_by_custom(written.substr(0, colon));
  return {ns, source::tag_of(written.substr(colon == std::string_view::npos ? 0 : colon + 1))};
}

// The ranks of one row: `a` `b` > `c`.
void read_elements(std::string_view cell, Field field, Table& table) {
  int rank = 1;
  for (std::size_t at = 0; at < cell.size(); ++at) {
    if (cell[at] == '>') ++rank;
    if (cell[at] != '`') continue;
    const std::size_t end = cell.find('`', at + 1);
    ASSERT_NE(end, std::string_view::npos) << cell;
    const std::string_view written = cell.substr(at + 1, end - at - 1);
    const Element e = element(written);
    EXPECT_NE(e.first, Ns::unknown) << written << " has a prefix that the reader does not know";
    EXPECT_NE(e.second, Tag::unknown) << written << " is no element that the reader knows";
    EXPECT_TRUE(table.try_emplace(e, Place{field, rank}).second) << written << " stands twice in the table";
    at = end;
  }
}

Table readme_table() {
  Table table;
  std::ifstream readme(FEED_README);
  bool inside = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("## ")) inside = line == "## Who is heard first";
    if (!inside || !line.starts_with("| ") || line.starts_with("| field ")) continue;
    const std::size_t second = line.find(" | ", 2), third = line.find(" |", second + 3);
    const auto field = fields.find(std::string_view(line).substr(2, second - 2));
    if (field == fields.end()) {
      ADD_FAILURE() << "no field of that name: " << line;
      continue;
    }
    read_elements(std::string_view(line).substr(second + 3, third - second - 3), field->second, table);
  }
  return table;
}

Table code_table() {
  Table table;
  for (int ns = 0; ns < static_cast<int>(Ns::count_); ++ns)
    for (int tag = 1; tag < static_cast<int>(Tag::count_); ++tag) {
      const auto n = static_cast<Ns>(ns);
      const auto t = static_cast<Tag>(tag);
      if (family(n) != n) continue;
      if (const Rule rule = rule_of(n, t); rule.field != Field::none)
        table.try_emplace({n, t}, Place{rule.field, rule.rank});
    }
  return table;
}

TEST(Precedence, ReadmeAndCodeAgree) {
  const Table readme = readme_table(), code = code_table();
  EXPECT_EQ(readme.size(), code.size());
  const auto name = [](const Element& e) {
    return "namespace " + std::to_string(static_cast<int>(e.first)) + ", tag " +
           std::to_string(static_cast<int>(e.second));
  };
  for (const auto& [e, place] : code) {
    const auto said = readme.find(e);
    if (said == readme.end()) {
      ADD_FAILURE() << name(e) << " is read, but not in the README";
      continue;
    }
    EXPECT_EQ(said->second.field, place.field) << name(e);
    EXPECT_EQ(said->second.rank, place.rank) << name(e);
  }
  for (const auto& [e, place] : readme) EXPECT_TRUE(code.contains(e)) << name(e) << " is in the README, but not read";
}

}  // namespace
}  // namespace earshot::feed
