#include "cases/diff.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace earshot::cases {
namespace {

std::string of(const char* expected, const char* got) {
  return diff(boost::json::parse(expected), boost::json::parse(got));
}

TEST(Diff, IsSilentAboutTheSame) {
  EXPECT_EQ(of(R"({"a":1,"b":[1,{"c":null}]})", R"({"b":[1,{"c":null}],"a":1.0})"), "");
  EXPECT_EQ(of("18446744073709551615", "18446744073709551615"), "");
}

TEST(Diff, SaysWhereAndWhat) {
  EXPECT_EQ(of(R"({"a":{"b":[1,2]}})", R"({"a":{"b":[1,3]}})"), "  a.b[1]:\n    expected 2\n    got      3\n");
  EXPECT_EQ(of(R"({"a":1})", R"({"b":1})"), "  a: is missing\n    expected 1\n  b: was not expected\n    got      1\n");
  EXPECT_EQ(of("[1]", "[1,2]"), "  : expected 1 entries, got 2\n");
  EXPECT_EQ(of(R"({"a":"1"})", R"({"a":1})"), "  a:\n    expected \"1\"\n    got      1\n");
  EXPECT_EQ(of(R"({"a":null})", "{}"), "  a: is missing\n    expected null\n");
  EXPECT_NE(of("9007199254740993", "9007199254740992"), "");
}

TEST(Diff, ShowsLongTextsFromWhereTheyPart) {
  const std::string same(1000, 'x');
  const std::string text = diff(boost::json::string(same + "left"), boost::json::string(same + "right"));
  EXPECT_NE(text.find("xleft\""), std::string::npos);
  EXPECT_LT(text.size(), 300U);
}

TEST(Diff, TellsTwentyAndThenThatThereAreMore) {
  boost::json::array ones, twos;
  for (int i = 0; i < 100; ++i) {
    ones.emplace_back(1);
    twos.emplace_back(2);
  }
  const std::string text = diff(ones, twos);
  EXPECT_NE(text.find("[19]"), std::string::npos);
  EXPECT_EQ(text.find("[20]"), std::string::npos);
  EXPECT_TRUE(text.ends_with("  … and more\n"));
}

}  // namespace
}  // namespace earshot::cases
